//! The project: which package, which stage, and what `Chalice.toml` says for it.
//!
//! Not here: the file's own grammar (`config.rs`) and what AWS takes (`settings.rs`).

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use cargo_metadata::{Metadata, MetadataCommand, Package};
use chalice_rs_manifest::{AppName, Stage};
use miette::Diagnostic;
use thiserror::Error;

use crate::cli::ProjectOptions;
use crate::config::{self, Config, ConfigError};
use crate::failure::{Exit, StageError};
use crate::machine::Machine;
use crate::settings::{self, Origin};
use crate::suggest;

pub use crate::settings::Settings;

/// The package that every app depends on.
pub const LIBRARY: &str = "chalice-rs";

/// One package that uses `chalice-rs`, and the settings of one stage.
#[derive(Debug, Clone)]
pub struct Project {
    /// The package's folder; `Chalice.toml` lies here.
    pub root: Utf8PathBuf,
    /// The package's `Cargo.toml`.
    pub manifest_path: Utf8PathBuf,
    /// The folder of the workspace; the package's own when there is none.
    pub workspace_root: Utf8PathBuf,
    /// The package's name.
    pub package: String,
    /// What the package calls the library.
    pub library: String,
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
    /// Where the app's name and each setting come from.
    pub origins: BTreeMap<String, Origin>,
    /// The environment this was found in.
    pub machine: Machine,
}

impl Project {
    /// Finds the project and reads its settings.
    pub fn find(options: &ProjectOptions) -> Result<Self, ProjectError> {
        let machine = Machine::read();
        let metadata = metadata(options, &machine)?;
        let package = choose(&metadata, options, &machine)?;
        let binary = binary(package)?;
        let root = folder(package);

        let config = read_config(root, &machine)?;
        let config::Effective { app, settings, mut origins } = config.effective(&options.stage);
        for function in std::iter::once(None).chain(settings.functions.keys().map(Some)) {
            let settings = settings.of(function);
            let stage = options.stage.clone();
            let size = settings::environment_size(&settings.variables());
            if size > settings::ENVIRONMENT_LIMIT {
                return Err(ProjectError::EnvironmentTooLarge { stage, size });
            }
            let size = settings::policy_size(&settings.policy);
            if size > settings::POLICY_LIMIT {
                return Err(ProjectError::PolicyTooLarge { stage, size });
            }
        }
        let app = match app {
            Some(app) => app,
            None => {
                origins.insert("app".to_owned(), Origin::Package);
                package.name.parse().map_err(|source: chalice_rs_manifest::NameError| {
                    ProjectError::PackageName { help: source.help(), source }
                })?
            }
        };

        Ok(Self {
            root: root.to_owned(),
            manifest_path: package.manifest_path.clone(),
            workspace_root: metadata.workspace_root.clone(),
            package: package.name.to_string(),
            library: library(package).unwrap_or(LIBRARY).to_owned(),
            binary,
            target_dir: metadata.target_directory.clone(),
            app,
            stage: options.stage.clone(),
            settings,
            origins,
            machine,
        })
    }
}

/// What cargo knows of the packages at the folder.
fn metadata(options: &ProjectOptions, machine: &Machine) -> Result<Metadata, ProjectError> {
    let folder = match &options.project {
        Some(folder) => machine.folder().join(folder),
        None => machine.folder().to_owned(),
    };
    if !folder.is_dir() {
        return Err(ProjectError::NoSuchFolder { folder: machine.relative(&folder).to_owned() });
    }
    let manifest =
        folder.ancestors().map(|folder| folder.join("Cargo.toml")).find(|manifest| manifest.is_file());
    let Some(manifest) = manifest else {
        return Err(ProjectError::NotACargoProject { folder });
    };
    let mut command = MetadataCommand::new();
    command.cargo_path(machine.cargo()).current_dir(&folder).manifest_path(&manifest).no_deps();
    command.exec().map_err(|error| match error {
        cargo_metadata::Error::CargoMetadata { stderr } => {
            ProjectError::Cargo { message: stderr.trim().trim_start_matches("error: ").to_owned() }
        }
        error => ProjectError::Metadata(error),
    })
}

