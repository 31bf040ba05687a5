//! The proxy refuses what AWS refuses: were it lenient, every other test here would prove less.

use serde_json::{Value, json};

use crate::support::local_aws::{Account, LocalAws};
use crate::support::proxy::Proxy;

/// What the proxy answers to one call of boto: the error's code, or `taken`.
fn check(account: &Account, proxy: &Proxy, service: &str, operation: &str, input: &Value) -> String {
    let answer =
        LocalAws::shared().witness.try_call_at(&proxy.endpoint(), account, service, operation, input);
    match answer {
        Ok(_) => "taken".to_owned(),
        Err(code) => code,
    }
}

const TRUST: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;

/// A zip with an empty `bootstrap`, base64.
pub fn code() -> String {
    use base64::Engine;
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("bootstrap", zip::write::SimpleFileOptions::default().unix_permissions(0o755)).unwrap();
    zip.write_all(b"#!/bin/sh\n").unwrap();
    base64::prelude::BASE64_STANDARD.encode(zip.finish().unwrap().into_inner())
}

fn function(change: impl FnOnce(&mut Value)) -> Value {
    let mut function = json!({
        "FunctionName": "f",
        "Role": "arn:aws:iam::123456789012:role/r",
        "Runtime": "provided.al2023",
        "Handler": "bootstrap",
        "Code": { "ZipFile": code() },
    });
    change(&mut function);
    function
}

#[test]
fn lambda_refuses_functions_that_aws_refuses() {
    let (account, proxy) = (LocalAws::account(), Proxy::start());
    let create = |change: &dyn Fn(&mut Value)| {
        check(&account, &proxy, "lambda", "create_function", &function(|function| change(function)))
    };
    assert_eq!(create(&|_| {}), "InvalidParameterValueException", "the role is not there");
    let role = |trust: &str| {
        check(
            &account,
            &proxy,
            "iam",
            "create_role",
            &json!({ "RoleName": "r", "AssumeRolePolicyDocument": trust }),
        )
    };
    assert_eq!(role("nonsense"), "MalformedPolicyDocument");
    assert_eq!(role(TRUST), "taken");

    assert_eq!(create(&|function| function["FunctionName"] = json!("a b")), "ValidationException");
    assert_eq!(create(&|function| function["FunctionName"] = json!("f".repeat(200))), "ValidationException");
    assert_eq!(create(&|function| function["Timeout"] = json!(901)), "ValidationException");
    assert_eq!(create(&|function| function["MemorySize"] = json!(64)), "ValidationException");
    assert_eq!(create(&|function| function["Runtime"] = json!("rust1.x")), "ValidationException");
    assert_eq!(create(&|function| function["Architectures"] = json!(["riscv"])), "ValidationException");
    let environment = |name: &str, value: &str| json!({ "Variables": { name: value } });
    let with = |environment: Value| create(&|function| function["Environment"] = environment.clone());
    assert_eq!(with(environment("AWS_REGION", "x")), "InvalidParameterValueException");
    assert_eq!(with(environment("1X", "x")), "ValidationException");
    assert_eq!(with(environment("LONG", &"x".repeat(4096))), "InvalidParameterValueException");

    assert_eq!(create(&|_| {}), "taken");
    let update = json!({ "FunctionName": "f", "MemorySize": 256 });
    assert_eq!(
        check(&account, &proxy, "lambda", "update_function_configuration", &update),
        "ResourceConflictException",
        "it was made a moment ago and is pending"
    );
    let alias = json!({ "FunctionName": "f", "Name": "live", "FunctionVersion": "7" });
    assert_eq!(check(&account, &proxy, "lambda", "create_alias", &alias), "ResourceNotFoundException");
    let permission = json!({
        "FunctionName": "f", "Qualifier": "live", "StatementId": "s",
        "Action": "lambda:InvokeFunction", "Principal": "apigateway.amazonaws.com",
    });
    assert_eq!(check(&account, &proxy, "lambda", "add_permission", &permission), "ResourceNotFoundException");
}

