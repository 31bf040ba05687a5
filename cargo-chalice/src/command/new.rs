//! `cargo chalice new`: a project that builds and passes its test at once.

use std::process::{Command, Stdio};

use camino::{Utf8Path, Utf8PathBuf};
use chalice_rs_manifest::{AppName, NameError};
use miette::Diagnostic;
use thiserror::Error;

use crate::cli::{Library, NewArgs};
use crate::failure::{Exit, Failure, StageError};
use crate::machine::Machine;
use crate::report::Report;
use crate::template;

/// Writes the project and says what comes next.
pub async fn run(args: &NewArgs, report: &mut Report) -> Result<Exit, Failure> {
    let machine = Machine::read();
    let app_name = package_name(&args.path)?;
    let chalice_rs = dependency(args.library)?;
    let folder = machine.folder().join(&args.path);
    if folder.exists() {
        return Err(NewError::Exists { folder: args.path.clone() }.into());
    }
    template::expand(&folder, &template::Values { app_name, chalice_rs })?;

    start_repository(&folder, &machine);
    if let Some(workspace) = refusing_workspace(&folder, &machine) {
        report.note(&format!("add `{}` to `members` in `{}`", args.path, machine.relative(&workspace)));
    }
    report.note(&format!(
        "made `{0}`; next:\n  cd {0}\n  cargo chalice local     # try it on this machine\n  cargo chalice deploy    # put it on AWS",
        args.path
    ));
    report.data(args.path.as_str(), &serde_json::json!({ "project": folder }));
    Ok(Exit::Success)
}

/// Names that a package cannot have although their letters are right: keywords cannot be a crate,
/// `test` and the others are taken by the compiler, by cargo or by the project's own dependencies.
/// <https://doc.rust-lang.org/reference/keywords.html>
const TAKEN: [&str; 72] = [
    "abstract",
    "alloc",
    "as",
    "async",
    "await",
    "become",
    "box",
    "break",
    "build",
    "chalice-rs",
    "const",
    "continue",
    "core",
    "crate",
    "deps",
    "do",
    "dyn",
    "else",
    "enum",
    "examples",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "incremental",
    "let",
    "loop",
    "macro",
    "main",
    "match",
    "mod",
    "move",
    "mut",
    "override",
    "priv",
    "proc-macro",
    "pub",
    "ref",
    "return",
    "self",
    "serde-json",
    "static",
    "std",
    "struct",
    "super",
    "test",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "union",
    "unsafe",
    "unsized",
    "use",
    "virtual",
    "where",
    "while",
    "yield",
    "aux",
    "com1",
    "con",
    "lpt1",
    "nul",
    "prn",
    "target",
    "src",
];

/// The last part of the path, when it can be a package's and an app's name.
fn package_name(path: &Utf8Path) -> Result<String, NewError> {
    let name = path.file_name().unwrap_or_default();
    if let Err(source) = name.parse::<AppName>() {
        return Err(NewError::Name { help: source.help(), source });
    }
    if TAKEN.contains(&name.to_lowercase().replace('_', "-").as_str()) {
        return Err(NewError::Taken { name: name.to_owned() });
    }
    Ok(name.to_owned())
}

/// Where the project gets the library from.
fn dependency(library: Option<Library>) -> Result<toml::Value, NewError> {
    // Where this program was built from; only a checkout has the library beside it.
    let checkout = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name(crate::project::LIBRARY);
    let is_there = checkout.join("Cargo.toml").is_file();
    match library {
        Some(Library::Checkout) if !is_there => Err(NewError::NoCheckout { folder: checkout }),
        Some(Library::Registry) => Ok(env!("CARGO_PKG_VERSION").into()),
        None if !is_there => Ok(env!("CARGO_PKG_VERSION").into()),
        Some(Library::Checkout) | None => {
            let path = ("path".to_owned(), toml::Value::from(checkout.as_str()));
            Ok(toml::Value::Table([path].into_iter().collect()))
        }
    }
}

/// As `cargo new`: a repository of its own, unless there is one around it, or no git.
fn start_repository(folder: &Utf8Path, machine: &Machine) {
    if folder.ancestors().any(|folder| folder.join(".git").exists()) {
        return;
    }
    if let Some(git) = machine.program("git") {
        // Without a repository the project works as well.
        let _ =
            Command::new(git).args(["init", "--quiet"]).current_dir(folder).stderr(Stdio::null()).status();
    }
}

/// The workspace around the project that does not count it among its members, if there is one.
fn refusing_workspace(folder: &Utf8Path, machine: &Machine) -> Option<Utf8PathBuf> {
    let manifests = folder.ancestors().skip(1).map(|folder| folder.join("Cargo.toml"));
    let is_workspace = |manifest: &Utf8PathBuf| {
        let text = std::fs::read_to_string(manifest).unwrap_or_default();
        text.parse::<toml::Table>().is_ok_and(|table| table.contains_key("workspace"))
    };
    let workspace = manifests.into_iter().find(is_workspace)?;
    let mut metadata = cargo_metadata::MetadataCommand::new();
    let read = metadata.cargo_path(machine.cargo()).current_dir(folder).no_deps().exec();
    read.is_err().then_some(workspace)
}

/// Why a project cannot have this name.
#[derive(Debug, Error, Diagnostic)]
pub enum NewError {
    #[error("{source}")]
    #[diagnostic(code(chalice::new::name), help("{help}"))]
    Name { source: NameError, help: String },

    #[error("`{name}` cannot be a package's name: Rust or cargo has taken it")]
    #[diagnostic(code(chalice::new::taken), help("add a word, as in `{name}-api`"))]
    Taken { name: String },

    #[error("`{folder}` exists already")]
    #[diagnostic(code(chalice::new::exists), help("choose another name, or remove it first"))]
    Exists { folder: Utf8PathBuf },

    #[error("there is no checkout of chalice-rs at `{folder}`")]
    #[diagnostic(code(chalice::new::no_checkout), help("leave out `--library`, or use `--library registry`"))]
    NoCheckout { folder: Utf8PathBuf },
}

impl StageError for NewError {
    fn exit(&self) -> Exit {
        match self {
            Self::Exists { .. } => Exit::Project,
            _ => Exit::Usage,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_cargo_would_refuse_are_refused_before_anything_is_written() {
        for name in ["test", "fn", "async", "serde_json", "chalice-rs", "Self", "con", "build"] {
            assert!(matches!(package_name(Utf8Path::new(name)), Err(NewError::Taken { .. })), "{name}");
        }
        for name in ["", "..", "a b", "1a", "_a", "-a", "é", &"a".repeat(41)] {
            assert!(matches!(package_name(Utf8Path::new(name)), Err(NewError::Name { .. })), "{name}");
        }
        for (path, name) in [("hello", "hello"), ("a/b/my-app_2", "my-app_2"), ("./x/", "x")] {
            assert_eq!(package_name(Utf8Path::new(path)).ok().as_deref(), Some(name));
        }
    }

    #[test]
    fn the_dependency_is_this_checkout_or_the_version_on_the_registry() {
        let checkout = dependency(None).expect("a checkout").to_string();
        assert!(checkout.starts_with("{ path = \"") && checkout.ends_with("chalice-rs\" }"), "{checkout}");
        assert_eq!(dependency(Some(Library::Registry)).expect("a version").to_string(), "\"0.1.0\"");
    }
}
