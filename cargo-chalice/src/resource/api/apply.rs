//! Writing an API: itself, how it calls, who may call, routes, stage.

use super::{
    Address, Bring, Change, Deploy, Grant, Integration, PAYLOAD, Part, STAGE, StageStep, Whole, sid, url,
};
use crate::aws::{Aws, AwsError, Call, Missing, Service, side_by_side};
use crate::resource::Outputs;
use crate::resource::tags::{Retag, Tags};
use crate::scope::{Arn, LIVE, Scope};
use aws_sdk_apigatewayv2::types::{AuthorizationType, IntegrationType, ProtocolType};

/// Closes the difference. Safe to run again after failing at any line.
pub async fn apply(aws: &Aws, change: &Change) -> Result<Outputs, AwsError> {
    match change {
        Change::Bring(change) => bring(aws, change).await,
        Change::Delete { id, .. } => {
            let call = on(aws, "DeleteApi", &format!("/apis/{id}"));
            aws.write(&call, || aws.gateway.delete_api().api_id(id).send()).await.or_missing()?;
            Ok(Outputs::default())
        }
        Change::Revoke { sid } => {
            revoke(aws, sid).await?;
            Ok(Outputs::default())
        }
    }
}

/// The stage comes last: the API answers when all that it needs is there.
async fn bring(aws: &Aws, change: &Bring) -> Result<Outputs, AwsError> {
    let (id, endpoint) = api(aws, change).await?;
    let integration = integration(aws, &id, &change.integration).await?;
    permission(aws, &id, change.permission).await?;
    routes(aws, &id, &integration, change).await?;
    stage(aws, &id, &change.stage).await?;
    for unused in &change.unused {
        let call = on(aws, "DeleteIntegration", &format!("/apis/{id}/integrations/{unused}"));
        aws.write(&call, || aws.gateway.delete_integration().api_id(&id).integration_id(unused).send())
            .await
            .or_missing()?;
    }
    Ok(Outputs { url: Some(url(&endpoint)) })
}

async fn api(aws: &Aws, change: &Bring) -> Result<(String, String), AwsError> {
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
            if rename.is_some() || address.is_some() {
                let call = on(aws, "UpdateApi", &format!("/apis/{id}"));
                aws.write(&call, || {
                    aws.gateway
                        .update_api()
                        .api_id(id)
                        .set_name(rename.as_ref().map(|_| change.name.clone()))
                        .set_disable_execute_api_endpoint(address.map(|address| address == Address::Off))
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

async fn permission(aws: &Aws, api: &str, grant: Grant) -> Result<(), AwsError> {
    match grant {
        Grant::Keep => return Ok(()),
        Grant::Replace => revoke(aws, &sid(api)).await?,
        Grant::Add => {}
    }
    let source = source(&aws.scope, api);
    let call = Call::new(Service::Lambda, "AddPermission", aws.scope.live_arn());
    aws.write(&call, || {
        aws.lambda
            .add_permission()
            .function_name(aws.scope.name())
            .qualifier(LIVE)
            .statement_id(sid(api))
            .action("lambda:InvokeFunction")
            .principal("apigateway.amazonaws.com")
            .source_arn(&source.0)
            .send()
    })
    .await?;
    Ok(())
}

async fn revoke(aws: &Aws, sid: &str) -> Result<(), AwsError> {
    let call = Call::new(Service::Lambda, "RemovePermission", aws.scope.live_arn());
    aws.write(&call, || {
        aws.lambda
            .remove_permission()
            .function_name(aws.scope.name())
            .qualifier(LIVE)
            .statement_id(sid)
            .send()
    })
    .await
    .or_missing()?;
    Ok(())
}

async fn routes(aws: &Aws, api: &str, integration: &str, change: &Bring) -> Result<(), AwsError> {
    let target = format!("integrations/{integration}");
    side_by_side(change.new_routes.iter().map(|key| create_route(aws, api, key, &target))).await?;
    side_by_side(change.stray_routes.values().map(|route| retarget(aws, api, route, &target))).await?;
    side_by_side(change.old_routes.values().map(|route| delete_route(aws, api, route))).await
}

async fn create_route(aws: &Aws, api: &str, key: &str, target: &str) -> Result<(), AwsError> {
    let call = on(aws, "CreateRoute", &format!("/apis/{api}/routes"));
    aws.write(&call, || aws.gateway.create_route().api_id(api).route_key(key).target(target).send()).await?;
    Ok(())
}

async fn retarget(aws: &Aws, api: &str, route: &str, target: &str) -> Result<(), AwsError> {
    let call = on(aws, "UpdateRoute", &format!("/apis/{api}/routes/{route}"));
    aws.write(&call, || {
        aws.gateway
            .update_route()
            .api_id(api)
            .route_id(route)
            .target(target)
            .authorization_type(AuthorizationType::None)
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

/// Every stage, method and path of one API: one statement, whatever the routes are.
pub(super) fn source(scope: &Scope, api: &str) -> Arn {
    scope.arn("execute-api", &format!("{api}/*/*"))
}

fn on(aws: &Aws, operation: &'static str, path: &str) -> Call {
    Call::new(Service::Gateway, operation, arn(aws, path))
}
