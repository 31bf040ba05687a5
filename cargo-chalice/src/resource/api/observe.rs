//! Reading APIs: which are ours, what is in them, and which may call the function.

use std::collections::BTreeMap;

use aws_sdk_apigatewayv2::types::ProtocolType;
use serde_json::Value;

use super::{Address, Allows, Api, Deploy, Integration, Observed, Permission, Route, SID, STAGE, Stage};
use crate::aws::{Aws, AwsError, Call, Missing, Service};
use crate::resource::tags::Tags;
use crate::scope::{LIVE, Scope};

/// Looks for the APIs of this app and stage, and for permissions of ours on the alias.
pub async fn observe(aws: &Aws) -> Result<Observed, AwsError> {
    let (apis, permissions) = futures::try_join!(apis(aws), permissions(aws))?;
    Ok(Observed { apis, permissions })
}

async fn apis(aws: &Aws) -> Result<Vec<Api>, AwsError> {
    let call = Call::new(Service::Gateway, "GetApis", super::apply::arn(aws, "/apis"));
    let mut ours = Vec::new();
    let mut token = None;
    loop {
        let page = aws
            .read(&call, || aws.gateway.get_apis().max_results("100").set_next_token(token.clone()).send())
            .await?;
        ours.extend(page.items.unwrap_or_default().into_iter().filter(|api| {
            let tags: Tags = api.tags().into_iter().flatten().map(|(k, v)| (k.clone(), v.clone())).collect();
            tags.are_ours(&aws.scope) && api.protocol_type() == Some(&ProtocolType::Http)
        }));
        token = page.next_token.filter(|token| !token.is_empty());
        if token.is_none() {
            break;
        }
    }
    let ours = futures::future::try_join_all(ours.into_iter().map(|api| inside(aws, api))).await?;
    Ok(ours.into_iter().flatten().collect())
}

/// What is in one API; `None` when it is gone meanwhile.
async fn inside(aws: &Aws, api: aws_sdk_apigatewayv2::types::Api) -> Result<Option<Api>, AwsError> {
    let Some(id) = api.api_id else { return Ok(None) };
    let path = format!("/apis/{id}");
    let found =
        futures::try_join!(integrations(aws, &id), routes(aws, &id), stage(aws, &id), tags(aws, &path));
    let found = found.or_missing()?;
    Ok(found.map(|(integrations, routes, stage, tags)| Api {
        name: api.name.unwrap_or_default(),
        endpoint: api.api_endpoint.unwrap_or_default(),
        created: api.created_date.map(|date| date.secs()).unwrap_or_default(),
        address: if api.disable_execute_api_endpoint == Some(true) { Address::Off } else { Address::On },
        integrations,
        routes,
        stage,
        tags,
        id,
    }))
}

async fn integrations(aws: &Aws, id: &str) -> Result<BTreeMap<String, Integration>, AwsError> {
    let call = Call::new(
        Service::Gateway,
        "GetIntegrations",
        super::apply::arn(aws, &format!("/apis/{id}/integrations")),
    );
    let mut found = BTreeMap::new();
    let mut token = None;
    loop {
        let page = aws
            .read(&call, || {
                aws.gateway
                    .get_integrations()
                    .api_id(id)
                    .max_results("100")
                    .set_next_token(token.clone())
                    .send()
            })
            .await?;
        found.extend(page.items.unwrap_or_default().into_iter().filter_map(|integration| {
            Some((
                integration.integration_id?,
                Integration {
                    uri: integration.integration_uri.unwrap_or_default(),
                    kind: integration.integration_type.map(|kind| kind.to_string()).unwrap_or_default(),
                    payload: integration.payload_format_version.unwrap_or_default(),
                    timeout_millis: integration.timeout_in_millis.unwrap_or_default(),
                },
            ))
        }));
        token = page.next_token.filter(|token| !token.is_empty());
        if token.is_none() {
            return Ok(found);
        }
    }
}

async fn routes(aws: &Aws, id: &str) -> Result<BTreeMap<String, Route>, AwsError> {
    let call =
        Call::new(Service::Gateway, "GetRoutes", super::apply::arn(aws, &format!("/apis/{id}/routes")));
    let mut found = BTreeMap::new();
    let mut token = None;
    loop {
        let page = aws
            .read(&call, || {
                aws.gateway.get_routes().api_id(id).max_results("100").set_next_token(token.clone()).send()
            })
            .await?;
        found.extend(page.items.unwrap_or_default().into_iter().filter_map(|route| {
            let integration = route
                .target
                .as_deref()
                .and_then(|target| target.strip_prefix("integrations/"))
                .map(ToOwned::to_owned);
            let authorization =
                route.authorization_type.map_or("NONE".to_owned(), |kind| kind.as_str().to_owned());
            Some((route.route_key?, Route { id: route.route_id?, integration, authorization }))
        }));
        token = page.next_token.filter(|token| !token.is_empty());
        if token.is_none() {
            return Ok(found);
        }
    }
}

