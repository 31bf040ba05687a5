//! Writing a function: create, settings, code, publish, move the alias, prune.

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::{
    AliasRoutingConfiguration, ApplicationLogLevel, Architecture, FunctionCode, LastUpdateStatus, LogFormat,
    LoggingConfig, Runtime, State, SystemLogLevel,
};
use base64::Engine;
use camino::Utf8Path;
use sha2::{Digest, Sha256};

use super::{Alias, Alter, Change, Desired, Environment, GoLive, Logging, Version};
use crate::aws::{Aws, AwsError, Call, Missing, Service};
use crate::resource::tags::Retag;
use crate::scope::LIVE;

/// How long the answer to an upload may take; 50 MB on a slow line take their time.
const UPLOAD_PATIENCE: Duration = Duration::from_secs(15 * 60);

/// Closes the difference. Safe to run again after failing at any line.
pub async fn apply(aws: &Aws, change: &Change) -> Result<(), AwsError> {
    match change {
        Change::Create(desired) => {
            create(aws, desired).await?;
            let version = Version::Next { sha256: desired.revision.code.sha256.clone() };
            go_live(aws, &desired.name, &GoLive { version, alias: Alias::Create }).await
        }
        Change::Alter(alter) => self::alter(aws, alter).await,
        Change::Delete { name } => {
            // Without a version this takes all versions and aliases along.
            let call = on(aws, "DeleteFunction", name);
            aws.write(&call, || aws.lambda.delete_function().function_name(name).send())
                .await
                .or_missing()?;
            Ok(())
        }
    }
}

async fn alter(aws: &Aws, alter: &Alter) -> Result<(), AwsError> {
    let name = &alter.name;
    if let Some(change) = &alter.settings {
        settled(aws, name).await?;
        let settings = &change.to;
        let call = on(aws, "UpdateFunctionConfiguration", name);
        aws.write(&call, || {
            aws.lambda
                .update_function_configuration()
                .function_name(name)
                .runtime(Runtime::from(settings.runtime.as_str()))
                .handler(&settings.handler)
                .role(&settings.role)
                .memory_size(int(settings.memory))
                .timeout(int(settings.timeout))
                .environment(environment(&settings.environment))
                .logging_config(logging(&settings.logging))
                .description(&settings.description)
                .send()
        })
        .await?;
    }
    if let Some(code) = &alter.code {
        let zip = read(&code.zip, &code.to.sha256).await?;
        settled(aws, name).await?;
        let call = on(aws, "UpdateFunctionCode", name);
        aws.write(&call, || {
            aws.lambda
                .update_function_code()
                .function_name(name)
                .zip_file(zip.clone())
                .architectures(Architecture::from(code.to.architecture.as_str()))
                .customize()
                .config_override(patient())
                .send()
        })
        .await?;
    }
    if let Some(live) = &alter.live {
        go_live(aws, name, live).await?;
    }
    if let Some(tags) = &alter.tags {
        retag(aws, name, tags).await?;
    }
    for version in &alter.prune {
        let qualifier = version.to_string();
        let call = on(aws, "DeleteFunction", &format!("{name}:{qualifier}"));
        aws.write(&call, || aws.lambda.delete_function().function_name(name).qualifier(&qualifier).send())
            .await
            .or_missing()?;
    }
    Ok(())
}

async fn create(aws: &Aws, desired: &Desired) -> Result<(), AwsError> {
    let Desired { name, revision, zip, tags, .. } = desired;
    let zip = read(zip, &revision.code.sha256).await?;
    let settings = &revision.settings;
    let call = on(aws, "CreateFunction", name);
    aws.write(&call, || {
        aws.lambda
            .create_function()
            .function_name(name)
            .code(FunctionCode::builder().zip_file(zip.clone()).build())
            .architectures(Architecture::from(revision.code.architecture.as_str()))
            .runtime(Runtime::from(settings.runtime.as_str()))
            .handler(&settings.handler)
            .role(&settings.role)
            .memory_size(int(settings.memory))
            .timeout(int(settings.timeout))
            .environment(environment(&settings.environment))
            .logging_config(logging(&settings.logging))
            .description(&settings.description)
            .set_tags(Some(tags.0.clone().into_iter().collect()))
            .customize()
            .config_override(patient())
            .send()
    })
    .await?;
    Ok(())
}

async fn go_live(aws: &Aws, name: &str, live: &GoLive) -> Result<(), AwsError> {
    let version = match &live.version {
        Version::Next { sha256 } => publish(aws, name, sha256).await?,
        Version::Published(version) => version.to_string(),
    };
    ready(aws, name, Some(&version)).await?;
    match live.alias {
        Alias::Create => {
            let call = on(aws, "CreateAlias", &format!("{name}:{LIVE}"));
            aws.write(&call, || {
                aws.lambda.create_alias().function_name(name).name(LIVE).function_version(&version).send()
            })
            .await?;
        }
        Alias::Move => {
            let call = on(aws, "UpdateAlias", &format!("{name}:{LIVE}"));
            // Weights that someone set by hand would keep a part of the calls on an old version.
            let all =
                AliasRoutingConfiguration::builder().set_additional_version_weights(Some(HashMap::new()));
            aws.write(&call, || {
                aws.lambda
                    .update_alias()
                    .function_name(name)
                    .name(LIVE)
                    .function_version(&version)
                    .routing_config(all.clone().build())
                    .send()
            })
            .await?;
        }
    }
    Ok(())
}

