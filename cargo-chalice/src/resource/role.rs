//! The role that a function runs as: who may assume it, and what it allows.
//!
//! Here: what we want, what AWS has, the difference, and how to close it.

use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;
use serde::Serialize;
use serde_json::{Value, json};

use super::tags::{Retag, Tags};
use super::{Foreign, Inputs, Joined, Kind, Line, Part, Sight, join};
use crate::aws::{Aws, AwsError, Call, Missing, Service};
use crate::scope::{Arn, Scope};

/// The name of the one inline policy that is ours.
const POLICY: &str = "chalice";

/// What every role allows, on the function's own log group.
const WRITE_LOG: [&str; 2] = ["logs:CreateLogStream", "logs:PutLogEvents"];

/// A role as it should be.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Desired {
    pub name: String,
    /// Who may assume it.
    pub trust: Value,
    /// What it allows.
    pub policy: Value,
    pub tags: Tags,
}

/// A role as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Observed {
    pub name: String,
    pub trust: Value,
    /// Our inline policy; `None` when there is none.
    pub policy: Option<Value>,
    pub tags: Tags,
}

/// What is to be done about one role.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Change {
    Create(Desired),
    Alter { name: String, trust: Option<Value>, policy: Option<NewPolicy>, tags: Option<Retag> },
    Delete { name: String },
}

/// Another policy; `from` is `None` when there was none.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NewPolicy {
    pub from: Option<Value>,
    pub to: Value,
}

/// A role for each function.
pub fn desired(inputs: &Inputs<'_>) -> Vec<Desired> {
    inputs.parts().map(|part| role(inputs, part)).collect()
}

/// The role of one function: it may write into its own log group, and do what `Chalice.toml` says.
fn role(inputs: &Inputs<'_>, part: Part<'_>) -> Desired {
    let name = part.function();
    let trust = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "Service": "lambda.amazonaws.com" },
            "Action": "sts:AssumeRole",
        }],
    });
    let log = json!({
        "Effect": "Allow",
        "Action": WRITE_LOG,
        "Resource": format!("{}:log-stream:*", inputs.scope.log_group_arn(&name)),
    });
    let users = inputs.settings.of(part.name).policy;
    let users = users.iter().map(|statement| statement.document(inputs.scope));
    let statements: Vec<Value> = std::iter::once(log).chain(users).collect();
    let policy = json!({ "Version": "2012-10-17", "Statement": statements });
    Desired { name, trust, policy, tags: inputs.tags() }
}

/// Looks for a function's role.
pub async fn observe(aws: &Aws, name: &str) -> Result<Sight<Observed>, AwsError> {
    let arn = aws.scope.role_arn(name);
    let call = Call::new(Service::Iam, "GetRole", arn.clone());
    let Some(role) = aws
        .read(&call, || aws.iam.get_role().role_name(name).send())
        .await
        .or_missing()?
        .and_then(|found| found.role)
    else {
        return Ok(Sight::Nothing);
    };
    let tags: Tags = role.tags().iter().map(|tag| (tag.key().to_owned(), tag.value().to_owned())).collect();
    if !tags.are_ours(&aws.scope) {
        return Ok(Sight::Foreign(Foreign { kind: Kind::Role, name: name.to_owned(), arn }));
    }
    let call = Call::new(Service::Iam, "GetRolePolicy", arn);
    let policy = aws
        .read(&call, || aws.iam.get_role_policy().role_name(name).policy_name(POLICY).send())
        .await
        .or_missing()?
        .map(|found| document(found.policy_document()));
    let trust = document(role.assume_role_policy_document().unwrap_or_default());
    Ok(Sight::Ours(Observed { name: name.to_owned(), trust, policy, tags }))
}

/// IAM answers with percent-encoded JSON. What is no JSON is kept as text: it differs from
/// everything we want, and is replaced.
fn document(text: &str) -> Value {
    let text = percent_decode_str(text).decode_utf8_lossy();
    serde_json::from_str(&text).unwrap_or_else(|_| Value::String(text.into_owned()))
}