async fn stage(aws: &Aws, id: &str) -> Result<Option<Stage>, AwsError> {
    let path = format!("/apis/{id}/stages/{STAGE}");
    let call = Call::new(Service::Gateway, "GetStage", super::apply::arn(aws, &path));
    let found =
        aws.read(&call, || aws.gateway.get_stage().api_id(id).stage_name(STAGE).send()).await.or_missing()?;
    let Some(found) = found else { return Ok(None) };
    let deploy = if found.auto_deploy == Some(true) { Deploy::Automatic } else { Deploy::ByHand };
    Ok(Some(Stage { deploy, tags: tags(aws, &path).await? }))
}

async fn tags(aws: &Aws, path: &str) -> Result<Tags, AwsError> {
    let arn = super::apply::arn(aws, path);
    let call = Call::new(Service::Gateway, "GetTags", arn.clone());
    let found = aws.read(&call, || aws.gateway.get_tags().resource_arn(&arn.0).send()).await?;
    Ok(found.tags.unwrap_or_default().into_iter().collect())
}

async fn permissions(aws: &Aws) -> Result<Vec<Permission>, AwsError> {
    let name = aws.scope.name();
    let call = Call::new(Service::Lambda, "GetPolicy", aws.scope.live_arn());
    let found = aws
        .read(&call, || aws.lambda.get_policy().function_name(&name).qualifier(LIVE).send())
        .await
        .or_missing()?;
    let policy = found.and_then(|found| found.policy).unwrap_or_default();
    Ok(statements(&aws.scope, &policy))
}

/// The statements whose ids are ours.
fn statements(scope: &Scope, policy: &str) -> Vec<Permission> {
    let policy: Value = serde_json::from_str(policy).unwrap_or_default();
    let statements = policy["Statement"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut permissions: Vec<_> = statements
        .iter()
        .filter_map(|statement| {
            let sid = statement["Sid"].as_str()?;
            let api = sid.strip_prefix(SID)?;
            let allows = statement["Effect"] == "Allow"
                && statement["Action"] == "lambda:InvokeFunction"
                && statement["Principal"]["Service"] == "apigateway.amazonaws.com"
                && statement["Resource"] == scope.live_arn().0
                && statement["Condition"]["ArnLike"]["AWS:SourceArn"] == super::apply::source(scope, api).0;
            let allows = if allows { Allows::ItsApi } else { Allows::Other };
            Some(Permission { sid: sid.to_owned(), allows })
        })
        .collect();
    permissions.sort_by(|a, b| a.sid.cmp(&b.sid));
    permissions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(policy: &str, expected: &[(&str, Allows)]) {
        let expected: Vec<_> = expected
            .iter()
            .map(|(sid, allows)| Permission { sid: (*sid).to_owned(), allows: *allows })
            .collect();
        assert_eq!(statements(&Scope::example(), policy), expected);
    }

    const OURS: &str = r#"{"Version":"2012-10-17","Id":"default","Statement":[{
        "Sid":"chalice-api-a1b2c3","Effect":"Allow","Principal":{"Service":"apigateway.amazonaws.com"},
        "Action":"lambda:InvokeFunction","Resource":"arn:aws:lambda:eu-west-1:123456789012:function:orders-dev:live",
        "Condition":{"ArnLike":{"AWS:SourceArn":"arn:aws:execute-api:eu-west-1:123456789012:a1b2c3/*/*"}}}]}"#;

    #[test]
    fn our_permission_is_known_by_its_id_and_held_against_what_we_would_say() {
        check(OURS, &[("chalice-api-a1b2c3", Allows::ItsApi)]);
        for (right, wrong) in [
            ("a1b2c3/*/*", "*"),
            (r#""Allow""#, r#""Deny""#),
            ("apigateway.amazonaws.com", "events.amazonaws.com"),
            ("orders-dev:live", "orders-dev"),
            ("lambda:InvokeFunction", "lambda:*"),
        ] {
            check(&OURS.replace(right, wrong), &[("chalice-api-a1b2c3", Allows::Other)]);
        }
    }

    #[test]
    fn statements_of_other_people_and_no_statements_at_all_are_none_of_ours() {
        check(&OURS.replace("chalice-api-", "by-hand-"), &[]);
        check("", &[]);
        check(r#"{"Statement":"odd"}"#, &[]);
    }
}