/// Publishes exactly what is there now: AWS refuses when code or settings changed meanwhile, and
/// gives the same version again when nothing changed since the last one.
async fn publish(aws: &Aws, name: &str, sha256: &str) -> Result<String, AwsError> {
    let revision = ready(aws, name, None).await?;
    let call = on(aws, "PublishVersion", name);
    let published = aws
        .write(&call, || {
            aws.lambda
                .publish_version()
                .function_name(name)
                .code_sha256(sha256)
                .set_revision_id(revision.clone())
                .send()
        })
        .await?;
    published.version.ok_or_else(|| AwsError::request("PublishVersion gave no version"))
}

/// Waits until Lambda has finished with the function, well or not: it can be changed again.
async fn settled(aws: &Aws, name: &str) -> Result<(), AwsError> {
    wait(aws, name, None, Awaited::Idle).await?;
    Ok(())
}

/// Waits until `$LATEST`, or a version, can be called; gives its revision id.
async fn ready(aws: &Aws, name: &str, version: Option<&str>) -> Result<Option<String>, AwsError> {
    wait(aws, name, version, Awaited::Success).await
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Awaited {
    /// A failed update is over too, and the next one is the way out of it.
    Idle,
    Success,
}

async fn wait(
    aws: &Aws,
    name: &str,
    version: Option<&str>,
    awaited: Awaited,
) -> Result<Option<String>, AwsError> {
    let call = on(aws, "GetFunctionConfiguration", name);
    let failed = |reason: Option<&str>| AwsError::FunctionFailed {
        function: name.to_owned(),
        reason: reason.unwrap_or("AWS gives no reason").to_owned(),
    };
    aws.wait(&format!("`{name}`"), async || {
        let found = aws
            .read(&call, || {
                aws.lambda
                    .get_function_configuration()
                    .function_name(name)
                    .set_qualifier(version.map(ToOwned::to_owned))
                    .send()
            })
            .await?;
        let state = found.state().unwrap_or(&State::Active);
        let update = found.last_update_status().unwrap_or(&LastUpdateStatus::Successful);
        match (state, update) {
            (State::Failed, _) => Err(failed(found.state_reason())),
            (_, LastUpdateStatus::Failed) if awaited == Awaited::Success => {
                Err(failed(found.last_update_status_reason()))
            }
            (State::Pending, _) => Ok(Err("it is being made".to_owned())),
            (_, LastUpdateStatus::InProgress) => Ok(Err("an update is in progress".to_owned())),
            _ => Ok(Ok(found.revision_id().map(ToOwned::to_owned))),
        }
    })
    .await
}

async fn retag(aws: &Aws, name: &str, retag: &Retag) -> Result<(), AwsError> {
    let arn = aws.scope.arn("lambda", &format!("function:{name}"));
    if !retag.set.is_empty() {
        aws.write(&on(aws, "TagResource", name), || {
            aws.lambda
                .tag_resource()
                .resource(&arn.0)
                .set_tags(Some(retag.set.clone().into_iter().collect()))
                .send()
        })
        .await?;
    }
    if !retag.unset.is_empty() {
        aws.write(&on(aws, "UntagResource", name), || {
            aws.lambda.untag_resource().resource(&arn.0).set_tag_keys(Some(retag.unset.clone())).send()
        })
        .await?;
    }
    Ok(())
}

/// Reads the code, and refuses it when it is not what was planned.
async fn read(zip: &Utf8Path, sha256: &str) -> Result<Blob, AwsError> {
    let bytes =
        tokio::fs::read(zip).await.map_err(|source| AwsError::NoCode { zip: zip.to_owned(), source })?;
    let found = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(&bytes));
    if found != sha256 {
        return Err(AwsError::CodeChanged { zip: zip.to_owned() });
    }
    Ok(Blob::new(bytes))
}

/// An empty map, unlike none, empties what is there.
fn environment(environment: &Environment) -> aws_sdk_lambda::types::Environment {
    let variables = environment.0.clone().into_iter().collect();
    aws_sdk_lambda::types::Environment::builder().set_variables(Some(variables)).build()
}

fn logging(logging: &Logging) -> LoggingConfig {
    LoggingConfig::builder()
        .log_format(LogFormat::from(logging.format.as_str()))
        .log_group(&logging.group)
        .application_log_level(ApplicationLogLevel::from(logging.application_level.as_str()))
        .system_log_level(SystemLogLevel::from(logging.system_level.as_str()))
        .build()
}

fn patient() -> aws_sdk_lambda::config::Builder {
    aws_sdk_lambda::config::Builder::default().timeout_config(
        aws_sdk_lambda::config::timeout::TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(5))
            .read_timeout(UPLOAD_PATIENCE)
            .build(),
    )
}

fn int(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

fn on(aws: &Aws, operation: &'static str, name: &str) -> Call {
    Call::new(Service::Lambda, operation, aws.scope.arn("lambda", &format!("function:{name}")))
}