/// What brings the roles that are to those that should be.
pub fn diff(want: &[Desired], have: &[Observed]) -> Vec<Change> {
    join(want, have, |want| &want.name, |have| &have.name)
        .into_iter()
        .filter_map(|pair| match pair {
            Joined::Missing(want) => Some(Change::Create(want.clone())),
            Joined::Extra(have) => Some(Change::Delete { name: have.name.clone() }),
            Joined::Both(want, have) => {
                let trust = (want.trust != have.trust).then(|| want.trust.clone());
                let policy = (Some(&want.policy) != have.policy.as_ref())
                    .then(|| NewPolicy { from: have.policy.clone(), to: want.policy.clone() });
                let tags = want.tags.since(&have.tags);
                (trust.is_some() || policy.is_some() || tags.is_some()).then(|| Change::Alter {
                    name: want.name.clone(),
                    trust,
                    policy,
                    tags,
                })
            }
        })
        .collect()
}

/// Closes the difference. Safe to run again after failing at any line.
pub async fn apply(aws: &Aws, change: &Change) -> Result<(), AwsError> {
    match change {
        Change::Create(desired) => {
            create(aws, desired).await?;
            put_policy(aws, &desired.name, &desired.policy).await
        }
        Change::Alter { name, trust, policy, tags } => {
            if let Some(trust) = trust {
                let trust = trust.to_string();
                aws.write(&on(aws, "UpdateAssumeRolePolicy", name), || {
                    aws.iam.update_assume_role_policy().role_name(name).policy_document(&trust).send()
                })
                .await?;
            }
            if let Some(policy) = policy {
                put_policy(aws, name, &policy.to).await?;
            }
            if let Some(tags) = tags {
                retag(aws, name, tags).await?;
            }
            Ok(())
        }
        Change::Delete { name } => delete(aws, name).await,
    }
}

async fn create(aws: &Aws, desired: &Desired) -> Result<(), AwsError> {
    let trust = desired.trust.to_string();
    let tags = desired.tags.0.iter().map(tag).collect::<Result<Vec<_>, _>>()?;
    aws.write(&on(aws, "CreateRole", &desired.name), || {
        aws.iam
            .create_role()
            .role_name(&desired.name)
            .assume_role_policy_document(&trust)
            .description("Made by cargo chalice.")
            .set_tags(Some(tags.clone()))
            .send()
    })
    .await?;
    Ok(())
}

async fn put_policy(aws: &Aws, name: &str, policy: &Value) -> Result<(), AwsError> {
    let policy = policy.to_string();
    aws.write(&on(aws, "PutRolePolicy", name), || {
        aws.iam.put_role_policy().role_name(name).policy_name(POLICY).policy_document(&policy).send()
    })
    .await?;
    Ok(())
}

async fn retag(aws: &Aws, name: &str, retag: &Retag) -> Result<(), AwsError> {
    if !retag.set.is_empty() {
        let tags = retag.set.iter().map(tag).collect::<Result<Vec<_>, _>>()?;
        aws.write(&on(aws, "TagRole", name), || {
            aws.iam.tag_role().role_name(name).set_tags(Some(tags.clone())).send()
        })
        .await?;
    }
    if !retag.unset.is_empty() {
        aws.write(&on(aws, "UntagRole", name), || {
            aws.iam.untag_role().role_name(name).set_tag_keys(Some(retag.unset.clone())).send()
        })
        .await?;
    }
    Ok(())
}

/// IAM deletes a role only when nothing hangs on it, what a person attached by hand included.
async fn delete(aws: &Aws, name: &str) -> Result<(), AwsError> {
    for policy in inline_policies(aws, name).await? {
        aws.write(&on(aws, "DeleteRolePolicy", name), || {
            aws.iam.delete_role_policy().role_name(name).policy_name(&policy).send()
        })
        .await
        .or_missing()?;
    }
    for policy in attached_policies(aws, name).await? {
        aws.write(&on(aws, "DetachRolePolicy", name), || {
            aws.iam.detach_role_policy().role_name(name).policy_arn(&policy.0).send()
        })
        .await
        .or_missing()?;
    }
    aws.write(&on(aws, "DeleteRole", name), || aws.iam.delete_role().role_name(name).send())
        .await
        .or_missing()?;
    Ok(())
}

