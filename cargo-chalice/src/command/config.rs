//! `cargo chalice config`: the settings that hold for a stage, and where each comes from.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::cli::{Architecture, AwsOptions, ConfigArgs};
use crate::failure::{Exit, Failure};
use crate::project::Project;
use crate::report::{Report, table};
use crate::settings::Origin;

/// Prints the effective settings.
pub async fn run(args: &ConfigArgs, report: &mut Report) -> Result<Exit, Failure> {
    let project = Project::find(&args.project)?;
    let entries = entries(&project, &args.aws);
    let rows = entries.iter().map(|(key, entry)| {
        let value = match &entry.value {
            serde_json::Value::Null => "-".to_owned(),
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        [key.clone(), value, entry.from.to_string()]
    });
    report.data(&table(["KEY", "VALUE", "FROM"], rows), &entries);
    Ok(Exit::Success)
}

#[derive(Debug, Serialize)]
struct Entry {
    value: serde_json::Value,
    from: Origin,
}

fn entries(project: &Project, aws: &AwsOptions) -> BTreeMap<String, Entry> {
    let mut entries = BTreeMap::new();
    let mut add = |key: String, value: serde_json::Value| {
        let from = project.origins.get(&key).cloned().unwrap_or(Origin::Default);
        entries.insert(key, Entry { value, from });
    };
    add("app".to_owned(), project.app.as_str().into());
    // Every setting, also those of a later version of this program.
    if let Ok(serde_json::Value::Object(settings)) = serde_json::to_value(&project.settings) {
        let mut left: Vec<_> = settings.into_iter().collect();
        while let Some((key, value)) = left.pop() {
            match value {
                serde_json::Value::Object(map) => {
                    left.extend(map.into_iter().map(|(name, value)| (format!("{key}.{name}"), value)));
                }
                value => add(key, value),
            }
        }
    }
    if let Some((region, from)) = region(project, aws) {
        entries.insert("region".to_owned(), Entry { value: region.into(), from });
    }
    if project.settings.architecture.is_none() {
        let value = Architecture::DEFAULT.as_str().into();
        entries.insert("architecture".to_owned(), Entry { value, from: Origin::Default });
    }
    entries
}

/// The region that commands on AWS will use: the flag's, the file's, the environment's, in this
/// order. When nobody names one, it is the AWS profile's.
fn region(project: &Project, aws: &AwsOptions) -> Option<(String, Origin)> {
    if let Some(region) = &aws.region {
        return Some((region.clone(), Origin::Flag("--region")));
    }
    if project.settings.region.is_some() {
        return None;
    }
    ["AWS_REGION", "AWS_DEFAULT_REGION"].into_iter().find_map(|name| {
        project.machine.variable(name).map(|region| (region.to_owned(), Origin::Variable(name)))
    })
}
