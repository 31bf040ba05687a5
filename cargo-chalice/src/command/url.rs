//! `cargo chalice url`: where the API is. AWS is asked; nothing is remembered.

use miette::Diagnostic;
use serde::Serialize;
use thiserror::Error;

use crate::cli::UrlArgs;
use crate::command::connect::connect;
use crate::failure::{Exit, Failure, StageError};
use crate::project::Project;
use crate::report::Report;
use crate::resource::api;

/// Prints the URL.
pub async fn run(args: &UrlArgs, report: &mut Report) -> Result<Exit, Failure> {
    let project = Project::find(&args.project)?;
    let aws = connect(&project, &args.aws, report).await?;
    let Some(url) = api::url(&api::observe(&aws).await?) else {
        let stage = aws.scope.name();
        return Err(UrlError::NotDeployed { stage }.into());
    };
    report.data(&url, &Url { url: &url });
    Ok(Exit::Success)
}

#[derive(Serialize)]
struct Url<'u> {
    url: &'u str,
}

/// Why there is no URL.
#[derive(Debug, Error, Diagnostic)]
pub enum UrlError {
    #[error("`{stage}` has no API here")]
    #[diagnostic(
        code(chalice::url::not_deployed),
        help("deploy it with `cargo chalice deploy`, or look at `--stage`, `--region` and `--profile`")
    )]
    NotDeployed { stage: String },
}

impl StageError for UrlError {
    fn exit(&self) -> Exit {
        Exit::Failed
    }
}
