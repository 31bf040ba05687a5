//! Writing an API: itself, whom it calls, who decides, routes, stage.

mod authorizers;

use std::collections::BTreeMap;

use aws_sdk_apigatewayv2::types::{IntegrationType, ProtocolType};

use super::permission::{self, Grant};
use super::{
    Address, Asks, Bring, Change, CorsStep, Deploy, Found, Integration, Name, PAYLOAD, Part, Route, STAGE,
    StageStep, Whole, address,
};
use crate::aws::{Aws, AwsError, Call, Missing, Service, side_by_side};
use crate::resource::Outputs;
use crate::resource::tags::{Retag, Tags};
use crate::scope::{Arn, LIVE};

/// Closes the difference. Safe to run again after failing at any line.
pub async fn apply(aws: &Aws, change: &Change) -> Result<Outputs, AwsError> {
    match change {
        Change::Bring(change) => bring(aws, change).await,
        Change::Delete { id, .. } => {
            let call = on(aws, "DeleteApi", &format!("/apis/{id}"));
            aws.write(&call, || aws.gateway.delete_api().api_id(id).send()).await.or_missing()?;
            Ok(Outputs::default())
        }
        Change::Revoke { function, sid } => {
            revoke(aws, function, sid).await?;
            Ok(Outputs::default())
        }
    }
}

/// What a route needs is there before the route: a route that only some may call is never one that
/// everybody may. The stage comes last: the API answers when all that it needs is there.
async fn bring(aws: &Aws, change: &Bring) -> Result<Outputs, AwsError> {
    let (id, endpoint) = api(aws, change).await?;
    let mut ids = Ids::default();
    for (function, part) in &change.integrations {
        ids.integrations.insert(function, integration(aws, &id, part).await?);
    }
    for (function, grant) in &change.grants {
        permission(aws, function, &permission::to_call(&id), *grant).await?;
    }
    let mut notes = Vec::new();
    for (name, step) in &change.authorizers {
        let authorizer = authorizers::bring(aws, &id, name, step).await?;
        if let Asks::Ours { function } = &step.asks {
            permission(aws, function, &permission::to_ask(&id, &authorizer), step.grant).await?;
        }
        notes.extend(authorizers::note(aws, &id, &authorizer, name, step));
        ids.authorizers.insert(name, authorizer);
    }
    routes(aws, &id, &ids, change).await?;
    if change.cors == CorsStep::Delete {
        let call = on(aws, "DeleteCorsConfiguration", &format!("/apis/{id}/cors"));
        aws.write(&call, || aws.gateway.delete_cors_configuration().api_id(&id).send()).await.or_missing()?;
    }
    stage(aws, &id, &change.stage).await?;
    for unused in &change.unused {
        let call = on(aws, "DeleteIntegration", &format!("/apis/{id}/integrations/{unused}"));
        aws.write(&call, || aws.gateway.delete_integration().api_id(&id).integration_id(unused).send())
            .await
            .or_missing()?;
    }
    for unused in change.unused_authorizers.keys() {
        let call = on(aws, "DeleteAuthorizer", &format!("/apis/{id}/authorizers/{unused}"));
        aws.write(&call, || aws.gateway.delete_authorizer().api_id(&id).authorizer_id(unused).send())
            .await
            .or_missing()?;
    }
    Ok(Outputs { url: Some(address(&endpoint)), notes })
}

/// The ids of what routes need.
#[derive(Default)]
struct Ids<'c> {
    /// By function.
    integrations: BTreeMap<&'c String, String>,
    authorizers: BTreeMap<&'c Name, String>,
}

