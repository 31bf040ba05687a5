//! Projects for the tool to work on, and the tool's answer.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The library of this checkout.
pub const LIBRARY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../chalice-rs");

/// An app with one route, for tests whose subject is something else.
pub const HELLO: &str = r#"use chalice_rs::prelude::*;

#[route("/hello/<name>", methods = ["GET"])]
async fn hello(name: String) -> String {
    name
}

#[chalice_rs::main]
async fn main() -> App {
    App::new()
}
"#;

/// A folder with files in it.
pub struct Folder {
    path: PathBuf,
    /// Removed with the value, when the folder is a temporary one.
    _temporary: Option<tempfile::TempDir>,
}

impl Folder {
    /// Outside of every project and repository, removed afterwards.
    pub fn temporary() -> Self {
        let temporary = tempfile::tempdir().expect("a temporary folder");
        Self { path: temporary.path().canonicalize().expect("its path"), _temporary: Some(temporary) }
    }

    /// For projects that are compiled: the same path in every run, so that cargo need not start anew.
    pub fn of(test: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli").join(test);
        if path.exists() {
            std::fs::remove_dir_all(&path).expect("to remove what the last run left");
        }
        std::fs::create_dir_all(&path).expect("a folder");
        Self { path, _temporary: None }
    }

    /// The folder's path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Adds a file.
    pub fn file(self, name: &str, text: &str) -> Self {
        let path = self.path.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        std::fs::write(path, text).expect("a file");
        self
    }

    /// Adds a package that uses the library. Packages in one target folder need different names.
    pub fn app(self, folder: &str, name: &str, main: &str) -> Self {
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
             [dependencies]\nchalice-rs = {{ path = '{LIBRARY}' }}\n"
        );
        self.file(&format!("{folder}/Cargo.toml"), &manifest).file(&format!("{folder}/src/main.rs"), main)
    }

    /// Runs the tool in the folder.
    pub fn chalice(&self, arguments: &[&str]) -> Answer {
        Answer::of(chalice(&self.path, arguments).output().expect("to run the tool"))
    }
}

/// The tool, ready to run in a folder: one target folder for all projects that stay, nobody's AWS.
pub fn chalice(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-chalice"));
    command.current_dir(folder).arg("chalice").args(arguments).stdin(Stdio::null());
    command.env("CARGO_INCREMENTAL", "0");
    if folder.starts_with(env!("CARGO_TARGET_TMPDIR")) {
        command.env("CARGO_TARGET_DIR", target_dir());
    } else {
        command.env_remove("CARGO_TARGET_DIR");
    }
    for name in [
        "RUSTFLAGS",
        "CARGO_ENCODED_RUSTFLAGS",
        "NO_COLOR",
        "CLICOLOR_FORCE",
        "AWS_PROFILE",
        "AWS_DEFAULT_REGION",
        "AWS_REGION",
    ] {
        command.env_remove(name);
    }
    command
}

/// Where the projects that stay are built.
pub fn target_dir() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli-target")
}

/// What the tool answered.
#[derive(Debug)]
pub struct Answer {
    pub exit: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Answer {
    /// Reads what a program answered.
    pub fn of(output: Output) -> Self {
        Self {
            exit: output.status.code().expect("an exit code"),
            stdout: String::from_utf8(output.stdout).expect("UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }

    /// The answer, which is a success.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.exit, 0, "{self:#?}");
        self
    }

    /// Checks that the tool refused: the exit code, nothing on stdout, and an error that says these.
    #[track_caller]
    pub fn refused(&self, exit: i32, says: &[&str]) {
        assert_eq!(self.exit, exit, "{self:#?}");
        assert_eq!(self.stdout, "", "an error is no data");
        for text in says {
            assert!(self.stderr.contains(text), "`{text}` is not in:\n{}", self.stderr);
        }
        assert!(!self.stderr.contains("panicked at cargo-chalice"), "{}", self.stderr);
    }

    /// The last line of stdout.
    pub fn last_line(&self) -> &str {
        self.stdout.lines().last().unwrap_or_default()
    }

    /// Stdout as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }
}
