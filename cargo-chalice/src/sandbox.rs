//! The local AWS behind `--sandbox`: MiniStack, installed and started when needed.
//!
//! Here: what commands ask for. Not here: where it lives (`sandbox/folder.rs`), how it is installed
//! (`sandbox/install.rs`) and run (`sandbox/server.rs`).
//!
//! An API in the sandbox is reached as `http://<api id>.execute-api.localhost:<port>/`, which curl and browsers
//! resolve to this machine by themselves (RFC 6761). It is the form that AWS uses too: the path is the API's own
//! path, and no `$default`, which a shell would swallow, is in it.

mod folder;
mod install;
mod server;

use std::io;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_sts::config::{Credentials, SharedCredentialsProvider};
use camino::Utf8PathBuf;
use miette::Diagnostic;
use serde::Serialize;
use thiserror::Error;

use crate::failure::{Exit, StageError};
use crate::report::Report;
use folder::Folder;
use server::Presence;

/// The account that everything in the sandbox belongs to. AWS gives nobody this one.
pub const ACCOUNT: &str = "000000000000";

/// The region, unless another one is asked for.
pub const REGION: &str = "us-east-1";

/// A sandbox that answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sandbox {
    /// Where the AWS SDK and other clients send their calls.
    pub endpoint: String,
    /// The account that everything belongs to.
    pub account: &'static str,
    /// The region, unless another one is asked for.
    pub region: &'static str,
    /// The server's process.
    pub pid: i32,
    /// What the server printed.
    pub log: Utf8PathBuf,
    /// The interpreter that runs it, with botocore to look inside.
    pub python: Utf8PathBuf,
}

/// What there is of a sandbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "lowercase")]
pub enum Status {
    /// No server runs; the next `--sandbox` starts one.
    Stopped,
    /// A server runs and answers.
    Running(Sandbox),
}

/// The sandbox, installed and started when it was not.
pub async fn ensure(report: &mut Report) -> Result<Sandbox, SandboxError> {
    if cfg!(not(unix)) {
        return Err(SandboxError::NotHere);
    }
    let folder = Folder::find()?;
    if let Presence::Running(server) = server::find(&folder)?
        && server.release == folder::release()
        && server::wait(&folder, &server).await?
    {
        return Ok(Sandbox::at(&folder, &server));
    }
    let _lock = folder.lock_instance().await?;
    // From here on nobody else starts or stops it.
    let last_port = match settled(&folder).await? {
        Presence::Running(server) if server.release == folder::release() => {
            if server::wait(&folder, &server).await? {
                return Ok(Sandbox::at(&folder, &server));
            }
            Some(server.port)
        }
        Presence::Running(server) => {
            report.note("The sandbox was started by another version; it is started anew and empty.");
            server::stop(&folder, &server).await?;
            Some(server.port)
        }
        Presence::Absent { last_port } => last_port,
        Presence::Starting => return Err(SandboxError::Hung { log: folder.log() }),
    };
    install::ensure(&folder, report).await?;
    report.progress("Starting the sandbox");
    let server = server::start(&folder, last_port).await?;
    report.done();
    Ok(Sandbox::at(&folder, &server))
}

/// What there is, without changing it.
pub async fn status() -> Result<Status, SandboxError> {
    let folder = Folder::find()?;
    match settled(&folder).await? {
        Presence::Running(server) if server::wait(&folder, &server).await? => {
            Ok(Status::Running(Sandbox::at(&folder, &server)))
        }
        Presence::Running(_) | Presence::Absent { .. } => Ok(Status::Stopped),
        Presence::Starting => Err(SandboxError::Hung { log: folder.log() }),
    }
}

/// Makes the sandbox empty, if it runs. Says what there was.
pub async fn reset() -> Result<Status, SandboxError> {
    let folder = Folder::find()?;
    let status = status().await?;
    if let Presence::Running(server) = server::find(&folder)? {
        server::reset(&folder, &server).await?;
    }
    Ok(status)
}

/// Ends the sandbox, if it runs, and with it everything in it. Says whether there was one to end.
pub async fn stop() -> Result<Stopped, SandboxError> {
    let folder = Folder::find()?;
    let _lock = folder.lock_instance().await?;
    match settled(&folder).await? {
        Presence::Running(server) => {
            server::stop(&folder, &server).await?;
            Ok(Stopped::Now)
        }
        Presence::Absent { .. } => Ok(Stopped::Before),
        Presence::Starting => Err(SandboxError::Hung { log: folder.log() }),
    }
}

/// Whether [`stop`] had something to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// A server ran and was ended.
    Now,
    /// No server ran.
    Before,
}

impl Sandbox {
    fn at(folder: &Folder, server: &server::Server) -> Self {
        Self {
            endpoint: server::endpoint(server.port),
            account: ACCOUNT,
            region: REGION,
            pid: server.pid,
            log: folder.log(),
            python: folder.python(),
        }
    }

