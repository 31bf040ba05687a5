//! One recipe per command: a straight line of stages, each a value made from the one before.

mod connect;

mod new;

mod build;
mod local;
mod openapi;
mod routes;

mod delete;
mod deploy;
mod plan;
mod url;

mod invoke;
mod logs;

mod completions;
mod config;
mod doctor;
mod sandbox;

use crate::cli::{Cli, Command};
use crate::failure::{Exit, Failure};
use crate::report::Report;

/// Runs the command.
pub async fn run(cli: &Cli, report: &mut Report) -> Result<Exit, Failure> {
    match &cli.command {
        Command::New(args) => new::run(args, report).await,
        Command::Config(args) => config::run(args, report).await,
        Command::Doctor(args) => doctor::run(args, report).await,
        Command::Completions(args) => completions::run(args, report).await,
        Command::Build(args) => build::run(args, report).await,
        Command::Local(args) => local::run(args, report).await,
        Command::Plan(args) => plan::run(args, report).await,
        Command::Deploy(args) => deploy::run(args, report).await,
        Command::Url(args) => url::run(args, report).await,
        Command::Delete(args) => delete::run(args, report).await,
        Command::Routes(args) => routes::run(args, report).await,
        Command::Openapi(args) => openapi::run(args, report).await,
        Command::Logs(args) => logs::run(args, report).await,
        Command::Invoke(args) => invoke::run(args, report).await,
        Command::Sandbox(args) => sandbox::run(args, report).await,
    }
}
