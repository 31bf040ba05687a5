//! `cargo chalice routes`: what the binary declares.

use chalice_rs_manifest::{FunctionName, Guard, Manifest, Route};
use miette::Diagnostic;
use serde::Serialize;
use thiserror::Error;

use crate::artifact;
use crate::cli::RoutesArgs;
use crate::compile::{self, Messages};
use crate::failure::{Exit, Failure, StageError};
use crate::project::Project;
use crate::report::{Report, table};
use crate::suggest;

/// Builds for this machine and prints the routes.
pub async fn run(args: &RoutesArgs, report: &mut Report) -> Result<Exit, Failure> {
    let project = Project::find(&args.project)?;
    let executable = compile::host(&project, &args.cargo, Messages::PassThrough, report).await?;
    let manifest = artifact::manifest(&project, &executable)?;
    let app = project.app.as_str();
    if let Some(name) = &args.function {
        exists(name, app, &manifest)?;
    }
    let is_asked_for = |route: &&Route| match &args.function {
        None => true,
        Some(name) => route.rules.lambda.as_ref().map_or(app, |lambda| lambda.as_str()) == name,
    };
    let lines: Vec<Line<'_>> = manifest.routes.iter().filter(is_asked_for).flat_map(lines).collect();
    report.data(&text(&lines), &lines);
    Ok(Exit::Success)
}

fn exists(name: &str, app: &str, manifest: &Manifest) -> Result<(), RoutesError> {
    let parts = manifest.functions().into_iter().map(FunctionName::as_str);
    let all: Vec<&str> = std::iter::once(app).chain(parts).collect();
    if all.contains(&name) {
        return Ok(());
    }
    Err(RoutesError::NoSuchFunction { name: name.to_owned(), help: suggest::help(name, &all) })
}

/// A table; with columns for authorizers and Lambda functions, if there are any.
fn text(lines: &[Line<'_>]) -> String {
    if lines.iter().any(|line| line.lambda.is_some()) {
        let rows = lines.iter().map(|line| {
            [
                line.method.to_owned(),
                line.path.clone(),
                line.function.to_owned(),
                line.caller(),
                line.lambda.unwrap_or("-").to_owned(),
                line.source.clone(),
            ]
        });
        return table(["METHOD", "PATH", "FUNCTION", "AUTHORIZER", "LAMBDA", "SOURCE"], rows);
    }
    if lines.iter().all(|line| line.authorizer.is_none()) {
        let rows = lines.iter().map(|line| {
            [line.method.to_owned(), line.path.clone(), line.function.to_owned(), line.source.clone()]
        });
        return table(["METHOD", "PATH", "FUNCTION", "SOURCE"], rows);
    }
    let rows = lines.iter().map(|line| {
        let function = line.function.to_owned();
        [line.method.to_owned(), line.path.clone(), function, line.caller(), line.source.clone()]
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

impl Line<'_> {
    fn caller(&self) -> String {
        let authorizer = self.authorizer.unwrap_or("-");
        match self.scopes {
            [] => authorizer.to_owned(),
            scopes => format!("{authorizer} ({})", scopes.join(" ")),
        }
    }
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

/// Why there are no routes to show.
#[derive(Debug, Error, Diagnostic)]
pub enum RoutesError {
    #[error("`--function {name}`: the app has no such function")]
    #[diagnostic(code(chalice::routes::no_such_function), help("{help}"))]
    NoSuchFunction { name: String, help: String },
}

impl StageError for RoutesError {
    fn exit(&self) -> Exit {
        Exit::Usage
    }
}
