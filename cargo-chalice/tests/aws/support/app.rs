//! Writes the projects that the tests deploy.

use std::sync::OnceLock;

use camino::{Utf8Path, Utf8PathBuf};

use super::local_aws::kept_folder;

/// What every app of the tests begins with.
pub const HELLO: &str = r#"
use std::collections::BTreeMap;
use chalice_rs::prelude::*;

#[route("/hello/<name>")]
async fn hello(name: String) -> Json<BTreeMap<&'static str, String>> {
    chalice_rs::log::info!("said hello to {name}");
    Json(BTreeMap::from([("hello", name)]))
}

#[route("/orders/<id>", methods = ["GET", "DELETE"])]
fn order(id: u32) -> String {
    format!("order {id}")
}

#[route("/panics")]
fn panics(request: &Request<'_>) -> String {
    if request.query() == "exit" {
        std::process::exit(7);
    }
    panic!("on purpose")
}

#[chalice_rs::main]
fn main() -> App {
    App::new()
}
"#;

/// A route more.
pub const GOODBYE: &str = r#"
#[route("/goodbye")]
fn goodbye() -> &'static str {
    "goodbye"
}
"#;

/// What holds for single stages of the app that most tests share.
const STAGES: &str = r#"
[stages.pinned]
account = "210987654321"

[stages.tagged.tags]
team = "orders"
"#;

/// A project in the kept folder. All are members of one workspace, so that the library is compiled once for all of them
/// and for many runs.
#[derive(Debug, Clone)]
pub struct App {
    pub folder: Utf8PathBuf,
}

impl App {
    /// The app `hello`, which most tests deploy, each to an account of its own. Nobody changes it.
    pub fn hello() -> Self {
        Self::of("hello")
    }

    /// The app `growing`, whose code one test changes.
    pub fn growing() -> Self {
        Self::of("growing")
    }

    /// The app `updated`, whose settings one test changes.
    pub fn updated() -> Self {
        Self::of("updated")
    }

    fn of(name: &str) -> Self {
        static WORKSPACE: OnceLock<Utf8PathBuf> = OnceLock::new();
        Self { folder: WORKSPACE.get_or_init(workspace).join(name) }
    }

    /// Writes a file, unless it says the same already: cargo goes by the time of change.
    pub fn write(&self, file: &str, text: &str) {
        write(&self.folder.join(file), text);
    }
}

fn workspace() -> Utf8PathBuf {
    let library = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("chalice-rs");
    let root = kept_folder().join("projects");
    for name in ["hello", "growing", "updated"] {
        let folder = root.join(name);
        std::fs::create_dir_all(folder.join("src")).unwrap();
        write(&folder.join("src/main.rs"), HELLO);
        write(
            &folder.join("Cargo.toml"),
            &format!(
                "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
                 [dependencies]\nchalice-rs = {{ path = \"{library}\" }}\n"
            ),
        );
        write(&folder.join("Chalice.toml"), if name == "hello" { STAGES } else { "" });
    }
    write(
        &root.join("Cargo.toml"),
        "[workspace]\nresolver = \"3\"\nmembers = [\"hello\", \"growing\", \"updated\"]\n\n\
         [profile.release]\nopt-level = 1\n",
    );
    // What is compiled is what this checkout has locked.
    let lock = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("Cargo.lock");
    std::fs::copy(lock, root.join("Cargo.lock")).unwrap();
    root
}

fn write(path: &Utf8Path, text: &str) {
    if std::fs::read_to_string(path).ok().as_deref() != Some(text) {
        std::fs::write(path, text).unwrap();
    }
}
