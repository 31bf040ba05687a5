//! The log group of a function, made before the function can make it, so that it has a retention.
//!
//! Here: what we want, what AWS has, the difference, and how to close it.

use serde::Serialize;

use super::tags::{Retag, Tags};
use super::{Foreign, Inputs, Joined, Kind, Line, Part, Sight, join};
use crate::aws::{Aws, AwsError, Call, Missing, Service};
use crate::scope::Scope;

/// A log group as it should be.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Desired {
    pub name: String,
    /// Days.
    pub retention: u32,
    pub tags: Tags,
}

/// A log group as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Observed {
    pub name: String,
    /// Days; `None`: for ever.
    pub retention: Option<u32>,
    pub tags: Tags,
}

/// What is to be done about one log group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Change {
    Create(Desired),
    Alter { name: String, retention: Option<Retention>, tags: Option<Retag> },
    Delete { name: String },
}

/// Another retention, in days; `from` is `None` when logs were kept for ever.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Retention {
    pub from: Option<u32>,
    pub to: u32,
}

/// A log group for each function.
pub fn desired(inputs: &Inputs<'_>) -> Vec<Desired> {
    let group = |part: Part<'_>| Desired {
        name: inputs.scope.log_group(&part.function()),
        retention: inputs.settings.log_retention,
        tags: inputs.tags(),
    };
    inputs.parts().map(group).collect()
}

/// Looks for the log groups of the stage's functions, also of those that nobody declares any more.
/// A group is foreign when its name begins like ours and its tags are others: `orders-dev-x` may be
/// a function of the stage `dev` or the one of the stage `dev-x`.
pub async fn observe(aws: &Aws) -> Result<Vec<Sight<Observed>>, AwsError> {
    let main = aws.scope.name();
    let prefix = aws.scope.log_group(&main);
    let call = Call::new(Service::Logs, "DescribeLogGroups", aws.scope.arn("logs", "log-group:*"));
    let mut groups = Vec::new();
    let mut token = None;
    loop {
        let page = aws
            .read(&call, || {
                aws.logs
                    .describe_log_groups()
                    .log_group_name_prefix(&prefix)
                    .set_next_token(token.clone())
                    .send()
            })
            .await?;
        // The prefix also finds the groups of every app whose name starts with this one's.
        groups.extend(page.log_groups.unwrap_or_default().into_iter().filter_map(|group| {
            let name = group.log_group_name?;
            let function = name.strip_prefix("/aws/lambda/")?;
            let like_ours = function == main || aws.scope.short(function).is_some();
            let retention = group.retention_in_days.and_then(|days| u32::try_from(days).ok());
            like_ours.then_some((name, retention))
        }));
        token = page.next_token;
        if token.is_none() {
            break;
        }
    }
    futures::future::try_join_all(groups.into_iter().map(|(name, retention)| tagged(aws, name, retention)))
        .await
}

async fn tagged(aws: &Aws, name: String, retention: Option<u32>) -> Result<Sight<Observed>, AwsError> {
    let arn = aws.scope.arn("logs", &format!("log-group:{name}"));
    let call = Call::new(Service::Logs, "ListTagsForResource", arn.clone());
    let found = aws.read(&call, || aws.logs.list_tags_for_resource().resource_arn(&arn.0).send()).await;
    let Some(found) = found.or_missing()? else { return Ok(Sight::Nothing) };
    let tags: Tags = found.tags.unwrap_or_default().into_iter().collect();
    Ok(if tags.are_ours(&aws.scope) {
        Sight::Ours(Observed { name, retention, tags })
    } else {
        Sight::Foreign(Foreign { kind: Kind::LogGroup, name, arn })
    })
}

