//! Which apps are compared, how their many routes are written, and how each is built.
//!
//! Not here: what they are asked (`event.rs`) and what is measured (`measure.rs`, `callgrind.rs`).

use std::{
    fmt::Write as _,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use super::event;
use crate::{
    failure::{Context, Failure, Outcome},
    shell,
};

/// One way to write and build the same app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Subject {
    /// `lambda_http` with `axum`, default features, as `cargo lambda new` writes it: every ratio is to this one.
    Usual,
    /// `lambda_runtime` with types of the app's own.
    Bare,
    /// Our runtime, linked as the peers are.
    Ours,
    /// Our runtime as `cargo chalice build` links it: one static file.
    OursStatic,
}

impl Subject {
    /// In the order of the table's columns.
    pub(crate) const ALL: [Self; 4] = [Self::Usual, Self::Bare, Self::Ours, Self::OursStatic];

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Usual => "lambda_http+axum",
            Self::Bare => "lambda_runtime",
            Self::Ours => "chalice-rs, glibc",
            Self::OursStatic => "chalice-rs, static",
        }
    }

    fn package(self) -> &'static str {
        match self {
            Self::Usual => "bench-lambda-http-axum",
            Self::Bare => "bench-lambda-runtime",
            Self::Ours | Self::OursStatic => "bench-chalice",
        }
    }

    fn workspace(self) -> PathBuf {
        let folder = match self {
            Self::Usual | Self::Bare => "peers",
            Self::Ours | Self::OursStatic => "chalice",
        };
        shell::root().join("xtask/bench-apps").join(folder)
    }

    /// The target to name on cargo's command line, if it is not the host's own.
    fn target(self) -> Option<String> {
        (self == Self::OursStatic).then(|| format!("{}-unknown-linux-musl", std::env::consts::ARCH))
    }

    fn many_routes(self, count: usize) -> String {
        let mut source = String::from(match self {
            Self::Usual => {
                "use axum::{Json, Router, extract::Path, routing::get};\n\
                 use serde::Serialize;\n\
                 #[derive(Serialize)]\nstruct Greeting { hello: String }\n"
            }
            Self::Bare => {
                "use bench_lambda_runtime::{Answer, Event, Greeting, json};\n\
                 use lambda_runtime::{Error, LambdaEvent, run, service_fn};\n"
            }
            Self::Ours | Self::OursStatic => {
                "use chalice_rs::prelude::*;\n\
                 use serde::Serialize;\n\
                 #[derive(Serialize)]\nstruct Greeting { hello: String }\n"
            }
        });
        for number in 0..count {
            let path = event::segment(number);
            let _ = match self {
                Self::Usual => writeln!(
                    source,
                    "async fn hello_{number}(Path(name): Path<String>) -> Json<Greeting> {{ Json(Greeting {{ hello: name }}) }}"
                ),
                Self::Bare => writeln!(
                    source,
                    "async fn hello_{number}(event: Event) -> Result<Answer, Error> {{ json(&Greeting {{ hello: event.path_parameters.name }}) }}"
                ),
                Self::Ours | Self::OursStatic => writeln!(
                    source,
                    "#[route(\"/{path}/<name>\")]\nasync fn hello_{number}(name: String) -> Json<Greeting> {{ Json(Greeting {{ hello: name }}) }}"
                ),
            };
        }
        source.push_str(&self.main_of_many_routes(count));
        source
    }

    fn main_of_many_routes(self, count: usize) -> String {
        let each = |line: &dyn Fn(usize, String) -> String| -> String {
            (0..count).map(|number| line(number, event::segment(number))).collect()
        };
        match self {
            Self::Usual => {
                let routes = each(&|n, path| format!("\n.route(\"/{path}/{{name}}\", get(hello_{n}))"));
                format!(
                    "#[tokio::main]\nasync fn main() -> Result<(), lambda_http::Error> {{\n\
                     lambda_http::tracing::init_default_subscriber();\n\
                     lambda_http::run(Router::new(){routes}).await\n}}\n"
                )
            }
            Self::Bare => {
                let arms =
                    each(&|n, path| format!("\"GET /{path}/{{name}}\" => hello_{n}(event.payload).await,\n"));
                format!(
                    "async fn answer(event: LambdaEvent<Event>) -> Result<Answer, Error> {{\n\
                     match event.payload.route_key.as_str() {{\n{arms}\
                     other => Err(format!(\"no route `{{other}}`\").into()),\n}}\n}}\n\
                     #[tokio::main(flavor = \"current_thread\")]\nasync fn main() -> Result<(), Error> {{\n\
                     run(service_fn(answer)).await\n}}\n"
                )
            }
            Self::Ours | Self::OursStatic => {
                "#[chalice_rs::main]\nasync fn main() -> App { App::new() }\n".to_owned()
            }
        }
    }
}

