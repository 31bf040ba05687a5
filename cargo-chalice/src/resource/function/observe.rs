//! Reading a function: `$LATEST`, what is live, and the versions there are.

use std::collections::BTreeSet;

use aws_sdk_lambda::operation::get_function_configuration::GetFunctionConfigurationOutput;
use aws_sdk_lambda::types::{FunctionConfiguration, LastUpdateStatus};

use super::{Code, Environment, Live, Logging, Observed, Revision, Settings, Split};
use crate::aws::{Aws, AwsError, Call, Missing, Service};
use crate::resource::tags::Tags;
use crate::resource::{Foreign, Kind, Sight};
use crate::scope::LIVE;

/// The names of functions that begin like those of this stage. Their tags tell whether they are.
///
/// Lambda can only list all functions of the account, fifty a page. The log groups name ours as well
/// and are found by their prefix, yet a group that someone deleted by hand must not leave a function
/// behind. <https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html>
pub async fn listed(aws: &Aws) -> Result<BTreeSet<String>, AwsError> {
    let call = Call::new(Service::Lambda, "ListFunctions", "*");
    let mut names = BTreeSet::new();
    let mut marker = None;
    loop {
        let page = aws.read(&call, || aws.lambda.list_functions().set_marker(marker.clone()).send()).await?;
        let found = page.functions.unwrap_or_default().into_iter();
        names.extend(
            found.filter_map(|found| found.function_name).filter(|name| aws.scope.short(name).is_some()),
        );
        marker = page.next_marker.filter(|marker| !marker.is_empty());
        if marker.is_none() {
            return Ok(names);
        }
    }
}

/// Looks for a function.
pub async fn observe(aws: &Aws, name: &str) -> Result<Sight<Observed>, AwsError> {
    let arn = aws.scope.function_arn(name);
    let call = Call::new(Service::Lambda, "GetFunction", arn.clone());
    let found = aws.read(&call, || aws.lambda.get_function().function_name(name).send()).await;
    let Some(found) = found.or_missing()? else { return Ok(Sight::Nothing) };
    let tags: Tags = found.tags.unwrap_or_default().into_iter().collect();
    if !tags.are_ours(&aws.scope) {
        return Ok(Sight::Foreign(Foreign { kind: Kind::Function, name: name.to_owned(), arn }));
    }
    // What a failed update left behind is not what it says; everything is sent again.
    let sound =
        |found: &&FunctionConfiguration| found.last_update_status() != Some(&LastUpdateStatus::Failed);
    let latest = found.configuration.as_ref().filter(sound).map(revision).unwrap_or_default();

    let (versions, aliases) = futures::try_join!(versions(aws, name), aliases(aws, name))?;
    let alias = aliases.iter().find(|alias| alias.name == LIVE);
    let live = match alias {
        Some(alias) => numbered(aws, name, alias.version).await?.map(|revision| Live {
            version: alias.version,
            revision,
            split: alias.split,
        }),
        None => None,
    };
    let behind = live.as_ref().map_or(0, |live| live.version);
    let waiting = match versions.last().filter(|newest| **newest > behind) {
        Some(newest) => numbered(aws, name, *newest).await?.map(|revision| (*newest, revision)),
        None => None,
    };
    let held = aliases.iter().filter(|alias| alias.name != LIVE).map(|alias| alias.version).collect();
    Ok(Sight::Ours(Observed { name: name.to_owned(), latest, live, waiting, versions, held, tags }))
}

/// All published versions, in order.
async fn versions(aws: &Aws, name: &str) -> Result<Vec<u64>, AwsError> {
    let call = Call::new(Service::Lambda, "ListVersionsByFunction", aws.scope.function_arn(name));
    let mut versions = Vec::new();
    let mut marker = None;
    loop {
        let page = aws
            .read(&call, || {
                aws.lambda.list_versions_by_function().function_name(name).set_marker(marker.clone()).send()
            })
            .await
            .or_missing()?;
        let Some(page) = page else { break };
        // `$LATEST` is in the list and is no number.
        let numbers = page.versions().iter().filter_map(|version| version.version()?.parse::<u64>().ok());
        versions.extend(numbers);
        marker = page.next_marker.filter(|marker| !marker.is_empty());
        if marker.is_none() {
            break;
        }
    }
    versions.sort_unstable();
    Ok(versions)
}