#[test]
fn api_gateway_refuses_routes_that_aws_refuses() {
    let (account, proxy) = (LocalAws::account(), Proxy::start());
    let gateway = |operation: &str, input: &Value| check(&account, &proxy, "apigatewayv2", operation, input);
    let make = |operation: &str, input: &Value| {
        let witness = &LocalAws::shared().witness;
        witness.try_call_at(&proxy.endpoint(), &account, "apigatewayv2", operation, input).unwrap()
    };
    let api = make("create_api", &json!({ "Name": "a", "ProtocolType": "HTTP" }))["ApiId"].take();
    assert_eq!(
        gateway("create_api", &json!({ "Name": "a".repeat(129), "ProtocolType": "HTTP" })),
        "BadRequestException"
    );

    let uri = "arn:aws:lambda:us-east-1:123456789012:function:f:live";
    let integration = |version: Option<&str>| {
        let mut input = json!({ "ApiId": api, "IntegrationType": "AWS_PROXY", "IntegrationUri": uri });
        if let Some(version) = version {
            input["PayloadFormatVersion"] = json!(version);
        }
        input
    };
    assert_eq!(gateway("create_integration", &integration(None)), "BadRequestException");
    let made = make("create_integration", &integration(Some("2.0")));
    let id = made["IntegrationId"].as_str().unwrap();

    let route = |key: &str, integration: &str| json!({ "ApiId": api, "RouteKey": key, "Target": format!("integrations/{integration}") });
    assert_eq!(gateway("create_route", &route("GET /x", "nope")), "NotFoundException");
    for key in ["get /x", "GET x", "GET /x/", "GET /x/{all+}/y", "GET /a-{b}", "GET /{}", "/x", "GET /a b"] {
        assert_eq!(gateway("create_route", &route(key, id)), "BadRequestException", "{key}");
    }
    for key in ["GET /x/{a}", "GET /", "ANY /{all+}", "$default"] {
        assert_eq!(gateway("create_route", &route(key, id)), "taken", "{key}");
    }
    assert_eq!(gateway("create_route", &route("GET /x/{b}", id)), "ConflictException");
    assert_eq!(
        gateway("delete_integration", &json!({ "ApiId": api, "IntegrationId": id })),
        "ConflictException"
    );
    assert_eq!(gateway("delete_route", &json!({ "ApiId": api, "RouteId": "nope" })), "NotFoundException");

    let stage = json!({ "ApiId": api, "StageName": "$default", "AutoDeploy": true });
    assert_eq!(gateway("create_stage", &stage), "taken");
    assert_eq!(gateway("create_stage", &stage), "ConflictException");
    assert_eq!(gateway("create_stage", &json!({ "ApiId": api, "StageName": "a.b" })), "BadRequestException");

    proxy.page(3);
    let first = make("get_routes", &json!({ "ApiId": api }));
    assert_eq!(first["Items"].as_array().unwrap().len(), 3);
    let second = make("get_routes", &json!({ "ApiId": api, "NextToken": first["NextToken"] }));
    assert_eq!(second["Items"].as_array().unwrap().len(), 1);
    assert_eq!(second["NextToken"], Value::Null);
}

