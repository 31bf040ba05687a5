//! `cargo chalice openapi`: the routes as an OpenAPI document.
//!
//! The records say which routes there are; what goes in and comes out only the types say, and those only
//! to the compiler. So the program is built with what describes them, and asked. It answers before
//! anything of the user's has run, and gets nothing of this process's environment.

use std::collections::BTreeSet;
use std::process::Stdio;

use camino::{Utf8Path, Utf8PathBuf};
use miette::Diagnostic;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use thiserror::Error;
use tokio::process::Command;

use crate::artifact;
use crate::cli::{CargoOptions, OpenapiArgs};
use crate::compile::{self, Messages};
use crate::failure::{Exit, Failure, StageError};
use crate::project::Project;
use crate::report::Report;

/// Builds for this machine, asks the program, and prints its document or writes it to a file.
pub async fn run(args: &OpenapiArgs, report: &mut Report) -> Result<Exit, Failure> {
    let project = Project::find(&args.project)?;
    let executable =
        compile::host(&project, &describing(&args.cargo, &project), Messages::PassThrough, report).await?;
    // What is wrong with the app as a whole is said here, in the tool's words.
    artifact::manifest(&project, &executable)?;
    let Described { mut document, notes } = ask(&executable, &project).await?;
    document.amend(args);
    document.check()?;
    for note in notes {
        report.note(&format!("note: {note}"));
    }

    let text = serde_json::to_string_pretty(&document).map_err(OpenapiError::from)?;
    match &args.output {
        None => report.data(&text, &document),
        Some(file) => {
            let path = project.machine.folder().join(file);
            std::fs::write(&path, text + "\n")
                .map_err(|source| OpenapiError::Write { file: file.clone(), source })?;
            report.data(file.as_str(), &json!({ "file": path }));
        }
    }
    Ok(Exit::Success)
}

/// The same build, with the library's part that describes types.
fn describing(cargo: &CargoOptions, project: &Project) -> CargoOptions {
    let mut cargo = cargo.clone();
    cargo.features.push(format!("{}/openapi", project.library));
    cargo
}

/// What the program answers.
#[derive(Deserialize)]
struct Described {
    document: Document,
    notes: Vec<String>,
}

async fn ask(executable: &Utf8Path, project: &Project) -> Result<Described, OpenapiError> {
    let mut command = Command::new(executable);
    command.env_clear().env("CHALICE_DESCRIBE", "openapi").current_dir(&project.root);
    command.stdin(Stdio::null()).kill_on_drop(true);
    let output = command
        .output()
        .await
        .map_err(|source| OpenapiError::NotStarted { program: executable.to_owned(), source })?;
    let said = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout)
        .map_err(|_| OpenapiError::NoAnswer { program: executable.to_owned(), said: said.trim().to_owned() })
}

/// The document, its parts in the order in which people read them.
#[derive(Debug, Serialize, Deserialize)]
struct Document {
    openapi: String,
    info: Info,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    servers: Vec<Value>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tags: Vec<Value>,
    paths: Map<String, Value>,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    components: Map<String, Value>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Info {
    title: String,
    version: String,
}

impl Document {
    /// What the command line says instead of the program.
    fn amend(&mut self, args: &OpenapiArgs) {
        self.info.title = args.title.clone().unwrap_or(std::mem::take(&mut self.info.title));
        self.info.version = args.api_version.clone().unwrap_or(std::mem::take(&mut self.info.version));
        self.servers.extend(args.servers.iter().map(|url| json!({ "url": url })));
    }

    /// Finds what no tool could read: types can describe themselves as they like.
    fn check(&self) -> Result<(), OpenapiError> {
        let names: BTreeSet<String> = self
            .components
            .iter()
            .flat_map(|(kind, of_a_kind)| {
                let names = of_a_kind.as_object().into_iter().flat_map(Map::keys);
                names.map(move |name| format!("#/components/{kind}/{name}"))
            })
            .collect();
        let is_name = |name: &str| {
            name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
        };
        for name in &names {
            let name = name.rsplit('/').next().unwrap_or_default();
            if !is_name(name) {
                return Err(OpenapiError::Name { name: name.to_owned() });
            }
        }
        let mut unknown = None;
        let components = self.components.values();
        for part in self.paths.values().chain(components) {
            references(part, &mut |reference| {
                if !names.contains(reference) {
                    unknown = Some(reference.to_owned());
                }
            });
        }
        match unknown {
            Some(reference) => Err(OpenapiError::Reference { reference }),
            None => Ok(()),
        }
    }
}

fn references(value: &Value, visit: &mut impl FnMut(&str)) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(reference) if name == "$ref" => visit(reference),
                    value => references(value, visit),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| references(value, visit)),
        _ => {}
    }
}

/// Why there is no document.
#[derive(Debug, Error, Diagnostic)]
pub enum OpenapiError {
    #[error("`{program}` cannot be started")]
    #[diagnostic(
        code(chalice::openapi::not_started),
        help("it has to run on this machine; check the `target` in cargo's configuration")
    )]
    NotStarted { program: Utf8PathBuf, source: std::io::Error },

    #[error("`{program}` does not describe itself{}", if said.is_empty() { String::new() } else { format!(": {said}") })]
    #[diagnostic(
        code(chalice::openapi::no_answer),
        help(
            "use the same version of `chalice-rs` and `cargo-chalice`, and let `main` be `#[chalice_rs::main]`"
        )
    )]
    NoAnswer { program: Utf8PathBuf, said: String },

    #[error("a schema is called `{name}`, and OpenAPI takes letters, digits, `.`, `-` and `_`")]
    #[diagnostic(
        code(chalice::openapi::name),
        help("give its type another name with `#[schemars(rename = \"..\")]`")
    )]
    Name { name: String },

    #[error("a schema names `{reference}`, which is not in the document")]
    #[diagnostic(
        code(chalice::openapi::reference),
        help(
            "a `JsonSchema` that is written by hand names other types with `SchemaGenerator::subschema_for`"
        )
    )]
    Reference { reference: String },

    #[error("the document cannot be written as JSON")]
    #[diagnostic(code(chalice::openapi::json), help("a number that is no number cannot be in a schema"))]
    Json(#[from] serde_json::Error),

    #[error("cannot write `{file}`")]
    #[diagnostic(
        code(chalice::openapi::write),
        help("check that its folder is there, and that you may write to it")
    )]
    Write { file: Utf8PathBuf, source: std::io::Error },
}

impl StageError for OpenapiError {
    fn exit(&self) -> Exit {
        match self {
            Self::Write { .. } => Exit::Failed,
            Self::NotStarted { .. } | Self::NoAnswer { .. } => Exit::Build,
            Self::Name { .. } | Self::Reference { .. } | Self::Json(_) => Exit::Project,
        }
    }
}
