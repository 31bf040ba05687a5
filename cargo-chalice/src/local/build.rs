//! From saved files to something that can be asked.

use std::io;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use camino::Utf8PathBuf;
use chalice_rs_manifest::{FunctionName, Manifest};
use chalice_rs_wire::gateway::Gateway;

use super::live::Serving;
use super::pool::Pool;
use super::scratch::Scratch;
use super::worker::Function;
use crate::artifact;
use crate::cli::CargoOptions;
use crate::compile::{self, CompileError, Messages};
use crate::failure::Failure;
use crate::project::Project;
use crate::report::{self, Report};
use crate::settings::Settings;

/// What was built, and where it lies.
#[derive(Debug)]
pub struct Built {
    /// The executable, where cargo puts it.
    pub executable: Utf8PathBuf,
    /// What it declares.
    pub manifest: Manifest,
}

/// Why there is nothing new to serve.
#[derive(Debug)]
pub enum Broken {
    /// The code does not compile: the compiler's words, which the terminal has already.
    Code(String),
    /// Something else, which says itself what to do.
    Other(Failure),
}

impl Broken {
    /// What a request is answered with.
    pub fn text(&self) -> String {
        match self {
            Self::Code(text) => text.clone(),
            Self::Other(failure) => report::failure_text(failure),
        }
    }
}

/// Builds the app for this machine and reads what it declares.
pub async fn build(project: &Project, cargo: &CargoOptions, report: &mut Report) -> Result<Built, Broken> {
    // For the terminal, and for whoever sends a request.
    let executable = match compile::host(project, cargo, Messages::AlsoReturn, report).await {
        Ok(executable) => executable,
        Err(CompileError::DoesNotCompile { rendered, .. }) => return Err(Broken::Code(rendered)),
        Err(error) => return Err(Broken::Other(error.into())),
    };
    match artifact::manifest(project, &executable) {
        Ok(manifest) => Ok(Built { executable, manifest }),
        Err(error) => Err(Broken::Other(error.into())),
    }
}

/// Makes a build ready to be asked. The executable is copied: the next build may overwrite it at any
/// time.
pub fn serving(
    project: &Project,
    built: &Built,
    scratch: &Scratch,
    concurrency: usize,
) -> io::Result<Serving> {
    let (folder, executable) = scratch.copy(&built.executable)?;
    let folder = Arc::new(folder);
    let region = region(project);
    let pool = |function: Option<&FunctionName>| {
        let mut name = format!("{}-{}", project.app, project.stage);
        if let Some(function) = function {
            name = format!("{name}-{function}");
        }
        let settings = project.settings.of(function);
        let handler = function.map_or(HANDLER, |function| function.as_str());
        let function = Function {
            executable: executable.clone(),
            folder: project.root.clone(),
            environment: environment(project, &settings, &name, handler),
            arn: format!("arn:aws:lambda:{region}:123456789012:function:{name}"),
            timeout: Duration::from_secs(settings.timeout.into()),
        };
        Arc::new(Pool::new(function, Arc::clone(&folder), concurrency))
    };
    let functions = built.manifest.functions().into_iter();
    let functions = functions.map(|name| (name.clone(), pool(Some(name)))).collect();
    Ok(Serving { gateway: Gateway::new(&built.manifest), routes: pool(None), functions })
}

/// The handler string of the function of all routes.
const HANDLER: &str = "bootstrap";

/// What Lambda sets, and the stage's own variables.
/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html>
fn environment(project: &Project, settings: &Settings, name: &str, handler: &str) -> Vec<(String, String)> {
    let region = region(project);
    let today = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let today = jiff::Timestamp::from_second(today.as_secs().cast_signed()).unwrap_or_default();
    let stream = format!("{}/[$LATEST]{:032x}", today.strftime("%Y/%m/%d"), fastrand::u128(..));
    let set = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mut variables = vec![
        set("AWS_LAMBDA_FUNCTION_NAME", name),
        set("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        set("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", &settings.memory.to_string()),
        set("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"),
        set("AWS_LAMBDA_LOG_GROUP_NAME", &format!("/aws/lambda/{name}")),
        set("AWS_LAMBDA_LOG_STREAM_NAME", &stream),
        // On Lambda it is JSON; here a person reads it.
        set("AWS_LAMBDA_LOG_FORMAT", "Text"),
        set("AWS_EXECUTION_ENV", "AWS_Lambda_provided.al2023"),
        set("AWS_REGION", region),
        set("AWS_DEFAULT_REGION", region),
        set("LAMBDA_TASK_ROOT", project.root.as_str()),
        set("_HANDLER", handler),
        set("TZ", ":UTC"),
    ];
    variables.extend(settings.variables());
    variables
}

fn region(project: &Project) -> &str {
    let of_machine =
        || project.machine.variable("AWS_REGION").or(project.machine.variable("AWS_DEFAULT_REGION"));
    project.settings.region.as_deref().or_else(of_machine).unwrap_or("us-east-1")
}
