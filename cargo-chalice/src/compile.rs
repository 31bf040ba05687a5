//! From source to executable: cargo is called, and says what it has to say itself.
//!
//! Here: the two ways to build, and why they fail. What is told to cargo beyond the user's own
//! settings is `compile/flags.rs`; what must be installed for it is `compile/target.rs`.

mod c_code;
mod flags;
mod target;

pub use flags::UserConfig;
pub use target::{Target, Toolchain};

use std::collections::BTreeSet;
use std::process::Stdio;
use std::sync::{Mutex, PoisonError};

use camino::Utf8PathBuf;
use cargo_metadata::diagnostic::DiagnosticLevel;
use cargo_metadata::{Message, MetadataCommand};
use miette::Diagnostic;
use thiserror::Error;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{ChildStderr, ChildStdout, Command};

use crate::cli::{Architecture, AwsOptions, BuildOptions, CargoOptions};
use crate::failure::{Exit, StageError};
use crate::project::Project;
use crate::report::Report;
use crate::suggest;

/// An executable that Lambda can run.
#[derive(Debug, Clone)]
pub struct Binary {
    /// Where it lies.
    pub path: Utf8PathBuf,
    /// The processor it was built for.
    pub architecture: Architecture,
    /// Where it will run.
    pub destination: Destination,
}

/// Where the function will run, which decides the processor when nobody chose one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Destination {
    /// Lambda itself.
    Aws,
    /// Processes on this machine.
    Sandbox,
}

impl Destination {
    /// Where the flags send a deployment.
    pub fn of(options: &AwsOptions) -> Self {
        if options.sandbox { Self::Sandbox } else { Self::Aws }
    }
}

/// What becomes of what cargo and the compiler say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Messages {
    /// They go to this process's stderr as they come.
    PassThrough,
    /// They do, and the errors come back in [`CompileError::DoesNotCompile`] as well.
    AlsoReturn,
}

/// Builds for this machine, as `cargo build` does, and returns the executable.
pub async fn host(
    project: &Project,
    cargo: &CargoOptions,
    messages: Messages,
    report: &mut Report,
) -> Result<Utf8PathBuf, CompileError> {
    let mut command = cargo_build(project, cargo, report);
    if let Some(profile) = &cargo.cargo_profile {
        command.args(["--profile", profile]);
    }
    run(command, project, messages, report).await?.executable
}

/// Builds for Lambda: optimized, static unless the user chose otherwise, linked by the linker that
/// comes with the compiler, so that nothing has to be installed besides rustup.
pub async fn lambda(
    project: &Project,
    options: &BuildOptions,
    destination: Destination,
    report: &mut Report,
) -> Result<Binary, CompileError> {
    let architecture = architecture(project, options, destination)?;
    let target = Target { architecture, libc: options.libc };
    let toolchain = Toolchain::find(project).await?;
    toolchain.ensure(target, project, report).await?;

    let user = UserConfig::read(project);
    let packages = packages(project, &options.cargo, target).await?;
    let c_code = c_code::Need::find(&packages, target, &project.machine);
    let profile = options.cargo.cargo_profile.as_deref().unwrap_or("release");
    if user.profile_key(profile, "panic").as_deref() == Some("abort") {
        report.note(&format!(
            "warning: profile `{profile}` has `panic = \"abort\"`: a panic ends the function's process instead of one request"
        ));
    }

    let mut command = cargo_build(project, &options.cargo, report);
    command.args(["--target", target.triple(), "--profile", profile]);
    flags::apply(&mut command, &user, &flags::Want { project, target, profile, packages: &packages });
    c_code.apply(&mut command, project)?;

    let built = run(command, project, Messages::PassThrough, report).await?;
    match built.executable {
        Ok(path) => Ok(Binary { path, architecture, destination }),
        Err(error) => Err(c_code.explain(&built.scripts_run).unwrap_or(error)),
    }
}

/// The processor: the flag's, else the file's, else the default.
/// The sandbox runs functions on this machine, whatever the file says.
fn architecture(
    project: &Project,
    options: &BuildOptions,
    destination: Destination,
) -> Result<Architecture, CompileError> {
    match (options.arch, destination) {
        (Some(chosen), _) => Ok(chosen),
        (None, Destination::Aws) => Ok(project.settings.architecture.unwrap_or(Architecture::DEFAULT)),
        (None, Destination::Sandbox) => Architecture::host().ok_or(CompileError::HostNotOnLambda),
    }
}

