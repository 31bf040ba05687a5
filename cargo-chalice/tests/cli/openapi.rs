//! `openapi`: the document of an app and of every example, judged by a validator that is not ours, and
//! used by a client that somebody else's generator makes of it.
//!
//! `UPDATE_OPENAPI=1 cargo test -p cargo-chalice --test cli openapi` writes the documents on file anew.

mod python;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::support::{Folder, LIBRARY, chalice};
use python::{python, said};

/// The app whose document has everything that one can have.
const APP: &str = include_str!("openapi/app.rs");

/// Where its document is on file.
const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/openapi/app.json");

/// Examples without a document, each with the reason.
const WITHOUT: [(&str, &str); 1] = [("axum-app", "its routes are axum's, which does not say what they take")];

fn app(test: &str) -> Folder {
    let manifest = format!(
        "[package]\nname = \"{test}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n\
         chalice-rs = {{ path = '{LIBRARY}', features = [\"openapi\"] }}\nserde = {{ version = \"1\", features = [\"derive\"] }}\n"
    );
    Folder::of(test).file("Cargo.toml", &manifest).file("src/main.rs", APP)
}

#[test]
fn an_app_is_described_as_its_types_and_comments_say() {
    let folder = app("described");
    let answer = folder.chalice(&["openapi", "--output", "openapi.json", "--title", "Everything"]).ok();
    assert_eq!(answer.stdout, "openapi.json\n");
    for note in ["`described::Shape` has no schema", "the answer `described::Nothing` is not described"] {
        assert!(answer.stderr.contains(note), "{}", answer.stderr);
    }
    let text = std::fs::read_to_string(folder.path().join("openapi.json")).expect("the document");
    on_file(Path::new(DOCUMENT), &text);
    validate(&[DOCUMENT.into()]);

    let document: Value = serde_json::from_str(&text).expect("JSON");
    let parameters = &document["paths"]["/taste"]["get"]["parameters"];
    assert_eq!(
        *parameters,
        json!([{ "name": "x-flavour", "in": "header", "required": true, "schema": { "type": "string" } }])
    );
    let words = |path: &str, method: &str| {
        let operation = &document["paths"][path][method];
        (operation["summary"].clone(), operation["description"].clone())
    };
    assert_eq!(words("/todos", "get"), (json!("Lists what is to be done."), Value::Null));
    assert_eq!(
        words("/todos", "post"),
        (json!("Keeps something to do."), json!("And here is another line."))
    );
    assert_eq!(words("/taste", "get"), (Value::Null, Value::Null));

    // Data is one line when a program reads it, and says the same.
    let flags = ["openapi", "--json", "--quiet", "--title", "Everything", "--api-version", "7"];
    let mut line =
        folder.chalice(&[&flags[..], &["--server", "https://api.example.com"]].concat()).ok().json();
    assert_eq!(line["servers"].take(), json!([{ "url": "https://api.example.com" }]));
    assert_eq!(line["info"].take(), json!({ "title": "Everything", "version": "7" }));
    assert_eq!(line["paths"], document["paths"]);
}

#[test]
fn a_client_that_a_public_generator_makes_compiles_and_calls_the_api() {
    let folder = app("called");
    let client = folder.path().join("made");
    std::fs::write(folder.path().join("generator.yml"), "post_hooks: []\n")
        .expect("the generator's settings");
    let mut generate = Command::new(python());
    generate.args(["-m", "openapi_python_client", "generate", "--meta", "none"]).args(["--path", DOCUMENT]);
    generate.args(["--config", "generator.yml", "--output-path", "made/client"]).current_dir(folder.path());
    std::fs::create_dir_all(&client).expect("a folder");
    said(&mut generate);
    said(Command::new(python()).args(["-m", "compileall", "-q"]).arg(&client));

    let server = Server::start(&folder);
    let mut calls = Command::new(python());
    calls.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/openapi/client.py"));
    assert_eq!(said(calls.arg(&client).arg(&server.url)), "typed\n");
}

#[test]
fn each_example_has_its_document_on_file_and_it_is_valid() {
    let mut documents = Vec::new();
    for example in examples() {
        let name = example.file_name().expect("a name").to_string_lossy().into_owned();
        if WITHOUT.iter().any(|(without, _)| *without == name) {
            continue;
        }
        // Built beside the tests of the examples, which have compiled what they use.
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("a target folder");
        let mut command = chalice(&example, &["openapi", "--quiet"]);
        let answer = command.env("CARGO_TARGET_DIR", target).output().expect("to run the tool");
        assert!(answer.status.success(), "{name}: {}", String::from_utf8_lossy(&answer.stderr));
        let document = example.join("openapi.json");
        on_file(&document, &String::from_utf8(answer.stdout).expect("UTF-8"));
        documents.push(document);
    }
    assert!(documents.len() > 1, "{documents:?}");
    validate(&documents);
}

#[test]
fn a_schema_that_no_tool_could_read_is_refused_with_its_name() {
    let main = APP.replace(
        "#[derive(Debug, Deserialize, JsonSchema)]\nstruct NewTodo",
        "#[derive(Debug, Deserialize, JsonSchema)]\n#[schemars(rename = \"new todo\")]\nstruct NewTodo",
    );
    let folder = app("misnamed").file("src/main.rs", &main);
    folder.chalice(&["openapi"]).refused(4, &["a schema is called `new todo`", "#[schemars(rename"]);
}

fn examples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let entries = folder.read_dir().expect("the examples").map(|entry| entry.expect("an entry").path());
    let mut all: Vec<PathBuf> = entries.filter(|path| path.join("Cargo.toml").is_file()).collect();
    all.sort();
    all
}

#[track_caller]
fn on_file(file: &Path, found: &str) {
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        std::fs::write(file, found).expect("a folder we can write to");
    }
    let expected = std::fs::read_to_string(file).unwrap_or_default();
    assert_eq!(found, expected, "{} differs; UPDATE_OPENAPI=1 writes it anew", file.display());
}

fn validate(documents: &[PathBuf]) {
    said(Command::new(python()).args(["-m", "openapi_spec_validator"]).args(documents));
}

/// `cargo chalice local`, which ends with the value.
struct Server {
    url: String,
    child: std::process::Child,
}

impl Server {
    fn start(folder: &Folder) -> Self {
        let mut command = chalice(folder.path(), &["local", "--port", "0"]);
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("to start the server");
        let mut url = String::new();
        BufReader::new(child.stdout.take().expect("stdout")).read_line(&mut url).expect("the URL");
        let mut stderr = BufReader::new(child.stderr.take().expect("stderr")).lines();
        let mut heard = Vec::new();
        let is_served = stderr.by_ref().map_while(Result::ok).any(|line| {
            heard.push(line);
            heard.last().is_some_and(|line| line.contains("serving the new code"))
        });
        let server = Self { url: url.trim().to_owned(), child };
        assert!(is_served, "{}", heard.join("\n"));
        // What is said from now on is for nobody, but must not fill the pipe.
        std::thread::spawn(move || stderr.for_each(drop));
        server
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