/// The package that is meant: the one named, the one we stand in, or the only app of the workspace.
fn choose<'m>(
    metadata: &'m Metadata,
    options: &ProjectOptions,
    machine: &Machine,
) -> Result<&'m Package, ProjectError> {
    let packages = metadata.workspace_packages();
    let apps: Vec<&str> =
        packages.iter().filter(|package| is_app(package)).map(|package| package.name.as_str()).collect();
    let named = |name: &str| packages.iter().copied().find(|package| package.name == name);

    if let Some(name) = &options.package {
        let Some(package) = named(name) else {
            return Err(ProjectError::NoSuchPackage {
                help: candidates(&apps, Some(name)),
                name: name.clone(),
            });
        };
        return app_or_error(package, &apps);
    }
    let folder = machine.folder().join(options.project.as_deref().unwrap_or(Utf8Path::new("")));
    // The folder may be reached by a symbolic link; cargo reports the real path.
    let folder = folder.canonicalize_utf8().unwrap_or(folder);
    let here = packages
        .iter()
        .copied()
        .filter(|package| {
            let root = self::folder(package);
            folder.starts_with(root.canonicalize_utf8().as_deref().unwrap_or(root))
        })
        .max_by_key(|package| package.manifest_path.components().count());
    match (here, apps.as_slice()) {
        (Some(package), _) if is_app(package) => Ok(package),
        // In the workspace's own folder, which may be a package too, its only app is meant.
        (Some(package), [_, ..]) if self::folder(package) != metadata.workspace_root => {
            app_or_error(package, &apps)
        }
        (Some(package), []) => app_or_error(package, &apps),
        (_, [only]) => {
            named(only).ok_or(ProjectError::NoApp { folder: machine.relative(&folder).to_owned() })
        }
        (None, []) => Err(ProjectError::NoApp { folder: machine.relative(&folder).to_owned() }),
        (_, several) => {
            Err(ProjectError::SeveralApps { count: several.len(), help: candidates(several, None) })
        }
    }
}

fn is_app(package: &Package) -> bool {
    uses_library(package) && package.targets.iter().any(|target| target.is_bin())
}

fn uses_library(package: &Package) -> bool {
    library(package).is_some()
}

/// What the package calls the library, if it uses it.
fn library(package: &Package) -> Option<&str> {
    let mut all = package.dependencies.iter();
    let found = all.find(|dependency| {
        dependency.name == LIBRARY && dependency.kind == cargo_metadata::DependencyKind::Normal
    })?;
    Some(found.rename.as_deref().unwrap_or(LIBRARY))
}

fn app_or_error<'m>(package: &'m Package, apps: &[&str]) -> Result<&'m Package, ProjectError> {
    if uses_library(package) {
        return Ok(package);
    }
    let add = format!("add it with `cargo add {LIBRARY}`");
    let help = if apps.is_empty() { add } else { format!("{add}, or {}", candidates(apps, None)) };
    Err(ProjectError::NoLibrary { package: package.name.to_string(), help })
}

fn candidates(apps: &[&str], name: Option<&str>) -> String {
    match name.and_then(|name| suggest::nearest(name, apps.iter().copied())) {
        Some(near) => format!("did you mean `{near}`?"),
        None if apps.is_empty() => "no package here uses `chalice-rs`".to_owned(),
        None => format!("choose an app with `--package`: {}", suggest::list(apps)),
    }
}

/// The binary that is deployed: the default one, or the only one.
fn binary(package: &Package) -> Result<String, ProjectError> {
    let names: Vec<&str> =
        package.targets.iter().filter(|target| target.is_bin()).map(|target| target.name.as_str()).collect();
    match (package.default_run.as_deref(), names.as_slice()) {
        (Some(name), _) if names.contains(&name) => Ok(name.to_owned()),
        (_, [only]) => Ok((*only).to_owned()),
        (_, []) => Err(ProjectError::NoBinary { package: package.name.to_string() }),
        (_, several) => Err(ProjectError::SeveralBinaries {
            package: package.name.to_string(),
            help: format!(
                "say which one under `[package]` in `Cargo.toml`, as in `default-run = \"{}\"`; there are {}",
                several[0],
                suggest::list(several)
            ),
        }),
    }
}

fn folder(package: &Package) -> &Utf8Path {
    package.manifest_path.parent().unwrap_or(Utf8Path::new("."))
}

