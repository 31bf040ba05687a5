//! What the functions of one stage have logged, read from CloudWatch Logs in the order it happened.
//!
//! Here: which groups, which events, each once. Not here: how an event is shown (`logs/line.rs`), and printing.

mod line;
mod since;

pub use line::{Line, Shown, parse};
pub use since::Since;

use std::collections::HashMap;

use aws_sdk_cloudwatchlogs::types::FilteredLogEvent;
use jiff::{SignedDuration, Timestamp};
use miette::Diagnostic;
use thiserror::Error;

use crate::aws::{Aws, AwsError, Call, Missing, Service};
use crate::failure::{Exit, StageError};
use crate::scope::{Scope, TAG_APP, TAG_STAGE};

/// CloudWatch takes some seconds to show an event, and does not show them in order, so a following reader looks back
/// this far each time.
const LATENESS: SignedDuration = SignedDuration::from_secs(60);

/// The log group of one function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The function's name.
    pub function: String,
    /// The group's name.
    pub name: String,
}

/// One event of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When it was logged, to the millisecond.
    pub time: Timestamp,
    /// Which function logged it.
    pub function: String,
    /// The stream: one running copy of the function.
    pub stream: String,
    /// What was logged.
    pub message: String,
    id: String,
}

/// Which functions of the stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Functions<'n> {
    /// Every one.
    All,
    /// The one of this name: its full name, what follows the stage in it, or the app's name for the one of the routes.
    Named(&'n str),
}

/// The groups of the stage's functions.
pub async fn groups(aws: &Aws, functions: Functions<'_>) -> Result<Vec<Group>, LogsError> {
    let wanted = match functions {
        Functions::All => None,
        Functions::Named(name) => Some(full_name(&aws.scope, name)),
    };
    let prefix = aws.scope.log_group(&aws.scope.name());
    let call = Call::new(Service::Logs, "DescribeLogGroups", prefix.as_str());
    let mut found = Vec::new();
    let mut token: Option<String> = None;
    loop {
        let page = aws
            .read(&call, || {
                let call = aws.logs.describe_log_groups().log_group_name_prefix(&prefix);
                call.set_next_token(token.clone()).send()
            })
            .await?;
        for group in page.log_groups() {
            let name = group.log_group_name().unwrap_or_default();
            let function = name.trim_start_matches("/aws/lambda/");
            let meant = match &wanted {
                Some(wanted) => wanted == function,
                None => is_of(aws, function, group.log_group_arn()).await?,
            };
            if meant {
                found.push(Group { function: function.to_owned(), name: name.to_owned() });
            }
        }
        token = page.next_token().map(str::to_owned);
        if token.is_none() {
            break;
        }
    }
    if found.is_empty() {
        let function = wanted.unwrap_or_else(|| aws.scope.name());
        return Err(LogsError::NoGroup { function, stage: aws.scope.stage.to_string() });
    }
    Ok(found)
}

/// The function that a user means by a short name.
pub fn full_name(scope: &Scope, name: &str) -> String {
    let whole = scope.name();
    if name == whole || name == scope.app.as_str() {
        whole
    } else if name.starts_with(&format!("{whole}-")) {
        name.to_owned()
    } else {
        format!("{whole}-{name}")
    }
}

/// Reads groups again and again and gives every event once.
#[derive(Debug)]
pub struct Reader {
    groups: Vec<Group>,
    pattern: Option<String>,
    from: Timestamp,
    /// How often each event of the time since `from` was given already.
    given: HashMap<Event, usize>,
}

impl Reader {
    /// A reader of the events since a moment that match CloudWatch's filter pattern.
    pub fn new(groups: Vec<Group>, since: Timestamp, pattern: Option<String>) -> Self {
        Self { groups, pattern, from: since, given: HashMap::new() }
    }

    /// Whether there are several functions to tell apart.
    pub fn has_several(&self) -> bool {
        self.groups.len() > 1
    }

    /// The events that were not given before, in order of time.
    pub async fn read(&mut self, aws: &Aws) -> Result<Vec<Event>, LogsError> {
        let mut events = Vec::new();
        for group in &self.groups {
            events.extend(self.events(aws, group).await?);
        }
        Ok(self.fresh(events))
    }

    /// All events of a group, page by page. There is no `limit`: with one, a page can be empty and not the last.
    async fn events(&self, aws: &Aws, group: &Group) -> Result<Vec<Event>, LogsError> {
        let call = Call::new(Service::Logs, "FilterLogEvents", group.name.as_str());
        let mut events = Vec::new();
        let mut token: Option<String> = None;
        loop {
            let page = aws
                .read(&call, || {
                    aws.logs
                        .filter_log_events()
                        .log_group_name(&group.name)
                        .start_time(self.from.as_millisecond())
                        .set_filter_pattern(self.pattern.clone())
                        .set_next_token(token.clone())
                        .send()
                })
                .await
                .or_missing()?;
            let Some(page) = page else {
                return Err(LogsError::NoGroup {
                    function: group.function.clone(),
                    stage: aws.scope.stage.to_string(),
                });
            };
            events.extend(page.events().iter().map(|event| Event::from(group, event)));
            token = page.next_token().map(str::to_owned);
            if token.is_none() {
                return Ok(events);
            }
        }
    }

