//! `cargo chalice routes`: what the binary declares.

use serde::Serialize;

use crate::artifact;
use crate::cli::RoutesArgs;
use crate::compile::{self, Messages};
use crate::failure::{Exit, Failure};
use crate::project::Project;
use crate::report::{Report, table};

/// Builds for this machine and prints the routes.
pub async fn run(args: &RoutesArgs, report: &mut Report) -> Result<Exit, Failure> {
    let project = Project::find(&args.project)?;
    let executable = compile::host(&project, &args.cargo, Messages::PassThrough, report).await?;
    let manifest = artifact::manifest(&project, &executable)?;
    let lines: Vec<Line<'_>> = manifest.routes.iter().flat_map(lines).collect();
    let rows = lines.iter().map(|line| {
        [line.method.to_owned(), line.path.clone(), line.function.to_owned(), line.source.clone()]
    });
    report.data(&table(["METHOD", "PATH", "FUNCTION", "SOURCE"], rows), &lines);
    Ok(Exit::Success)
}

/// One method of one route.
#[derive(Debug, Serialize)]
struct Line<'m> {
    method: &'static str,
    path: String,
    function: &'m str,
    module: &'m str,
    /// `file:line`
    source: String,
    doc: Option<&'m str>,
}

fn lines(route: &chalice_rs_manifest::Route) -> impl Iterator<Item = Line<'_>> {
    route.methods.iter().map(|method| Line {
        method: method.as_str(),
        path: route.path.to_string(),
        function: &route.function,
        module: &route.source.module,
        source: route.source.to_string(),
        doc: route.doc.as_deref(),
    })
}