/// What brings the log groups that are to those that should be.
pub fn diff(want: &[Desired], have: &[Observed]) -> Vec<Change> {
    join(want, have, |want| &want.name, |have| &have.name)
        .into_iter()
        .filter_map(|pair| match pair {
            Joined::Missing(want) => Some(Change::Create(want.clone())),
            Joined::Extra(have) => Some(Change::Delete { name: have.name.clone() }),
            Joined::Both(want, have) => {
                let retention = (have.retention != Some(want.retention))
                    .then_some(Retention { from: have.retention, to: want.retention });
                let tags = want.tags.since(&have.tags);
                (retention.is_some() || tags.is_some()).then(|| Change::Alter {
                    name: want.name.clone(),
                    retention,
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
            let call = on(aws, "CreateLogGroup", &desired.name);
            aws.write(&call, || {
                aws.logs
                    .create_log_group()
                    .log_group_name(&desired.name)
                    .set_tags(Some(desired.tags.0.clone().into_iter().collect()))
                    .send()
            })
            .await?;
            keep_for(aws, &desired.name, desired.retention).await
        }
        Change::Alter { name, retention, tags } => {
            if let Some(Retention { to, .. }) = retention {
                keep_for(aws, name, *to).await?;
            }
            if let Some(tags) = tags {
                retag(aws, name, tags).await?;
            }
            Ok(())
        }
        Change::Delete { name } => {
            let call = on(aws, "DeleteLogGroup", name);
            let deleted = aws
                .write(&call, || aws.logs.delete_log_group().log_group_name(name).send())
                .await
                .or_missing()?;
            drop(deleted);
            Ok(())
        }
    }
}

async fn keep_for(aws: &Aws, name: &str, days: u32) -> Result<(), AwsError> {
    let days = i32::try_from(days).unwrap_or(i32::MAX);
    aws.write(&on(aws, "PutRetentionPolicy", name), || {
        aws.logs.put_retention_policy().log_group_name(name).retention_in_days(days).send()
    })
    .await?;
    Ok(())
}

async fn retag(aws: &Aws, name: &str, tags: &Retag) -> Result<(), AwsError> {
    let arn = aws.scope.arn("logs", &format!("log-group:{name}"));
    if !tags.set.is_empty() {
        aws.write(&on(aws, "TagResource", name), || {
            aws.logs
                .tag_resource()
                .resource_arn(&arn.0)
                .set_tags(Some(tags.set.clone().into_iter().collect()))
                .send()
        })
        .await?;
    }
    if !tags.unset.is_empty() {
        aws.write(&on(aws, "UntagResource", name), || {
            aws.logs.untag_resource().resource_arn(&arn.0).set_tag_keys(Some(tags.unset.clone())).send()
        })
        .await?;
    }
    Ok(())
}

fn on(aws: &Aws, operation: &'static str, name: &str) -> Call {
    Call::new(Service::Logs, operation, aws.scope.arn("logs", &format!("log-group:{name}")))
}

impl Change {
    /// In the user's words.
    pub fn lines(&self, _scope: &Scope) -> Vec<Line> {
        match self {
            Self::Create(desired) => {
                vec![Line::add(
                    Kind::LogGroup,
                    format!("{}   kept {}", desired.name, days(desired.retention)),
                )]
            }
            Self::Alter { name, retention, tags } => {
                let retention = retention.as_ref().map(|change| {
                    let from = change.from.map_or("for ever".to_owned(), days);
                    format!("kept {from} → {}", days(change.to))
                });
                let tags = tags.as_ref().map(Retag::words);
                let words: Vec<_> = retention.into_iter().chain(tags).collect();
                let line = Line::alter(Kind::LogGroup, format!("{name}   {}", words.join(", ")));
                // AWS deletes what is older than the new retention.
                vec![match self.shortens() {
                    true => line.destructive(),
                    false => line,
                }]
            }
            Self::Delete { name } => {
                vec![Line::remove(Kind::LogGroup, format!("{name}   with every log in it")).destructive()]
            }
        }
    }

    fn shortens(&self) -> bool {
        matches!(self, Self::Alter { retention: Some(Retention { from, to }), .. } if from.is_some_and(|from| from > *to))
    }
}

fn days(count: u32) -> String {
    match count {
        1 => "1 day".to_owned(),
        _ => format!("{count} days"),
    }
}
