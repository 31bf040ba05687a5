//! `cargo chalice logs`: what the functions have logged.

use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::aws::Aws;
use crate::cli::LogsArgs;
use crate::command::connect::connect;
use crate::failure::{Exit, Failure};
use crate::logs::{self, Event, Functions, Line, LogsError, Reader, Shown};
use crate::project::Project;
use crate::report::Report;

/// The pause between two looks of `--follow`; CloudWatch allows a reader five a second.
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html>
const PAUSE: Duration = Duration::from_secs(1);

/// Prints the events since a moment, and with `--follow` the ones to come until Ctrl-C.
pub async fn run(args: &LogsArgs, report: &mut Report) -> Result<Exit, Failure> {
    let project = Project::find(&args.project)?;
    let aws = connect(&project, &args.aws, report).await?;
    let functions = args.function.as_deref().map_or(Functions::All, Functions::Named);
    let groups = logs::groups(&aws, functions).await?;
    let mut reader = Reader::new(groups, args.since.before(Timestamp::now()), args.filter.clone());
    if !args.follow {
        if print(&mut reader, &aws, args, report).await? == 0 {
            let since = &args.since;
            let elsewhere = if args.platform { "" } else { ", `--platform` shows Lambda's own lines" };
            report.note(&format!(
                "Nothing was logged since {since}; `--since 1d` looks further back{elsewhere}."
            ));
        }
        return Ok(Exit::Success);
    }
    let following = async {
        loop {
            print(&mut reader, &aws, args, report).await?;
            if report.is_closed() {
                return Ok(Exit::Success);
            }
            tokio::time::sleep(PAUSE).await;
        }
    };
    tokio::select! {
        ended = following => ended,
        _ = tokio::signal::ctrl_c() => Ok(Exit::Success),
    }
}

/// Prints what is new; says how many lines that was.
async fn print(
    reader: &mut Reader,
    aws: &Aws,
    args: &LogsArgs,
    report: &mut Report,
) -> Result<usize, LogsError> {
    let events = reader.read(aws).await?;
    let several = reader.has_several();
    Ok(events.iter().filter(|event| show(event, args, several, report)).count())
}

/// Prints one event, unless it is bookkeeping that was not asked for.
fn show(event: &Event, args: &LogsArgs, several: bool, report: &mut Report) -> bool {
    let line = logs::parse(&event.message);
    if matches!(line, Line::Platform(_)) && !args.platform {
        return false;
    }
    let function = several.then_some(event.function.as_str());
    let text = Shown { logged: event.time, function, line: &line }.to_string();
    let message = event.message.trim_end();
    let fields = serde_json::from_str(message).ok().filter(Value::is_object);
    report.data(
        &text,
        &Printed { timestamp: event.time, function: &event.function, stream: &event.stream, message, fields },
    );
    true
}

/// An event as `--json` prints it.
#[derive(Serialize)]
struct Printed<'e> {
    timestamp: Timestamp,
    function: &'e str,
    stream: &'e str,
    /// Exactly what was logged.
    message: &'e str,
    /// The same, when it is a JSON object.
    fields: Option<Value>,
}