fn cargo_build(project: &Project, options: &CargoOptions, report: &Report) -> Command {
    let mut command = Command::new(project.machine.cargo());
    command.args(["build", "--manifest-path", project.manifest_path.as_str(), "--bin", &project.binary]);
    if report.is_quiet() {
        command.arg("--quiet");
    }
    command.args(resolution_flags(options)).current_dir(&project.root);
    command
}

/// The flags that decide which packages are built, the same for `cargo build` and `cargo metadata`.
fn resolution_flags(options: &CargoOptions) -> Vec<String> {
    let mut flags = Vec::new();
    if !options.features.is_empty() {
        flags.extend(["--features".to_owned(), options.features.join(",")]);
    }
    let switches = [
        (options.all_features, "--all-features"),
        (options.no_default_features, "--no-default-features"),
        (options.locked, "--locked"),
        (options.offline, "--offline"),
        (options.frozen, "--frozen"),
    ];
    flags.extend(switches.into_iter().filter(|(on, _)| *on).map(|(_, flag)| flag.to_owned()));
    flags
}

/// Every package of the build, for one target.
async fn packages(
    project: &Project,
    options: &CargoOptions,
    target: Target,
) -> Result<cargo_metadata::Metadata, CompileError> {
    let mut flags = resolution_flags(options);
    flags.extend(["--filter-platform".to_owned(), target.triple().to_owned()]);
    let mut command = MetadataCommand::new();
    command
        .cargo_path(project.machine.cargo())
        .current_dir(&project.root)
        .manifest_path(&project.manifest_path);
    command.other_options(flags);
    let found = tokio::task::spawn_blocking(move || command.exec()).await;
    found.map_err(|_| CompileError::Metadata { message: "it was stopped".to_owned() })?.map_err(|error| {
        let message = match error {
            cargo_metadata::Error::CargoMetadata { stderr } => stderr.trim().to_owned(),
            other => other.to_string(),
        };
        CompileError::Metadata { message }
    })
}

/// What one call of cargo came to.
struct Built {
    executable: Result<Utf8PathBuf, CompileError>,
    /// The packages whose build scripts ran to their end.
    scripts_run: BTreeSet<String>,
}

async fn run(
    mut command: Command,
    project: &Project,
    messages: Messages,
    report: &mut Report,
) -> Result<Built, CompileError> {
    report.done();
    let not_started = |source| CompileError::NoCargo { cargo: project.machine.cargo().to_owned(), source };
    command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
    match messages {
        Messages::PassThrough => command.arg("--message-format=json-render-diagnostics"),
        Messages::AlsoReturn => {
            // Colours that the terminal does not want are taken out where the text is printed.
            command.args(["--message-format=json-diagnostic-rendered-ansi", "--color=always"]);
            command.stderr(Stdio::piped())
        }
    };
    let mut child = command.spawn().map_err(not_started)?;
    let stdout = child.stdout.take();
    let stderr = child.stderr.take();

    // Two streams are read at once, and each says something now and then.
    let report = Mutex::new(report);
    let show = |text: &str| {
        if messages == Messages::AlsoReturn {
            report.lock().unwrap_or_else(PoisonError::into_inner).cargo(text);
        }
    };
    let (seen, stderr) =
        tokio::join!(read_messages(stdout, &project.binary, &show), read_stderr(stderr, &show));
    let status = child.wait().await.map_err(not_started)?;

    let executable = match (status.success(), seen.executable) {
        (true, Some(path)) => Ok(path),
        (true, None) => Err(CompileError::NoExecutable { binary: project.binary.clone() }),
        (false, _) => {
            let rendered = if seen.errors.is_empty() { stderr } else { seen.errors };
            Err(CompileError::DoesNotCompile { rendered })
        }
    };
    Ok(Built { executable, scripts_run: seen.scripts_run })
}

#[derive(Default)]
struct Seen {
    executable: Option<Utf8PathBuf>,
    scripts_run: BTreeSet<String>,
    errors: String,
}

async fn read_stderr(stderr: Option<ChildStderr>, show: impl Fn(&str)) -> String {
    let mut text = String::new();
    let Some(stderr) = stderr else { return text };
    let mut lines = BufReader::new(stderr).split(b'\n');
    // What cannot be read is not shown; the exit status decides.
    while let Ok(Some(line)) = lines.next_segment().await {
        let line = String::from_utf8_lossy(&line);
        show(&line);
        text.push_str(&line);
        text.push('\n');
    }
    text
}

