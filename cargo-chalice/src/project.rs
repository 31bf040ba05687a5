//! The project: which package, which stage, and what `Chalice.toml` says for it.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use chalice_rs_manifest::{AppName, Stage};
use miette::Diagnostic;
use thiserror::Error;

use crate::cli::{Architecture, ProjectOptions};
use crate::failure::{Exit, StageError};

/// One package that uses `chalice-rs`, and the settings of one stage.
#[derive(Debug, Clone)]
pub struct Project {
    /// The package's folder; `Chalice.toml` lies here.
    pub root: Utf8PathBuf,
    /// The package's `Cargo.toml`.
    pub manifest_path: Utf8PathBuf,
    /// The package's name.
    pub package: String,
    /// The binary target's name.
    pub binary: String,
    /// Cargo's target folder.
    pub target_dir: Utf8PathBuf,
    /// The app's name: the package's, unless `Chalice.toml` says otherwise.
    pub app: AppName,
    /// The stage.
    pub stage: Stage,
    /// The settings of this stage.
    pub settings: Settings,
}

/// What `Chalice.toml` says for one stage, defaults filled in.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The region to deploy to, when the command line has none.
    pub region: Option<String>,
    /// The account this project may be deployed to; any when `None`.
    pub account: Option<String>,
    /// The function's memory in MB, 128 to 10,240.
    pub memory: u32,
    /// The function's timeout in seconds, 1 to 900.
    pub timeout: u32,
    /// The function's processor, when the command line has none.
    pub architecture: Option<Architecture>,
    /// The function's environment variables.
    pub environment: BTreeMap<String, String>,
    /// How many days logs are kept.
    pub log_retention: u32,
    /// Tags on every resource, beside our own.
    pub tags: BTreeMap<String, String>,
}

impl Project {
    /// Finds the project and reads its settings.
    pub fn find(options: &ProjectOptions) -> Result<Self, ProjectError> {
        let _ = options;
        Err(ProjectError::NotACargoProject { folder: Utf8PathBuf::from(".") })
    }
}

/// Why there is no usable project.
#[derive(Debug, Error, Diagnostic)]
pub enum ProjectError {
    #[error("`{folder}` is not in a cargo project")]
    #[diagnostic(
        code(chalice::project::not_a_cargo_project),
        help("make one with `cargo chalice new hello`, or name its folder with `--project`")
    )]
    NotACargoProject { folder: Utf8PathBuf },
}

impl StageError for ProjectError {
    fn exit(&self) -> Exit {
        Exit::Project
    }
}
