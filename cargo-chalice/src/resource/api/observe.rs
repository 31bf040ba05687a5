//! Reading APIs: which are ours, what is in them, and which may call a function.

use std::collections::BTreeMap;

use aws_sdk_apigatewayv2::types::{AuthorizerType, ProtocolType};

use super::authorizer::Answers;
use super::permission::{self, Permission};
use super::{Address, Api, Authorizer, Cors, Deploy, Found, Integration, Name, STAGE, Stage};
use crate::aws::{Aws, AwsError, Call, Missing, Service};
use crate::resource::tags::Tags;
use crate::scope::LIVE;

/// Looks for the APIs of this app and stage.
pub async fn observe(aws: &Aws) -> Result<Vec<Api>, AwsError> {
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
    let found = futures::try_join!(
        integrations(aws, &id),
        authorizers(aws, &id),
        routes(aws, &id),
        stage(aws, &id),
        tags(aws, &path)
    );
    let found = found.or_missing()?;
    Ok(found.map(|(integrations, authorizers, routes, stage, tags)| Api {
        name: api.name.unwrap_or_default(),
        endpoint: api.api_endpoint.unwrap_or_default(),
        created: api.created_date.map(|date| date.secs()).unwrap_or_default(),
        address: if api.disable_execute_api_endpoint == Some(true) { Address::Off } else { Address::On },
        cors: api.cors_configuration.as_ref().map(Cors::from),
        integrations,
        authorizers,
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

async fn routes(aws: &Aws, id: &str) -> Result<BTreeMap<String, Found>, AwsError> {
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
            let found = Found {
                id: route.route_id?,
                integration,
                authorization,
                authorizer: route.authorizer_id.filter(|id| !id.is_empty()),
                scopes: route.authorization_scopes.unwrap_or_default().into_iter().collect(),
            };
            Some((route.route_key?, found))
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

async fn authorizers(aws: &Aws, id: &str) -> Result<BTreeMap<String, (Name, Authorizer)>, AwsError> {
    let path = format!("/apis/{id}/authorizers");
    let call = Call::new(Service::Gateway, "GetAuthorizers", super::apply::arn(aws, &path));
    let mut found = BTreeMap::new();
    let mut token = None;
    loop {
        let page = aws
            .read(&call, || {
                aws.gateway
                    .get_authorizers()
                    .api_id(id)
                    .max_results("100")
                    .set_next_token(token.clone())
                    .send()
            })
            .await?;
        found.extend(page.items.unwrap_or_default().into_iter().filter_map(|authorizer| {
            let decoded = Authorizer::from(&authorizer);
            Some((authorizer.authorizer_id?, (Name(authorizer.name.unwrap_or_default()), decoded)))
        }));
        token = page.next_token.filter(|token| !token.is_empty());
        if token.is_none() {
            return Ok(found);
        }
    }
}

impl From<&aws_sdk_apigatewayv2::types::Authorizer> for Authorizer {
    fn from(found: &aws_sdk_apigatewayv2::types::Authorizer) -> Self {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let identity = found.identity_source().to_owned();
        match found.authorizer_type() {
            Some(AuthorizerType::Jwt) => {
                let jwt = found.jwt_configuration();
                Self::Jwt {
                    issuer: text(jwt.and_then(|jwt| jwt.issuer())),
                    audiences: jwt.map(|jwt| jwt.audience().iter().cloned().collect()).unwrap_or_default(),
                    identity,
                }
            }
            _ => Self::Lambda {
                uri: text(found.authorizer_uri()),
                identity,
                ttl: found
                    .authorizer_result_ttl_in_seconds()
                    .and_then(|seconds| u32::try_from(seconds).ok())
                    .unwrap_or_default(),
                payload: text(found.authorizer_payload_format_version()),
                answers: match found.enable_simple_responses() {
                    Some(true) => Answers::Simple,
                    _ => Answers::Policy,
                },
            },
        }
    }
}

/// The permissions of ours on a function's alias.
pub async fn permissions(aws: &Aws, function: &str) -> Result<Vec<Permission>, AwsError> {
    let call = Call::new(Service::Lambda, "GetPolicy", aws.scope.live_arn(function));
    let found = aws
        .read(&call, || aws.lambda.get_policy().function_name(function).qualifier(LIVE).send())
        .await
        .or_missing()?;
    let policy = found.and_then(|found| found.policy).unwrap_or_default();
    Ok(permission::statements(&aws.scope, function, &policy))
}