    /// Takes away what was given before. Events without an id can be equal and yet two: they are counted.
    fn fresh(&mut self, mut events: Vec<Event>) -> Vec<Event> {
        // Stable, so events of one millisecond stay as CloudWatch has them.
        events.sort_by_key(|event| event.time);
        let mut seen: HashMap<Event, usize> = HashMap::new();
        let mut fresh = Vec::new();
        for event in events {
            let times = seen.entry(event.clone()).or_default();
            *times += 1;
            if *times > self.given.get(&event).copied().unwrap_or(0) {
                fresh.push(event);
            }
        }
        for (event, times) in seen {
            let given = self.given.entry(event).or_default();
            *given = times.max(*given);
        }
        if let Some(latest) = fresh.last().and_then(|event| event.time.checked_sub(LATENESS).ok()) {
            self.from = self.from.max(latest);
            let from = self.from;
            self.given.retain(|event, _| event.time >= from);
        }
        fresh
    }
}

/// Why there are no logs to show.
#[derive(Debug, Error, Diagnostic)]
pub enum LogsError {
    #[error("`{function}` has no logs: it is not deployed")]
    #[diagnostic(
        code(chalice::logs::no_group),
        help(
            "deploy it with `cargo chalice deploy --stage {stage}`; `--stage`, `--function` and `--sandbox` say where to look"
        )
    )]
    NoGroup { function: String, stage: String },

    #[error(transparent)]
    #[diagnostic(transparent)]
    Aws(#[from] AwsError),
}

impl StageError for LogsError {
    fn exit(&self) -> Exit {
        match self {
            Self::NoGroup { .. } => Exit::Failed,
            Self::Aws(error) => error.exit(),
        }
    }
}

impl Event {
    fn from(group: &Group, event: &FilteredLogEvent) -> Self {
        Self {
            time: event
                .timestamp()
                .and_then(|time| Timestamp::from_millisecond(time).ok())
                .unwrap_or_default(),
            function: group.function.clone(),
            stream: event.log_stream_name().unwrap_or_default().to_owned(),
            message: event.message().unwrap_or_default().to_owned(),
            id: event.event_id().unwrap_or_default().to_owned(),
        }
    }
}

impl std::hash::Hash for Event {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (&self.id, self.time, &self.stream, &self.message).hash(state);
    }
}

/// Whether a group whose name begins like ours is the stage's: `orders-dev-x` may be a function `x` of stage `dev` or
/// the function of stage `dev-x`. The tags know.
async fn is_of(aws: &Aws, function: &str, arn: Option<&str>) -> Result<bool, LogsError> {
    if function == aws.scope.name() {
        return Ok(true);
    }
    let Some(arn) = arn.filter(|_| function.starts_with(&format!("{}-", aws.scope.name()))) else {
        return Ok(false);
    };
    let call = Call::new(Service::Logs, "ListTagsForResource", arn);
    let answer =
        aws.read(&call, || aws.logs.list_tags_for_resource().resource_arn(arn).send()).await.or_missing()?;
    let tags = answer.and_then(|answer| answer.tags).unwrap_or_default();
    let is = |tag: &str, value: &str| tags.get(tag).is_some_and(|found| found == value);
    Ok(is(TAG_APP, aws.scope.app.as_str()) && is(TAG_STAGE, aws.scope.stage.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(second: i64, message: &str, id: &str) -> Event {
        Event {
            time: Timestamp::from_second(second).unwrap(),
            function: "f".to_owned(),
            stream: "s".to_owned(),
            message: message.to_owned(),
            id: id.to_owned(),
        }
    }

    /// What a reader gives at each of several looks, as texts.
    fn given(looks: &[&[Event]]) -> Vec<Vec<String>> {
        let mut reader = Reader::new(Vec::new(), Timestamp::UNIX_EPOCH, None);
        let texts = |events: Vec<Event>| events.into_iter().map(|event| event.message).collect();
        looks.iter().map(|look| texts(reader.fresh(look.to_vec()))).collect()
    }

    #[test]
    fn an_event_is_given_once_and_a_late_one_still_comes() {
        let (a, b, late) = (event(100, "a", "1"), event(102, "b", "2"), event(101, "late", "3"));
        assert_eq!(
            given(&[&[b.clone(), a.clone()], &[a.clone(), b.clone()], &[a, late, b]]),
            [vec!["a", "b"], vec![], vec!["late"]]
        );
    }

    #[test]
    fn equal_lines_without_an_id_are_as_many_as_were_logged() {
        let tick = event(100, "tick", "");
        assert_eq!(
            given(&[&[tick.clone(), tick.clone()], &[tick.clone(), tick.clone(), tick]]),
            [vec!["tick", "tick"], vec!["tick"]]
        );
    }

    #[test]
    fn what_is_remembered_does_not_grow_with_time() {
        let mut reader = Reader::new(Vec::new(), Timestamp::UNIX_EPOCH, None);
        for second in (0..10_000).step_by(10) {
            reader.fresh(vec![event(second, "x", "")]);
        }
        assert!(reader.given.len() < 10, "{}", reader.given.len());
        assert_eq!(reader.from, Timestamp::from_second(9930).unwrap());
    }
}