/// One program of a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum App {
    Hello,
    Echo,
    /// Hello world behind five middlewares.
    Chain,
    /// Hello world out of a table built at the cold start.
    State,
    /// So many routes, from a generated file.
    Routes(usize),
}

impl App {
    fn binary(self) -> &'static str {
        match self {
            Self::Hello => "hello",
            Self::Echo => "echo",
            Self::Chain => "chain",
            Self::State => "state",
            Self::Routes(_) => "routes",
        }
    }
}

impl Subject {
    /// Whether it can be written with this subject; a bare runtime has no middleware.
    pub(crate) fn has(self, app: App) -> bool {
        !matches!((self, app), (Self::Bare, App::Chain))
    }
}

/// Builds one app of one subject and says where its binary is.
pub(crate) fn build(subject: Subject, app: App) -> Outcome<PathBuf> {
    let shared = shell::root().join("target/bench").join(match subject {
        Subject::Usual | Subject::Bare => "peers",
        Subject::Ours | Subject::OursStatic => "chalice",
    });
    if let App::Routes(count) = app {
        write_routes(subject, count, "")?;
    }
    shell::run(&mut cargo(subject, app, &shared, "build"))?;
    // The same binary name serves every number of routes, so each gets a place of its own.
    let kept = shared.join(format!("{:?}-{app:?}", subject));
    fs::copy(release_folder(subject, &shared).join(app.binary()), &kept).context("cannot keep a binary")?;
    Ok(kept)
}

/// Builds one of our apps as it is deployed, but with its symbols: the same code, with names.
pub(crate) fn build_with_symbols(app: App) -> Outcome<PathBuf> {
    let (subject, folder) = (Subject::OursStatic, shell::root().join("target/bench/symbols"));
    if let App::Routes(count) = app {
        write_routes(subject, count, "")?;
    }
    let mut cargo = cargo(subject, app, &folder, "build");
    shell::run(cargo.args([
        "--config",
        "profile.release.strip=false",
        "--config",
        "profile.release.debug=1",
    ]))?;
    Ok(release_folder(subject, &folder).join(app.binary()))
}

/// How long cargo takes, and how large what it makes is.
pub(crate) struct BuildFigures {
    pub(crate) clean: Duration,
    pub(crate) one_line: Duration,
    pub(crate) thousand_routes: Duration,
    pub(crate) check_thousand_routes: Duration,
    /// Bytes of zip that one more route costs.
    pub(crate) growth: f64,
}

