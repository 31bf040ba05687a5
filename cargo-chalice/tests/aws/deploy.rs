//! A stage's life: deployed, called, changed, left alone, deleted.

use serde_json::{Value, json};

use crate::support::app::{App, GOODBYE, HELLO};
use crate::support::http;
use crate::support::local_aws::{self, LocalAws};
use crate::support::proxy::Proxy;
use crate::support::tool::{Run, Tool};

/// The body of a GET of a deployed app. It is looked at as well as the status: MiniStack answers 200 with a text of its
/// own for a function that has no code.
fn get(tool: &Tool, url: &str, path: &str) -> (u16, String) {
    let answer = http::get_as(&tool.account.0, &format!("{url}{path}"));
    (answer.status().as_u16(), String::from_utf8_lossy(answer.body()).into_owned())
}

#[test]
fn a_stage_in_the_sandbox_is_deployed_called_read_and_deleted() {
    let app = App::hello();
    let aws = LocalAws::shared();
    let run = |args: &[&str]| -> Run {
        local_aws::sandbox(&aws.instance)
            .current_dir(&app.folder)
            // What a user has in the environment must not reach the sandbox.
            .env("AWS_PROFILE", "production")
            .env("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
            .env("AWS_ENDPOINT_URL_LAMBDA", "http://127.0.0.1:1")
            .env("AWS_ACCESS_KEY_ID", "AKIAPRODUCTION")
            .args(args)
            .output()
            .unwrap()
            .into()
    };
    let deployed = run(&["deploy", "--sandbox", "--yes"]).good();
    let url = deployed.last_line();
    let answer = http::get(&format!("{url}hello/you"));
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/json");
    assert_eq!(answer.body(), r#"{"hello":"you"}"#);
    assert_eq!(run(&["url", "--sandbox"]).good().last_line(), url);

    let logs = run(&["logs", "--sandbox"]).good();
    assert!(logs.stdout.contains("INFO  said hello to you"), "{}", logs.stdout);
    assert!(!logs.stdout.contains("RequestId:"), "{}", logs.stdout);

    let plan = run(&["plan", "--sandbox"]);
    assert_eq!(plan.code, Some(0), "{}\n{}", plan.stdout, plan.stderr);

    run(&["delete", "--sandbox", "--yes"]).good();
    let left = aws.witness.snapshot(&local_aws::Account::of_the_sandbox()).to_string();
    assert!(!left.contains("hello-dev"), "{left}");
    assert_eq!(http::get(&format!("{url}hello/you")).status(), 404);
    assert_eq!(run(&["delete", "--sandbox", "--yes"]).code, Some(0), "deleting nothing is no error");
}

#[test]
fn a_second_deploy_writes_nothing_and_a_plan_shows_nothing() {
    let app = App::hello();
    let proxy = Proxy::start();
    let tool = Tool::through(&proxy, &app);
    let first = tool.deploy().good();
    assert_eq!(proxy.refusals(), [""; 0]);
    let before = LocalAws::shared().witness.snapshot(&tool.account);

    proxy.forget();
    let second = tool.deploy().good();
    assert_eq!(proxy.writes(), [""; 0]);
    assert_eq!(second.last_line(), first.last_line());
    assert_eq!(tool.run(&["plan", "--arch", host_arch()]).code, Some(0));
    assert_eq!(proxy.writes(), [""; 0]);
    assert_eq!(LocalAws::shared().witness.snapshot(&tool.account), before);
    assert_eq!(get(&tool, first.last_line(), "orders/7"), (200, "order 7".to_owned()));

    tool.delete().good();
    assert!(LocalAws::shared().witness.is_empty(&tool.account));
    assert_eq!(proxy.refusals(), [""; 0]);
}

#[test]
fn lists_that_come_in_pages_are_read_to_their_end() {
    let app = App::hello();
    let proxy = Proxy::start();
    let tool = Tool::through(&proxy, &app);
    // Other people's APIs come first.
    let witness = &LocalAws::shared().witness;
    for number in 0..5 {
        let api = json!({ "Name": format!("other-{number}"), "ProtocolType": "HTTP" });
        witness.call(&tool.account, "apigatewayv2", "create_api", &api);
    }
    let others = witness.snapshot(&tool.account);
    proxy.page(1);
    tool.deploy().good();
    proxy.forget();
    tool.deploy().good();
    assert_eq!(proxy.writes(), [""; 0]);
    tool.delete().good();
    assert_eq!(witness.snapshot(&tool.account), others);
}

#[test]
fn a_route_more_or_less_changes_that_route_and_the_code_and_nothing_else() {
    let app = App::growing();
    let proxy = Proxy::start();
    let tool = Tool::through(&proxy, &app);
    let witness = &LocalAws::shared().witness;
    let url = tool.deploy().good().last_line().to_owned();
    let before = witness.snapshot(&tool.account);
    let gateway = |proxy: &Proxy| -> Vec<String> {
        proxy.writes().into_iter().filter(|call| call.starts_with("apigatewayv2")).collect()
    };

    app.write("src/main.rs", &format!("{HELLO}{GOODBYE}"));
    let plan = tool.run(&["plan", "--arch", host_arch()]);
    assert_eq!(plan.code, Some(2), "{}", plan.stderr);
    assert!(plan.stdout.contains("GET /goodbye"), "{}", plan.stdout);
    proxy.forget();
    assert_eq!(tool.deploy().good().last_line(), url);
    // GET, and HEAD beside it.
    assert_eq!(gateway(&proxy), ["apigatewayv2 CreateRoute"; 2]);
    let log = proxy.log();
    let at = |operation: &str| log.iter().position(|entry| entry.call.operation == operation);
    assert!(at("UpdateAlias") < at("CreateRoute"), "a new route appears only when its code is live");
    assert_eq!(get(&tool, &url, "goodbye"), (200, "goodbye".to_owned()));
    assert_eq!(get(&tool, &url, "hello/you"), (200, r#"{"hello":"you"}"#.to_owned()));

    app.write("src/main.rs", HELLO);
    proxy.forget();
    tool.deploy().good();
    assert_eq!(gateway(&proxy), ["apigatewayv2 DeleteRoute"; 2]);
    let log = proxy.log();
    let at = |operation: &str| log.iter().position(|entry| entry.call.operation == operation);
    assert!(at("UpdateAlias") < at("DeleteRoute"), "an old route goes only when the new code is live");
    assert_eq!(get(&tool, &url, "goodbye").0, 404);
    let after = witness.snapshot(&tool.account);
    assert_eq!(after["apis"], before["apis"]);
    assert_eq!(after["roles"], before["roles"]);
    assert_eq!(proxy.refusals(), [""; 0]);
    tool.delete().good();
    assert!(witness.is_empty(&tool.account));
}

#[test]
fn a_route_whose_code_and_methods_change_answers_as_the_new_code_says() {
    let app = App::changing();
    let proxy = Proxy::start();
    let tool = Tool::through(&proxy, &app);
    let url = tool.deploy().good().last_line().to_owned();
    let order = |method: &str| {
        let scope = format!(
            "AWS4-HMAC-SHA256 Credential={}/20261122/us-east-1/execute-api/aws4_request",
            tool.account.0
        );
        let answer = http::call(method, &format!("{url}orders/7"), &[("authorization", &scope)], "");
        (answer.status().as_u16(), String::from_utf8_lossy(answer.body()).into_owned())
    };
    let not_found = (404, r#"{"message":"Not Found"}"#.to_owned());
    assert_eq!(order("DELETE"), (200, "order 7".to_owned()));
    assert_eq!(order("PUT"), not_found);

    app.write("src/main.rs", &HELLO.replace("\"DELETE\"", "\"PUT\"").replace("order {id}", "the order {id}"));
    tool.deploy().good();
    assert_eq!(order("GET"), (200, "the order 7".to_owned()));
    assert_eq!(order("PUT"), (200, "the order 7".to_owned()));
    assert_eq!(order("DELETE"), not_found);
    assert_eq!(get(&tool, &url, "hello/you"), (200, r#"{"hello":"you"}"#.to_owned()));

    // What is there goes without the code that made it.
    app.write("src/main.rs", "this is no program");
    assert_eq!(tool.deploy().code, Some(5));
    assert_eq!(order("GET"), (200, "the order 7".to_owned()));
    tool.delete().good();
    assert!(LocalAws::shared().witness.is_empty(&tool.account));
}

#[test]
fn two_stages_know_nothing_of_each_other() {
    let app = App::hello();
    let proxy = Proxy::start();
    let tool = Tool::through(&proxy, &app);
    let witness = &LocalAws::shared().witness;
    tool.deploy().good();
    let dev = witness.snapshot(&tool.account);
    let production = ["deploy", "--yes", "--arch", host_arch(), "--stage", "production"];
    let url = tool.succeed(&production).last_line().to_owned();
    assert_eq!(get(&tool, &url, "hello/you"), (200, r#"{"hello":"you"}"#.to_owned()));
    tool.succeed(&["delete", "--yes", "--stage", "production"]);
    assert_eq!(witness.snapshot(&tool.account), dev);
    tool.delete().good();
    assert!(witness.is_empty(&tool.account));
}

#[test]
fn everything_carries_the_tags_and_the_role_may_write_its_own_log_only() {
    let app = App::hello();
    let proxy = Proxy::start();
    let tool = Tool::through(&proxy, &app);
    tool.succeed(&["deploy", "--yes", "--arch", host_arch(), "--stage", "tagged"]);
    let found = LocalAws::shared().witness.snapshot(&tool.account);
    let tags = json!({ "chalice:app": "hello", "chalice:stage": "tagged", "team": "orders" });
    let api = &found["apis"]["hello-tagged"][0];
    for (what, place) in [
        ("role", &found["roles"]["hello-tagged"]["Tags"]),
        ("log group", &found["log_groups"]["/aws/lambda/hello-tagged"]["Tags"]),
        ("function", &found["functions"]["hello-tagged"]["Tags"]),
        ("api", &api["Api"]["Tags"]),
        ("stage", &api["Stages"][0]["Tags"]),
    ] {
        assert_eq!(*place, tags, "{what}");
    }
    assert_eq!(found["roles"]["hello-tagged"]["Attached"], json!([]));
    let policy = found["roles"]["hello-tagged"]["Inline"].as_object().unwrap();
    assert_eq!(policy.len(), 1);
    let group = "arn:aws:logs:us-east-1:<account>:log-group:/aws/lambda/hello-tagged";
    for statement in policy.values().next().unwrap()["Statement"].as_array().unwrap() {
        let text = |value: &Value| match value {
            Value::Array(all) => all.iter().map(|one| one.as_str().unwrap().to_owned()).collect(),
            one => vec![one.as_str().unwrap().to_owned()],
        };
        assert!(text(&statement["Action"]).iter().all(|action| action.starts_with("logs:")), "{statement}");
        assert!(
            text(&statement["Resource"]).iter().all(|resource| resource.starts_with(group)),
            "{statement}"
        );
    }
    let permission = &found["functions"]["hello-tagged"]["Policies"]["live"]["Statement"];
    let arn = permission[0]["Condition"]["ArnLike"]["AWS:SourceArn"].as_str().unwrap();
    assert!(
        arn.starts_with("arn:aws:execute-api:us-east-1:<account>:<api of hello-tagged>/"),
        "{permission}"
    );
    assert_eq!(permission.as_array().unwrap().len(), 1);
    assert_eq!(found["functions"]["hello-tagged"]["Configuration"]["LoggingConfig"]["LogFormat"], "JSON");
    tool.succeed(&["delete", "--yes", "--stage", "tagged"]);
    assert!(LocalAws::shared().witness.is_empty(&tool.account));
}

/// The processor that MiniStack runs functions on.
pub fn host_arch() -> &'static str {
    if cfg!(target_arch = "x86_64") { "x86_64" } else { "arm64" }
}
