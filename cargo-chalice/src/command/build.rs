//! `cargo chalice build`: the zip that `deploy` would send, and nothing sent.

use serde::Serialize;

use crate::artifact::{Artifact, Bytes};
use crate::cli::{Architecture, BuildArgs};
use crate::compile::{self, Destination};
use crate::failure::{Exit, Failure};
use crate::project::Project;
use crate::report::Report;

/// Builds for Lambda and prints where the zip lies.
pub async fn run(args: &BuildArgs, report: &mut Report) -> Result<Exit, Failure> {
    let project = Project::find(&args.project)?;
    let binary = compile::lambda(&project, &args.build, Destination::Aws, report).await?;
    let artifact = Artifact::pack(&project, &binary)?;
    let routes = artifact.manifest.routes.iter().map(|route| route.methods.len()).sum();
    let plural = if routes == 1 { "" } else { "s" };
    report.note(&format!(
        "{}, {}, {routes} route{plural}, sha256 {}",
        artifact.architecture,
        Bytes(artifact.size),
        artifact.sha256
    ));
    let summary = Summary {
        zip: artifact.zip.as_str(),
        sha256: &artifact.sha256,
        size: artifact.size,
        architecture: artifact.architecture,
        routes,
    };
    report.data(artifact.zip.as_str(), &summary);
    Ok(Exit::Success)
}

#[derive(Serialize)]
struct Summary<'a> {
    zip: &'a str,
    sha256: &'a str,
    size: u64,
    architecture: Architecture,
    routes: usize,
}