/// Builds one subject from nothing, with one line changed, and with a thousand routes. Takes minutes.
pub(crate) fn time_builds(subject: Subject) -> Outcome<BuildFigures> {
    const MANY: usize = 1_000;
    let folder = shell::root().join("target/bench/clean");
    if folder.exists() {
        fs::remove_dir_all(&folder).context("cannot remove the last run's files")?;
    }
    let zip_of = |app: App| zip_size(&release_folder(subject, &folder).join(app.binary()));
    let timed = |app: App, verb: &str| -> Outcome<Duration> {
        let start = Instant::now();
        shell::run(&mut cargo(subject, app, &folder, verb))?;
        Ok(start.elapsed())
    };
    let (one, many) = (App::Routes(1), App::Routes(MANY));
    write_routes(subject, 1, "")?;
    let clean = timed(one, "build")?;
    let small = zip_of(one)?;
    write_routes(subject, 1, "#[used] static CHANGED: u8 = 1;\n")?;
    let one_line = timed(one, "build")?;
    write_routes(subject, MANY, "")?;
    let thousand_routes = timed(many, "build")?;
    let large = zip_of(many)?;
    // The dependencies' metadata is not what is asked about, so they are checked first, with one route.
    timed(one, "check")?;
    write_routes(subject, MANY, "#[used] static CHANGED: u8 = 2;\n")?;
    let check_thousand_routes = timed(many, "check")?;
    let growth = (large as f64 - small as f64) / (MANY - 1) as f64;
    Ok(BuildFigures { clean, one_line, thousand_routes, check_thousand_routes, growth })
}

/// How many crates an app of this subject compiles, its own included.
pub(crate) fn crates_in_tree(subject: Subject) -> Outcome<usize> {
    let mut tree = Command::new("cargo");
    tree.current_dir(subject.workspace());
    tree.args(["tree", "--package", subject.package()]);
    tree.args(["--edges", "normal,build", "--prefix", "none", "--format", "{p}"]);
    if let Some(target) = subject.target() {
        tree.args(["--target", &target]);
    }
    let text = shell::output(&mut tree)?;
    let mut crates: Vec<&str> = text.lines().map(|line| line.trim_end_matches(" (proc-macro)")).collect();
    crates.sort_unstable();
    crates.dedup();
    Ok(crates.len())
}

/// The size of a Lambda package with this binary in it.
pub(crate) fn zip_size(binary: &Path) -> Outcome<u64> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .compression_level(Some(9))
        .unix_permissions(0o755);
    writer.start_file("bootstrap", options).context("cannot start the zip")?;
    let bytes = fs::read(binary).context(format!("cannot read `{}`", binary.display()))?;
    writer.write_all(&bytes).context("cannot write the zip")?;
    Ok(writer.finish().context("cannot finish the zip")?.into_inner().len() as u64)
}

fn cargo(subject: Subject, app: App, target_folder: &Path, verb: &str) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(subject.workspace()).env("CARGO_TARGET_DIR", target_folder);
    // A build that inherits this workspace's flags would not be the build that is measured.
    cargo.env_remove("RUSTFLAGS").env("BENCH_ROUTES", routes_file(subject));
    cargo.args([verb, "--quiet", "--release", "--package", subject.package(), "--bin", app.binary()]);
    if let Some(target) = subject.target() {
        let key = target.to_uppercase().replace('-', "_");
        cargo.args(["--target", &target]);
        cargo.env(format!("CARGO_TARGET_{key}_LINKER"), "rust-lld");
        cargo.env(
            format!("CARGO_TARGET_{key}_RUSTFLAGS"),
            "-Clink-self-contained=yes -Clinker-flavor=ld.lld -Crelocation-model=static",
        );
    } else {
        cargo.arg("--locked");
    }
    cargo
}

fn release_folder(subject: Subject, target_folder: &Path) -> PathBuf {
    match subject.target() {
        Some(target) => target_folder.join(target).join("release"),
        None => target_folder.join("release"),
    }
}

fn routes_file(subject: Subject) -> PathBuf {
    shell::root().join("target/bench").join(format!("{}-routes.rs", subject.package()))
}

fn write_routes(subject: Subject, count: usize, extra: &str) -> Outcome {
    let file = routes_file(subject);
    let folder = file.parent().ok_or_else(|| Failure::new("the target folder has no parent"))?;
    fs::create_dir_all(folder).context("cannot create the target folder")?;
    let source = subject.many_routes(count) + extra;
    // A file that is written anew is compiled anew.
    if fs::read_to_string(&file).is_ok_and(|old| old == source) {
        return Ok(());
    }
    fs::write(&file, source).context("cannot write the routes")
}