async fn api(aws: &Aws, change: &Bring) -> Result<(String, String), AwsError> {
    let cors = match &change.cors {
        CorsStep::Put(cors) => Some(aws_sdk_apigatewayv2::types::Cors::from(cors)),
        CorsStep::Delete | CorsStep::Keep => None,
    };
    match &change.api {
        Whole::Create { tags } => {
            let call = on(aws, "CreateApi", "/apis");
            let made = aws
                .write(&call, || {
                    aws.gateway
                        .create_api()
                        .name(&change.name)
                        .protocol_type(ProtocolType::Http)
                        .description("Made by cargo chalice.")
                        .set_cors_configuration(cors.clone())
                        .set_tags(Some(tags.0.clone().into_iter().collect()))
                        .send()
                })
                .await?;
            match (made.api_id, made.api_endpoint) {
                (Some(id), Some(endpoint)) => Ok((id, endpoint)),
                _ => Err(AwsError::request("CreateApi gave no id")),
            }
        }
        Whole::Keep { id, endpoint, rename, address, tags } => {
            if rename.is_some() || address.is_some() || cors.is_some() {
                let call = on(aws, "UpdateApi", &format!("/apis/{id}"));
                aws.write(&call, || {
                    aws.gateway
                        .update_api()
                        .api_id(id)
                        .set_name(rename.as_ref().map(|_| change.name.clone()))
                        .set_disable_execute_api_endpoint(address.map(|address| address == Address::Off))
                        .set_cors_configuration(cors.clone())
                        .send()
                })
                .await?;
            }
            if let Some(tags) = tags {
                retag(aws, &format!("/apis/{id}"), tags).await?;
            }
            Ok((id.clone(), endpoint.clone()))
        }
    }
}

async fn integration(aws: &Aws, api: &str, part: &Part<Integration>) -> Result<String, AwsError> {
    match part {
        Part::Create(to) => {
            let call = on(aws, "CreateIntegration", &format!("/apis/{api}/integrations"));
            let made = aws
                .write(&call, || {
                    aws.gateway
                        .create_integration()
                        .api_id(api)
                        .integration_type(IntegrationType::from(to.kind.as_str()))
                        .integration_uri(&to.uri)
                        .payload_format_version(PAYLOAD)
                        .timeout_in_millis(to.timeout_millis)
                        .send()
                })
                .await?;
            made.integration_id.ok_or_else(|| AwsError::request("CreateIntegration gave no id"))
        }
        Part::Alter { id, to } => {
            let call = on(aws, "UpdateIntegration", &format!("/apis/{api}/integrations/{id}"));
            aws.write(&call, || {
                aws.gateway
                    .update_integration()
                    .api_id(api)
                    .integration_id(id)
                    .integration_type(IntegrationType::from(to.kind.as_str()))
                    .integration_uri(&to.uri)
                    .payload_format_version(&to.payload)
                    .timeout_in_millis(to.timeout_millis)
                    .send()
            })
            .await?;
            Ok(id.clone())
        }
        Part::Keep { id } => Ok(id.clone()),
    }
}

async fn permission(aws: &Aws, function: &str, sid: &str, grant: Grant) -> Result<(), AwsError> {
    match grant {
        Grant::Keep => return Ok(()),
        Grant::Replace => revoke(aws, function, sid).await?,
        Grant::Add => {}
    }
    let Some(source) = permission::source(&aws.scope, sid) else { return Ok(()) };
    let call = Call::new(Service::Lambda, "AddPermission", aws.scope.live_arn(function));
    aws.write(&call, || {
        aws.lambda
            .add_permission()
            .function_name(function)
            .qualifier(LIVE)
            .statement_id(sid)
            .action("lambda:InvokeFunction")
            .principal("apigateway.amazonaws.com")
            .source_arn(&source.0)
            .send()
    })
    .await?;
    Ok(())
}

async fn revoke(aws: &Aws, function: &str, sid: &str) -> Result<(), AwsError> {
    let call = Call::new(Service::Lambda, "RemovePermission", aws.scope.live_arn(function));
    aws.write(&call, || {
        aws.lambda.remove_permission().function_name(function).qualifier(LIVE).statement_id(sid).send()
    })
    .await
    .or_missing()?;
    Ok(())
}

async fn routes(aws: &Aws, api: &str, ids: &Ids<'_>, change: &Bring) -> Result<(), AwsError> {
    side_by_side(change.new_routes.iter().map(|(key, to)| create_route(aws, api, ids, key, to))).await?;
    side_by_side(change.rerouted.values().map(|route| reroute(aws, api, ids, &route.was, &route.to))).await?;
    side_by_side(change.old_routes.values().map(|route| delete_route(aws, api, route))).await
}

/// Where a route leads, and the authorizer that decides, by their ids.
fn led(ids: &Ids<'_>, to: &Route) -> Result<(String, Option<String>), AwsError> {
    let lost = |what: &str| AwsError::request(format!("a route needs {what}, which was not planned"));
    let integration = ids.integrations.get(&to.function).ok_or_else(|| lost(&to.function))?;
    let authorizer = match to.access.authorizer() {
        Some(name) => Some(ids.authorizers.get(name).ok_or_else(|| lost(&name.0))?.clone()),
        None => None,
    };
    Ok((format!("integrations/{integration}"), authorizer))
}