#[test]
fn api_gateway_refuses_authorizers_that_aws_refuses() {
    let (account, proxy) = (LocalAws::account(), Proxy::start());
    let gateway = |operation: &str, input: &Value| check(&account, &proxy, "apigatewayv2", operation, input);
    let make = |operation: &str, input: &Value| {
        let witness = &LocalAws::shared().witness;
        witness.try_call_at(&proxy.endpoint(), &account, "apigatewayv2", operation, input).unwrap()
    };
    let api = make("create_api", &json!({ "Name": "a", "ProtocolType": "HTTP" }))["ApiId"].take();
    let cors =
        json!({ "ApiId": api, "CorsConfiguration": { "AllowOrigins": ["*"], "AllowCredentials": true } });
    assert_eq!(gateway("update_api", &cors), "BadRequestException");

    let jwt = |change: &dyn Fn(&mut Value)| {
        let mut input = json!({
            "ApiId": api, "Name": "users", "AuthorizerType": "JWT",
            "IdentitySource": ["$request.header.Authorization"],
            "JwtConfiguration": { "Issuer": "https://id.example", "Audience": ["api"] },
        });
        change(&mut input);
        input
    };
    let configuration = |value: Value| jwt(&move |input| input["JwtConfiguration"] = value.clone());
    for wrong in [
        json!({}),
        json!({ "Issuer": "https://id.example", "Audience": [] }),
        json!({ "Issuer": "http://id.example", "Audience": ["api"] }),
        json!({ "Issuer": "http://127.0.0.1:8080", "Audience": ["api"] }),
    ] {
        let refused = gateway("create_authorizer", &configuration(wrong.clone()));
        assert_eq!(refused, "BadRequestException", "{wrong}");
    }
    assert_eq!(
        gateway("create_authorizer", &jwt(&|input| input["IdentitySource"] = json!([]))),
        "BadRequestException"
    );
    let request = json!({ "ApiId": api, "Name": "gate", "AuthorizerType": "REQUEST" });
    assert_eq!(gateway("create_authorizer", &request), "BadRequestException");
    let users = make("create_authorizer", &jwt(&|_| {}))["AuthorizerId"].take();
    assert_eq!(gateway("create_authorizer", &jwt(&|_| {})), "ConflictException", "the name is taken");

    let route = |key: &str, kind: &str, id: &Value, scopes: &[&str]| {
        let mut route = json!({ "ApiId": api, "RouteKey": key, "AuthorizationType": kind });
        if !id.is_null() {
            route["AuthorizerId"] = id.clone();
        }
        route["AuthorizationScopes"] = json!(scopes);
        gateway("create_route", &route)
    };
    assert_eq!(route("GET /a", "JWT", &Value::Null, &[]), "BadRequestException");
    assert_eq!(route("GET /a", "JWT", &json!("nope"), &[]), "NotFoundException");
    assert_eq!(route("GET /a", "CUSTOM", &users, &[]), "BadRequestException", "it is none that is asked");
    assert_eq!(route("GET /a", "NONE", &users, &[]), "BadRequestException");
    assert_eq!(route("GET /a", "AWS_IAM", &Value::Null, &["read"]), "BadRequestException");
    assert_eq!(route("GET /a", "JWT", &users, &["read"]), "taken");
    let delete = json!({ "ApiId": api, "AuthorizerId": users });
    assert_eq!(gateway("delete_authorizer", &delete), "ConflictException", "a route names it");
    assert_eq!(
        gateway("delete_authorizer", &json!({ "ApiId": api, "AuthorizerId": "nope" })),
        "NotFoundException"
    );
}

#[test]
fn every_call_of_every_service_is_recognised_by_its_name() {
    let (account, proxy) = (LocalAws::account(), Proxy::start());
    let api = json!({ "ResourceArn": "arn:aws:apigateway:us-east-1::/apis/abcd1234", "Tags": { "a": "b" } });
    check(&account, &proxy, "sts", "get_caller_identity", &json!({}));
    check(&account, &proxy, "logs", "describe_log_groups", &json!({}));
    check(&account, &proxy, "iam", "list_roles", &json!({}));
    check(
        &account,
        &proxy,
        "lambda",
        "list_tags",
        &json!({ "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f" }),
    );
    check(&account, &proxy, "lambda", "get_policy", &json!({ "FunctionName": "f", "Qualifier": "live" }));
    check(&account, &proxy, "apigatewayv2", "tag_resource", &api);
    let names: Vec<String> = proxy.log().iter().map(|entry| entry.call.name()).collect();
    assert_eq!(
        names,
        [
            "sts GetCallerIdentity",
            "logs DescribeLogGroups",
            "iam ListRoles",
            "lambda ListTags",
            "lambda GetPolicy",
            "apigatewayv2 TagResource"
        ]
    );
    assert_eq!(proxy.writes(), ["apigatewayv2 TagResource"]);
}