fn read_config(root: &Utf8Path, machine: &Machine) -> Result<Config, ProjectError> {
    let path = root.join(config::FILE);
    let file = machine.relative(&path);
    match std::fs::read_to_string(&path) {
        Ok(text) => Config::parse(file, &text).map_err(|errors| ProjectError::Config {
            file: file.to_owned(),
            count: errors.len(),
            errors,
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => match misspelt(root) {
            Some(found) => Err(ProjectError::MisspeltConfig { found: machine.relative(&found).to_owned() }),
            None => Ok(Config::default()),
        },
        Err(source) => Err(ProjectError::UnreadableConfig { file: file.to_owned(), source }),
    }
}

/// A file that was surely meant to be `Chalice.toml` and would be ignored without a word.
fn misspelt(root: &Utf8Path) -> Option<Utf8PathBuf> {
    let entries = root.read_dir_utf8().ok()?.filter_map(Result::ok);
    let mut names = entries.filter(|entry| entry.file_name().eq_ignore_ascii_case(config::FILE));
    names.next().map(|entry| entry.path().to_owned())
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

    #[error("there is no folder `{folder}`")]
    #[diagnostic(code(chalice::project::no_such_folder), help("name the project's folder with `--project`"))]
    NoSuchFolder { folder: Utf8PathBuf },

    #[error("cargo cannot read the project: {message}")]
    #[diagnostic(
        code(chalice::project::cargo),
        help("`cargo metadata --no-deps` shows the same; mend what it names")
    )]
    Cargo { message: String },

    #[error("cargo did not describe the project")]
    #[diagnostic(
        code(chalice::project::metadata),
        help("check that `cargo --version` works here; `cargo chalice doctor` looks at the rest")
    )]
    Metadata(#[source] cargo_metadata::Error),

    #[error("there is no package `{name}` in this workspace")]
    #[diagnostic(code(chalice::project::no_such_package), help("{help}"))]
    NoSuchPackage { name: String, help: String },

    #[error("the package `{package}` does not use `chalice-rs`")]
    #[diagnostic(code(chalice::project::no_library), help("{help}"))]
    NoLibrary { package: String, help: String },

    #[error("no package of the workspace at `{folder}` uses `chalice-rs`")]
    #[diagnostic(
        code(chalice::project::no_app),
        help(
            "make an app with `cargo chalice new hello`, or add the library to a package with `cargo add chalice-rs`"
        )
    )]
    NoApp { folder: Utf8PathBuf },

    #[error("the workspace has {count} apps")]
    #[diagnostic(code(chalice::project::several_apps), help("{help}"))]
    SeveralApps { count: usize, help: String },

    #[error("the package `{package}` has no binary")]
    #[diagnostic(
        code(chalice::project::no_binary),
        help("put `#[chalice_rs::main] fn main() -> App` into `src/main.rs`")
    )]
    NoBinary { package: String },

    #[error("the package `{package}` has several binaries")]
    #[diagnostic(code(chalice::project::several_binaries), help("{help}"))]
    SeveralBinaries { package: String, help: String },

    #[error("the package's name cannot be the app's: {source}")]
    #[diagnostic(
        code(chalice::project::package_name),
        help("{help}; or set `app = \"..\"` in `Chalice.toml`")
    )]
    PackageName { source: chalice_rs_manifest::NameError, help: String },

    #[error("`{file}` has {count} mistakes")]
    #[diagnostic(code(chalice::project::config), help("mend each of them; nothing was changed"))]
    Config {
        file: Utf8PathBuf,
        count: usize,
        #[related]
        errors: Vec<ConfigError>,
    },

    #[error("`{found}` is not read")]
    #[diagnostic(code(chalice::project::misspelt_config), help("rename it to `Chalice.toml`"))]
    MisspeltConfig { found: Utf8PathBuf },

    #[error("cannot read `{file}`")]
    #[diagnostic(
        code(chalice::project::unreadable_config),
        help("the file is UTF-8 text that you may read; check its permissions and encoding")
    )]
    UnreadableConfig { file: Utf8PathBuf, source: std::io::Error },

    #[error(
        "the environment variables of stage `{stage}` take {size} bytes; Lambda takes {}",
        settings::ENVIRONMENT_LIMIT
    )]
    #[diagnostic(
        code(chalice::project::environment_too_large),
        help(
            "keep large values elsewhere (SSM Parameter Store, S3) and put only their names under `[environment]`"
        )
    )]
    EnvironmentTooLarge { stage: Stage, size: usize },

    #[error(
        "the policies of stage `{stage}` take {size} characters for one function; IAM takes {}",
        settings::POLICY_LIMIT
    )]
    #[diagnostic(
        code(chalice::project::policy_too_large),
        help("name several resources with one `*` in their ARN, or split the function in two")
    )]
    PolicyTooLarge { stage: Stage, size: usize },
}

impl StageError for ProjectError {
    fn exit(&self) -> Exit {
        Exit::Project
    }
}
