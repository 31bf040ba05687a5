//! Writing authorizers, and what the owner of a function that is not ours has to do.

use aws_sdk_apigatewayv2::types::{AuthorizerType, JwtConfiguration};

use super::super::authorizer::{Answers, Step};
use super::super::permission;
use super::super::{Asks, Authorizer, Name, Part};
use super::on;
use crate::aws::{Aws, AwsError};

/// Makes or changes an authorizer; gives its id.
pub async fn bring(aws: &Aws, api: &str, name: &Name, step: &Step) -> Result<String, AwsError> {
    match &step.part {
        Part::Create(to) => {
            let sent = Sent::of(to)?;
            let call = on(aws, "CreateAuthorizer", &format!("/apis/{api}/authorizers"));
            let made = aws
                .write(&call, || {
                    aws.gateway
                        .create_authorizer()
                        .api_id(api)
                        .name(&name.0)
                        .authorizer_type(sent.kind.clone())
                        .set_identity_source(Some(sent.identity.clone()))
                        .set_jwt_configuration(sent.jwt.clone())
                        .set_authorizer_uri(sent.uri.clone())
                        .set_authorizer_payload_format_version(sent.payload.clone())
                        .set_authorizer_result_ttl_in_seconds(sent.ttl)
                        .set_enable_simple_responses(sent.simple)
                        .send()
                })
                .await?;
            made.authorizer_id.ok_or_else(|| AwsError::request("CreateAuthorizer gave no id"))
        }
        Part::Alter { id, to } => {
            let sent = Sent::of(to)?;
            let call = on(aws, "UpdateAuthorizer", &format!("/apis/{api}/authorizers/{id}"));
            aws.write(&call, || {
                aws.gateway
                    .update_authorizer()
                    .api_id(api)
                    .authorizer_id(id)
                    .set_identity_source(Some(sent.identity.clone()))
                    .set_jwt_configuration(sent.jwt.clone())
                    .set_authorizer_uri(sent.uri.clone())
                    .set_authorizer_payload_format_version(sent.payload.clone())
                    .set_authorizer_result_ttl_in_seconds(sent.ttl)
                    .set_enable_simple_responses(sent.simple)
                    .send()
            })
            .await?;
            Ok(id.clone())
        }
        Part::Keep { id } => Ok(id.clone()),
    }
}

/// An authorizer as API Gateway is told of it.
struct Sent {
    kind: AuthorizerType,
    identity: Vec<String>,
    jwt: Option<JwtConfiguration>,
    uri: Option<String>,
    payload: Option<String>,
    ttl: Option<i32>,
    simple: Option<bool>,
}

impl Sent {
    fn of(authorizer: &Authorizer) -> Result<Self, AwsError> {
        Ok(match authorizer {
            Authorizer::Jwt { issuer, audiences, identity } => Self {
                kind: AuthorizerType::Jwt,
                identity: identity.clone(),
                jwt: Some(
                    JwtConfiguration::builder()
                        .issuer(issuer)
                        .set_audience(Some(audiences.iter().cloned().collect()))
                        .build(),
                ),
                uri: None,
                payload: None,
                ttl: None,
                simple: None,
            },
            Authorizer::Lambda { uri, identity, ttl, payload, answers } => Self {
                kind: AuthorizerType::Request,
                identity: identity.clone(),
                jwt: None,
                uri: Some(uri.clone()),
                payload: Some(payload.clone()),
                ttl: Some(i32::try_from(*ttl).map_err(AwsError::request)?),
                simple: Some(*answers == Answers::Simple),
            },
        })
    }
}

/// What the owner of a function must do so that it can be asked.
pub fn note(aws: &Aws, api: &str, id: &str, name: &Name, step: &Step) -> Option<String> {
    let Asks::Theirs { arn } = &step.asks else { return None };
    if step.part.is_kept() {
        return None;
    }
    let sid = permission::to_be_asked(api, id);
    let source = permission::source_of(&aws.scope, api, id);
    Some(format!(
        "The authorizer `{name}` asks a function that this app does not own. Its owner allows it with:\n  \
         aws lambda add-permission --function-name {arn} --statement-id {sid} --action lambda:InvokeFunction \
         --principal apigateway.amazonaws.com --source-arn {source}"
    ))
}