    /// What the AWS SDK needs to talk to the sandbox and to nobody else: the environment, the profiles and the
    /// credentials of the user play no part.
    pub fn sdk_config(&self, region: Option<&str>) -> SdkConfig {
        let credentials = Credentials::new("sandbox", "sandbox", None, None, "sandbox");
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .endpoint_url(&self.endpoint)
            .region(Region::new(region.unwrap_or(self.region).to_owned()))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .build()
    }
}

/// Why there is no sandbox.
#[derive(Debug, Error, Diagnostic)]
pub enum SandboxError {
    #[error("the sandbox needs Python, and there is no `python3`")]
    #[diagnostic(
        code(chalice::sandbox::no_python),
        help(
            "install Python 3.10 or newer: `apt install python3 python3-venv`, `dnf install python3`, `brew install python3`"
        )
    )]
    NoPython,

    #[error("the sandbox needs Python 3.10 or newer, and `python3` is {version}")]
    #[diagnostic(
        code(chalice::sandbox::old_python),
        help("install a newer Python beside it; `python3.10` to `python3.14` are found by their names")
    )]
    OldPython { version: String },

    #[error("`{python}` cannot make virtual environments")]
    #[diagnostic(
        code(chalice::sandbox::no_venv_module),
        help("Debian and Ubuntu ship that part separately: `apt install python3-venv`")
    )]
    NoVenvModule { python: String },

    #[error("Python's virtual environment for the sandbox could not be made\n{said}")]
    #[diagnostic(
        code(chalice::sandbox::environment),
        help("`python3 -m venv` must work; on Debian and Ubuntu: `apt install python3-venv`")
    )]
    Environment { said: String },

    #[error("the Python package registry cannot be reached\n{said}")]
    #[diagnostic(
        code(chalice::sandbox::no_registry),
        help(
            "the first use downloads 20 MB; go online, or set pip's index or proxy (`pip config`), and try again"
        )
    )]
    NoRegistry { said: String },

    #[error("a package from the registry is not the one this tool was made with\n{said}")]
    #[diagnostic(
        code(chalice::sandbox::wrong_hash),
        help("do not use this registry or mirror before somebody has looked at it; nothing was installed")
    )]
    WrongHash { said: String },

    #[error("pip could not install the sandbox\n{said}")]
    #[diagnostic(
        code(chalice::sandbox::pip),
        help("only ready-made packages are used; a Python between 3.10 and 3.14 has them")
    )]
    Pip { said: String },

    #[error("the sandbox ended while it started; its log is `{log}`\n{said}")]
    #[diagnostic(code(chalice::sandbox::start), help("try again with `cargo chalice sandbox start`"))]
    Start { log: Utf8PathBuf, said: String },

    #[error("the sandbox runs but does not answer; its log is `{log}`")]
    #[diagnostic(
        code(chalice::sandbox::hung),
        help("end it with `cargo chalice sandbox stop`; the next use starts it anew")
    )]
    Hung { log: Utf8PathBuf },

    #[error("the sandbox's process {pid} does not end")]
    #[diagnostic(code(chalice::sandbox::immortal), help("end it by hand: `kill -9 {pid}`"))]
    Immortal { pid: i32 },

    #[error("no port is free on this machine")]
    #[diagnostic(code(chalice::sandbox::no_port), help("end a program that listens on ports, and try again"))]
    NoPort { source: io::Error },

    #[error("there is no folder for caches")]
    #[diagnostic(code(chalice::sandbox::no_cache_folder), help("set `HOME` or `XDG_CACHE_HOME`"))]
    NoCacheFolder,

    #[error("`{path}` cannot be used")]
    #[diagnostic(
        code(chalice::sandbox::folder),
        help("make it yours to read and write, or set `XDG_CACHE_HOME` to a folder that is")
    )]
    Folder { path: Utf8PathBuf, source: io::Error },

    #[error("`{name}` cannot be the name of a sandbox")]
    #[diagnostic(
        code(chalice::sandbox::bad_name),
        help("`CHALICE_SANDBOX` takes lower-case letters, digits and `-`, at most 64")
    )]
    BadName { name: String },

    #[error("the sandbox does not run on this system")]
    #[diagnostic(code(chalice::sandbox::not_here), help("it runs on Linux and macOS; on Windows use WSL"))]
    NotHere,
}

impl StageError for SandboxError {
    fn exit(&self) -> Exit {
        match self {
            Self::Hung { .. } => Exit::Unreachable,
            _ => Exit::Failed,
        }
    }
}

/// What there is once a server that has just taken its lock has also written its record.
async fn settled(folder: &Folder) -> Result<Presence, SandboxError> {
    for _ in 0..100 {
        let presence = server::find(folder)?;
        if presence != Presence::Starting {
            return Ok(presence);
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    Ok(Presence::Starting)
}