async fn inline_policies(aws: &Aws, name: &str) -> Result<Vec<String>, AwsError> {
    let mut names = Vec::new();
    let mut marker = None;
    loop {
        let page = aws
            .read(&on(aws, "ListRolePolicies", name), || {
                aws.iam.list_role_policies().role_name(name).set_marker(marker.clone()).send()
            })
            .await
            .or_missing()?;
        let Some(page) = page else { return Ok(names) };
        names.extend(page.policy_names);
        marker = page.marker;
        if marker.is_none() {
            return Ok(names);
        }
    }
}

async fn attached_policies(aws: &Aws, name: &str) -> Result<Vec<Arn>, AwsError> {
    let mut arns = Vec::new();
    let mut marker = None;
    loop {
        let page = aws
            .read(&on(aws, "ListAttachedRolePolicies", name), || {
                aws.iam.list_attached_role_policies().role_name(name).set_marker(marker.clone()).send()
            })
            .await
            .or_missing()?;
        let Some(page) = page else { return Ok(arns) };
        arns.extend(
            page.attached_policies.unwrap_or_default().into_iter().filter_map(|p| p.policy_arn).map(Arn),
        );
        marker = page.marker;
        if marker.is_none() {
            return Ok(arns);
        }
    }
}

fn tag((key, value): (&String, &String)) -> Result<aws_sdk_iam::types::Tag, AwsError> {
    aws_sdk_iam::types::Tag::builder().key(key).value(value).build().map_err(AwsError::request)
}

fn on(aws: &Aws, operation: &'static str, name: &str) -> Call {
    Call::new(Service::Iam, operation, aws.scope.role_arn(name))
}

impl Change {
    /// In the user's words.
    pub fn lines(&self, _scope: &Scope) -> Vec<Line> {
        match self {
            Self::Create(desired) => {
                let may = actions(&desired.policy);
                let text = match may.is_empty() {
                    true => desired.name.clone(),
                    false => format!("{}   may {}", desired.name, listed(&may)),
                };
                vec![Line::add(Kind::Role, text)]
            }
            Self::Alter { name, trust, policy, tags } => {
                let trust = trust.as_ref().map(|_| "who may assume it".to_owned());
                let policy = policy.as_ref().map(NewPolicy::words);
                let words: Vec<_> =
                    trust.into_iter().chain(policy).chain(tags.as_ref().map(Retag::words)).collect();
                vec![Line::alter(Kind::Role, format!("{name}   {}", words.join(", ")))]
            }
            Self::Delete { name } => vec![Line::remove(Kind::Role, name)],
        }
    }
}

impl NewPolicy {
    fn words(&self) -> String {
        let before = self.from.as_ref().map(actions).unwrap_or_default();
        let after = actions(&self.to);
        let more: BTreeSet<&str> = after.difference(&before).copied().collect();
        let less: BTreeSet<&str> = before.difference(&after).copied().collect();
        let words = [("may", more), ("may no longer", less)];
        let words = words.iter().filter(|(_, actions)| !actions.is_empty());
        let words: Vec<_> = words.map(|(may, actions)| format!("{may} {}", listed(actions))).collect();
        // The actions are the same, on other resources.
        if words.is_empty() { "what it allows".to_owned() } else { words.join(", ") }
    }
}

/// What a policy allows beside writing the log, which every role may.
fn actions(policy: &Value) -> BTreeSet<&str> {
    let statements = policy["Statement"].as_array().map(Vec::as_slice).unwrap_or_default();
    let actions = statements.iter().flat_map(|statement| statement["Action"].as_array()).flatten();
    actions.filter_map(Value::as_str).filter(|action| !WRITE_LOG.contains(action)).collect()
}

fn listed(actions: &BTreeSet<&str>) -> String {
    actions.iter().copied().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_read_as_iam_sends_them_percent_encoded() {
        let sent = "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%5D%7D";
        assert_eq!(document(sent), json!({ "Version": "2012-10-17", "Statement": [] }));
        assert_eq!(document("no document"), Value::String("no document".to_owned()));
    }
}