async fn create_route(aws: &Aws, api: &str, ids: &Ids<'_>, key: &str, to: &Route) -> Result<(), AwsError> {
    let (target, authorizer) = led(ids, to)?;
    let scopes = Some(to.access.scopes()).filter(|scopes| !scopes.is_empty());
    let call = on(aws, "CreateRoute", &format!("/apis/{api}/routes"));
    aws.write(&call, || {
        aws.gateway
            .create_route()
            .api_id(api)
            .route_key(key)
            .target(&target)
            .authorization_type(to.access.authorization())
            .set_authorizer_id(authorizer.clone())
            .set_authorization_scopes(scopes.clone())
            .send()
    })
    .await?;
    Ok(())
}

/// Everything in one call, so that a route is never led elsewhere with another's authorizer. Empty
/// values take away what was there.
async fn reroute(aws: &Aws, api: &str, ids: &Ids<'_>, was: &Found, to: &Route) -> Result<(), AwsError> {
    let (target, authorizer) = led(ids, to)?;
    let authorizer = authorizer.or(was.authorizer.as_ref().map(|_| String::new()));
    let scopes = Some(to.access.scopes()).filter(|scopes| !scopes.is_empty() || !was.scopes.is_empty());
    let id = &was.id;
    let call = on(aws, "UpdateRoute", &format!("/apis/{api}/routes/{id}"));
    aws.write(&call, || {
        aws.gateway
            .update_route()
            .api_id(api)
            .route_id(id)
            .target(&target)
            .authorization_type(to.access.authorization())
            .set_authorizer_id(authorizer.clone())
            .set_authorization_scopes(scopes.clone())
            .send()
    })
    .await?;
    Ok(())
}

async fn delete_route(aws: &Aws, api: &str, route: &str) -> Result<(), AwsError> {
    let call = on(aws, "DeleteRoute", &format!("/apis/{api}/routes/{route}"));
    aws.write(&call, || aws.gateway.delete_route().api_id(api).route_id(route).send()).await.or_missing()?;
    Ok(())
}

async fn stage(aws: &Aws, api: &str, step: &StageStep) -> Result<(), AwsError> {
    let path = format!("/apis/{api}/stages/{STAGE}");
    match step {
        StageStep::Create { tags: Tags(tags) } => {
            let call = on(aws, "CreateStage", &format!("/apis/{api}/stages"));
            aws.write(&call, || {
                aws.gateway
                    .create_stage()
                    .api_id(api)
                    .stage_name(STAGE)
                    .auto_deploy(true)
                    .set_tags(Some(tags.clone().into_iter().collect()))
                    .send()
            })
            .await?;
        }
        StageStep::Alter { deploy, tags } => {
            if let Some(deploy) = deploy {
                let call = on(aws, "UpdateStage", &path);
                aws.write(&call, || {
                    aws.gateway
                        .update_stage()
                        .api_id(api)
                        .stage_name(STAGE)
                        .auto_deploy(*deploy == Deploy::Automatic)
                        .send()
                })
                .await?;
            }
            if let Some(tags) = tags {
                retag(aws, &path, tags).await?;
            }
        }
        StageStep::Keep => {}
    }
    Ok(())
}

async fn retag(aws: &Aws, path: &str, retag: &Retag) -> Result<(), AwsError> {
    let arn = arn(aws, path);
    if !retag.set.is_empty() {
        aws.write(&on(aws, "TagResource", path), || {
            aws.gateway
                .tag_resource()
                .resource_arn(&arn.0)
                .set_tags(Some(retag.set.clone().into_iter().collect()))
                .send()
        })
        .await?;
    }
    if !retag.unset.is_empty() {
        aws.write(&on(aws, "UntagResource", path), || {
            aws.gateway.untag_resource().resource_arn(&arn.0).set_tag_keys(Some(retag.unset.clone())).send()
        })
        .await?;
    }
    Ok(())
}

/// The ARNs of API Gateway's own resources have no account.
pub(super) fn arn(aws: &Aws, path: &str) -> Arn {
    Arn(format!("arn:{}:apigateway:{}::{path}", aws.scope.partition, aws.scope.region))
}

fn on(aws: &Aws, operation: &'static str, path: &str) -> Call {
    Call::new(Service::Gateway, operation, arn(aws, path))
}
