//! `cargo chalice sandbox`: the local AWS by hand. `--sandbox` on other commands does all of this by itself.

use crate::cli::{SandboxArgs, SandboxCommand};
use crate::failure::{Exit, Failure};
use crate::report::Report;
use crate::sandbox::{self, Sandbox, Status, Stopped};

/// Starts, shows, empties or ends it.
pub async fn run(args: &SandboxArgs, report: &mut Report) -> Result<Exit, Failure> {
    match args.command {
        SandboxCommand::Start => {
            let sandbox = sandbox::ensure(report).await?;
            report.note(&how_to_use(&sandbox));
            report.data(&sandbox.endpoint, &Status::Running(sandbox.clone()));
        }
        SandboxCommand::Status => {
            let status = sandbox::status().await?;
            report.data(&in_words(&status), &status);
        }
        SandboxCommand::Reset => {
            let status = sandbox::reset().await?;
            let text = match &status {
                Status::Running(sandbox) => format!("The sandbox at {} is empty.", sandbox.endpoint),
                Status::Stopped => "The sandbox does not run, so there is nothing in it.".to_owned(),
            };
            report.note(&text);
            if report.is_json() {
                report.data("", &status);
            }
        }
        SandboxCommand::Stop => {
            report.note(match sandbox::stop().await? {
                Stopped::Now => "The sandbox is stopped; what was in it is gone.",
                Stopped::Before => "The sandbox does not run.",
            });
            if report.is_json() {
                report.data("", &Status::Stopped);
            }
        }
    }
    Ok(Exit::Success)
}

fn in_words(status: &Status) -> String {
    match status {
        Status::Stopped => "stopped".to_owned(),
        Status::Running(sandbox) => format!(
            "running at {}\naccount {}\nprocess {}\nlog     {}",
            sandbox.endpoint, sandbox.account, sandbox.pid, sandbox.log
        ),
    }
}

fn how_to_use(sandbox: &Sandbox) -> String {
    format!(
        "The sandbox runs. `--sandbox` uses it; other AWS tools do with these:\n\
         export AWS_ENDPOINT_URL={} AWS_REGION={} AWS_ACCESS_KEY_ID=sandbox AWS_SECRET_ACCESS_KEY=sandbox",
        sandbox.endpoint, sandbox.region
    )
}