async fn read_messages(stdout: Option<ChildStdout>, binary: &str, show: impl Fn(&str)) -> Seen {
    let mut seen = Seen::default();
    let Some(stdout) = stdout else { return seen };
    let mut lines = BufReader::new(stdout).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        match serde_json::from_str(&line) {
            Ok(Message::CompilerArtifact(artifact))
                if artifact.target.name == binary && artifact.target.is_bin() =>
            {
                seen.executable = artifact.executable;
            }
            Ok(Message::BuildScriptExecuted(script)) => {
                seen.scripts_run.insert(script.package_id.repr);
            }
            Ok(Message::CompilerMessage(message)) => {
                let rendered = message.message.rendered.unwrap_or_default();
                show(rendered.trim_end());
                if matches!(message.message.level, DiagnosticLevel::Error | DiagnosticLevel::Ice) {
                    seen.errors.push_str(&rendered);
                }
            }
            // Other messages, and those of a newer cargo, do not concern us.
            _ => {}
        }
    }
    seen
}

/// Why there is no executable.
#[derive(Debug, Error, Diagnostic)]
pub enum CompileError {
    // No help: the compiler's own message has it.
    #[error("the code does not compile")]
    #[diagnostic(code(chalice::compile::does_not_compile))]
    DoesNotCompile {
        /// The errors, colours included, when they were to come back.
        rendered: String,
    },

    #[error("cannot run `{cargo}`")]
    #[diagnostic(code(chalice::compile::no_cargo), help("install Rust from https://rustup.rs"))]
    NoCargo { cargo: String, source: std::io::Error },

    #[error("cannot run `{rustc}`")]
    #[diagnostic(code(chalice::compile::no_rustc), help("install Rust from https://rustup.rs"))]
    NoRustc { rustc: String, source: std::io::Error },

    #[error("cargo cannot tell which packages are built: {message}")]
    #[diagnostic(
        code(chalice::compile::metadata),
        help("`cargo metadata` shows the same; mend what it names")
    )]
    Metadata { message: String },

    #[error("cargo reported no executable `{binary}`")]
    #[diagnostic(code(chalice::compile::no_executable), help("check the `[[bin]]` section of `Cargo.toml`"))]
    NoExecutable { binary: String },

    #[error("the target `{triple}` is not installed, and it could not be added")]
    #[diagnostic(code(chalice::compile::no_target), help("run `{command}`"))]
    NoTarget { triple: &'static str, command: String },

    #[error("the compiler at `{sysroot}` has no `rust-lld`, which links for Lambda")]
    #[diagnostic(
        code(chalice::compile::no_linker),
        help(
            "use the compiler of https://rustup.rs, or set a linker in `.cargo/config.toml`, under `[target.{triple}]`"
        )
    )]
    NoLinker { sysroot: Utf8PathBuf, triple: &'static str },

    #[error("there is no `{gcc}` to link for `{triple}` with")]
    #[diagnostic(
        code(chalice::compile::no_gnu_linker),
        help(
            "leave out `--libc gnu`, which needs none; or install the package that has it, as `gcc-aarch64-linux-gnu`"
        )
    )]
    NoGnuLinker { triple: &'static str, gcc: String },

    #[error("{} C code, and there is no C compiler for `{triple}`", of(crates))]
    #[diagnostic(code(chalice::compile::no_c_compiler), help("{help}"))]
    NoCCompiler { crates: Vec<String>, triple: &'static str, help: String },

    #[error("cannot write `{path}`")]
    #[diagnostic(
        code(chalice::compile::write),
        help("check the folder's permissions and that the disk has room")
    )]
    Write { path: Utf8PathBuf, source: std::io::Error },

    #[error("this machine's processor is not one that Lambda has, so that the sandbox cannot run functions")]
    #[diagnostic(
        code(chalice::compile::host_not_on_lambda),
        help("deploy to AWS, or use an arm64 or x86_64 machine")
    )]
    HostNotOnLambda,
}

fn of(crates: &[String]) -> String {
    match crates {
        [one] => format!("the crate `{one}` has"),
        several => format!("the crates {} have", suggest::list(several)),
    }
}

impl StageError for CompileError {
    fn exit(&self) -> Exit {
        Exit::Build
    }

    fn is_told(&self) -> bool {
        matches!(self, Self::DoesNotCompile { .. })
    }
}
