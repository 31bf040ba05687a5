//! One recipe per command: a straight line of stages, each a value made from the one before.

mod build;
mod local;
mod routes;
mod sandbox;

use crate::cli::{Cli, Command};
use crate::failure::{Exit, Failure};
use crate::report::Report;

/// Runs the command.
pub async fn run(cli: &Cli, report: &mut Report) -> Result<Exit, Failure> {
    match &cli.command {
        Command::Build(args) => build::run(args, report).await,
        Command::Local(args) => local::run(args, report).await,
        Command::Routes(args) => routes::run(args, report).await,
        Command::Sandbox(args) => sandbox::run(args, report).await,
    }
}
