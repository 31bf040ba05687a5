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

/// An app with everything that decides who may call, and a function of its own.
pub const GUARDED: &str = r#"
use std::collections::BTreeMap;
use chalice_rs::authorizer::{AuthorizerRequest, Verdict};
use chalice_rs::prelude::*;

jwt_authorizer!(users, issuer = "https://id.example", audiences = ["api"]);

#[authorizer]
fn gate(request: &AuthorizerRequest<'_>) -> Verdict<BTreeMap<&'static str, u32>> {
    match request.token() {
        "Bearer fail" => panic!("on purpose"),
        "Bearer sesame" => Verdict::Allow(BTreeMap::from([("id", 7)])),
        _ => Verdict::Deny,
    }
}

#[get("/open")]
fn open() -> &'static str {
    "open"
}

#[get("/me", authorizer = users)]
fn me(claims: Claims) -> String {
    claims["sub"].clone()
}

#[get("/write", authorizer = users, scopes = ["write"])]
fn write() -> &'static str {
    "written"
}

#[get("/gate", authorizer = gate)]
fn gated() -> &'static str {
    "in"
}

#[get("/heavy", function = "heavy")]
fn heavy() -> String {
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    format!("{} with {}", variable("AWS_LAMBDA_FUNCTION_NAME"), variable("WEIGHT"))
}

#[not_found]
fn lost() -> (StatusCode, &'static str) {
    (StatusCode::NOT_FOUND, "lost")
}

#[chalice_rs::main(cors = "https://site.example")]
fn main() -> App {
    App::new()
}
"#;

/// An app that asks a function of another app.
pub const ASKING: &str = r#"
use std::collections::BTreeMap;
use chalice_rs::prelude::*;

lambda_authorizer!(staff, arn = "arn:aws:lambda:us-east-1:123456789012:function:gate");

#[get("/staff", authorizer = staff)]
fn staff_only(Authorized(caller): Authorized<BTreeMap<String, u32>>) -> String {
    format!("number {}", caller["id"])
}

#[chalice_rs::main]
fn main() -> App {
    App::new()
}
"#;

/// The same routes, open to everybody, in one function.
pub const UNGUARDED: &str = r#"
use chalice_rs::prelude::*;

#[get("/open")]
fn open() -> &'static str {
    "open"
}

#[get("/me")]
fn me() -> &'static str {
    "me"
}

#[get("/heavy")]
fn heavy() -> &'static str {
    "light"
}

#[chalice_rs::main]
fn main() -> App {
    App::new()
}
"#;

/// What holds for single stages of the app that most tests share.
const STAGES: &str = r#"
[stages.pinned]
account = "210987654321"

[stages.tagged.tags]
team = "orders"
"#;

const GUARDED_SETTINGS: &str = r#"
[functions.heavy]
memory = 256
environment = { WEIGHT = "a ton" }

[[functions.heavy.policy]]
actions = ["dynamodb:GetItem"]
resources = ["arn:aws:dynamodb:${region}:${account}:table/${app}-${stage}"]
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

    /// The app `changing`, one of whose routes a test changes.
    pub fn changing() -> Self {
        Self::of("changing")
    }

    /// The app `updated`, whose settings one test changes.
    pub fn updated() -> Self {
        Self::of("updated")
    }

    /// The app `guarded`.
    pub fn guarded() -> Self {
        Self::of("guarded")
    }

    /// The app `signed`: the code of `guarded`, with settings of its stages that a test makes up.
    pub fn signed(stages: &str) -> Self {
        let app = Self::of("signed");
        app.write("Chalice.toml", stages);
        app
    }

    /// The app `asking`, which asks this function who may call.
    pub fn asking(arn: &str) -> Self {
        let app = Self::of("asking");
        app.write("Chalice.toml", &format!("[authorizers.staff]\narn = \"{arn}\"\n"));
        app
    }

    /// The app `unguarded`, which is `guarded` on AWS.
    pub fn unguarded() -> Self {
        Self::of("unguarded")
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
    const ALL: [(&str, &str, &str); 8] = [
        ("hello", HELLO, STAGES),
        ("growing", HELLO, ""),
        ("changing", HELLO, ""),
        ("updated", HELLO, ""),
        ("guarded", GUARDED, GUARDED_SETTINGS),
        ("signed", GUARDED, ""),
        ("asking", ASKING, ""),
        ("unguarded", UNGUARDED, "app = \"guarded\"\n"),
    ];
    for (name, code, settings) in ALL {
        let folder = root.join(name);
        std::fs::create_dir_all(folder.join("src")).unwrap();
        write(&folder.join("src/main.rs"), code);
        write(
            &folder.join("Cargo.toml"),
            &format!(
                "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
                 [dependencies]\nchalice-rs = {{ path = \"{library}\" }}\n"
            ),
        );
        write(&folder.join("Chalice.toml"), settings);
    }
    write(&root.join("Cargo.toml"), "[workspace]\nresolver = \"3\"\nmembers = [\"*\"]\n");
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
