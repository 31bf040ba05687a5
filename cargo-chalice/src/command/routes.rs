//! `cargo chalice routes`: what the binary declares.

use chalice_rs_manifest::{Guard, Route};
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
    report.data(&text(&lines), &lines);
    Ok(Exit::Success)
}

/// A table; with a column for authorizers, if there are any.
fn text(lines: &[Line<'_>]) -> String {
    if lines.iter().all(|line| line.authorizer.is_none()) {
        let rows = lines.iter().map(|line| {
            [line.method.to_owned(), line.path.clone(), line.function.to_owned(), line.source.clone()]
        });
        return table(["METHOD", "PATH", "FUNCTION", "SOURCE"], rows);
    }
    let rows = lines.iter().map(|line| {
        let mut authorizer = line.authorizer.unwrap_or("-").to_owned();
        if !line.scopes.is_empty() {
            authorizer = format!("{authorizer} ({})", line.scopes.join(" "));
        }
        [line.method.to_owned(), line.path.clone(), line.function.to_owned(), authorizer, line.source.clone()]
    });
    table(["METHOD", "PATH", "FUNCTION", "AUTHORIZER", "SOURCE"], rows)
}

/// One method of one route.
#[derive(Debug, Serialize)]
struct Line<'m> {
    method: &'static str,
    path: String,
    function: &'m str,
    module: &'m str,
    /// Who may call, if not everybody: an authorizer's name, or `iam`.
    authorizer: Option<&'m str>,
    /// Of which a token needs one.
    scopes: &'m [String],
    /// The Lambda function beside the one of all routes, if it runs in one.
    lambda: Option<&'m str>,
    /// `file:line`
    source: String,
    doc: Option<&'m str>,
}

fn lines(route: &Route) -> impl Iterator<Item = Line<'_>> {
    route.methods.iter().map(|method| Line {
        method: method.as_str(),
        path: route.path.to_string(),
        function: &route.function,
        module: &route.source.module,
        authorizer: match &route.rules.authorizer {
            None | Some(Guard::None) => None,
            Some(Guard::Iam) => Some("iam"),
            Some(Guard::Named(name)) => Some(name.as_str()),
        },
        scopes: &route.rules.scopes,
        lambda: route.rules.lambda.as_ref().map(|name| name.as_str()),
        source: route.source.to_string(),
        doc: route.doc.as_deref(),
    })
}