struct Alias {
    name: String,
    version: u64,
    split: Split,
}

async fn aliases(aws: &Aws, name: &str) -> Result<Vec<Alias>, AwsError> {
    let call = Call::new(Service::Lambda, "ListAliases", aws.scope.function_arn(name));
    let mut aliases = Vec::new();
    let mut marker = None;
    loop {
        let page = aws
            .read(&call, || aws.lambda.list_aliases().function_name(name).set_marker(marker.clone()).send())
            .await
            .or_missing()?;
        let Some(page) = page else { return Ok(aliases) };
        for alias in page.aliases() {
            let weights = alias
                .routing_config()
                .and_then(|routing| routing.additional_version_weights())
                .filter(|weights| !weights.is_empty());
            let Some(alias_name) = alias.name() else { continue };
            // An alias of `$LATEST` counts as one of version 0, which nothing else is.
            let version = alias.function_version().and_then(|version| version.parse().ok());
            aliases.push(Alias {
                name: alias_name.to_owned(),
                version: version.unwrap_or(0),
                split: if weights.is_some() { Split::Weighted } else { Split::None },
            });
            let others = weights.into_iter().flatten().filter_map(|(version, _)| version.parse().ok());
            if alias_name != LIVE {
                aliases.extend(others.map(|version| Alias {
                    name: alias_name.to_owned(),
                    version,
                    split: Split::Weighted,
                }));
            }
        }
        marker = page.next_marker.filter(|marker| !marker.is_empty());
        if marker.is_none() {
            return Ok(aliases);
        }
    }
}

async fn numbered(aws: &Aws, name: &str, version: u64) -> Result<Option<Revision>, AwsError> {
    let qualifier = version.to_string();
    let call = Call::new(
        Service::Lambda,
        "GetFunctionConfiguration",
        format!("{}:{qualifier}", aws.scope.function_arn(name)),
    );
    let found = aws
        .read(&call, || {
            aws.lambda.get_function_configuration().function_name(name).qualifier(&qualifier).send()
        })
        .await
        .or_missing()?;
    Ok(found.as_ref().map(Configuration::from).map(|configuration| configuration.revision()))
}

fn revision(configuration: &FunctionConfiguration) -> Revision {
    Configuration::from(configuration).revision()
}

/// The SDK has one type per operation for what is one thing; this is what we read of either.
struct Configuration {
    settings: Settings,
    code: Code,
}

impl Configuration {
    fn revision(self) -> Revision {
        Revision { settings: self.settings, code: self.code }
    }
}

macro_rules! read {
    ($type:ty) => {
        impl From<&$type> for Configuration {
            fn from(found: &$type) -> Self {
                let number = |value: Option<i32>| value.and_then(|value| u32::try_from(value).ok());
                let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
                let logging = found.logging_config();
                let settings = Settings {
                    runtime: text(found.runtime().map(|runtime| runtime.as_str())),
                    handler: text(found.handler()),
                    role: text(found.role()),
                    memory: number(found.memory_size()).unwrap_or_default(),
                    timeout: number(found.timeout()).unwrap_or_default(),
                    environment: Environment(
                        found
                            .environment()
                            .and_then(|environment| environment.variables())
                            .map(|variables| {
                                variables.iter().map(|(key, value)| (key.clone(), value.clone())).collect()
                            })
                            .unwrap_or_default(),
                    ),
                    logging: Logging {
                        format: text(logging.and_then(|l| l.log_format()).map(|format| format.as_str())),
                        group: text(logging.and_then(|l| l.log_group())),
                        application_level: text(
                            logging.and_then(|l| l.application_log_level()).map(|level| level.as_str()),
                        ),
                        system_level: text(
                            logging.and_then(|l| l.system_log_level()).map(|level| level.as_str()),
                        ),
                    },
                    description: text(found.description()),
                };
                // Lambda means `x86_64` when it says nothing.
                let architecture =
                    found.architectures().first().map_or("x86_64", |architecture| architecture.as_str());
                let code = Code { sha256: text(found.code_sha256()), architecture: architecture.to_owned() };
                Self { settings, code }
            }
        }
    };
}

read!(FunctionConfiguration);
read!(GetFunctionConfigurationOutput);
