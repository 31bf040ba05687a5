//! Runs the program under test against the local AWS, through a proxy or not.

use std::process::{Child, Command, Output, Stdio};

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::Value;

use super::app::App;
use super::local_aws::{self, Account, LocalAws, TOOL, compiling, kept_folder};
use super::proxy::Proxy;

/// What `deploy` is told.
#[cfg(target_arch = "x86_64")]
pub const DEPLOY: [&str; 4] = ["deploy", "--yes", "--arch", "x86_64"];
#[cfg(not(target_arch = "x86_64"))]
pub const DEPLOY: [&str; 4] = ["deploy", "--yes", "--arch", "arm64"];

/// How to run the tool: where, against what, as whom.
#[derive(Debug, Clone)]
pub struct Tool {
    pub project: Utf8PathBuf,
    pub endpoint: String,
    pub account: Account,
}

/// What a run of the tool came to.
#[derive(Debug)]
pub struct Run {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Tool {
    /// An app of the tests, deployed through a proxy to an account that nobody else uses.
    pub fn through(proxy: &Proxy, app: &App) -> Self {
        Self { project: app.folder.clone(), endpoint: proxy.endpoint(), account: LocalAws::account() }
    }

    /// Deploys for this machine's processor, which is the one that MiniStack runs functions on.
    pub fn deploy(&self) -> Run {
        self.run(&DEPLOY)
    }

    /// Deletes without being asked.
    pub fn delete(&self) -> Run {
        self.run(&["delete", "--yes"])
    }

    /// The command, ready to be run. Nothing of the environment's AWS settings reaches it.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(TOOL);
        for (name, _) in
            std::env::vars().filter(|(name, _)| name.starts_with("AWS_") || name.starts_with("CHALICE_"))
        {
            command.env_remove(name);
        }
        compiling(&mut command)
            .arg("chalice")
            .args(args)
            .current_dir(&self.project)
            .env("AWS_ENDPOINT_URL", &self.endpoint)
            .env("AWS_ACCESS_KEY_ID", &self.account.0)
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .env("AWS_REGION", "us-east-1")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_CONFIG_FILE", "/nonexistent")
            .env("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
            .env("XDG_CACHE_HOME", kept_folder())
            .stdin(Stdio::null());
        command
    }

    /// Runs it to its end.
    pub fn run(&self, args: &[&str]) -> Run {
        self.command(args).output().unwrap().into()
    }

    /// Runs it to its end, which must be a good one.
    pub fn succeed(&self, args: &[&str]) -> Run {
        self.run(args).good()
    }

    /// Begins a run; its output can be had from [`Child::wait_with_output`].
    pub fn spawn(&self, args: &[&str]) -> Child {
        self.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }
}

/// Runs the tool on a project of this repository, with `--sandbox`.
pub fn in_sandbox(project: &Utf8Path, args: &[&str]) -> Run {
    let mut command = local_aws::sandbox(&LocalAws::shared().instance);
    command.args(args).arg("--sandbox").current_dir(project);
    command.output().unwrap().into()
}

impl Run {
    /// The run, if it ended well.
    pub fn good(self) -> Self {
        assert_eq!(self.code, Some(0), "{}\n{}", self.stdout, self.stderr);
        self
    }

    /// The last line of the data: a URL, a path.
    pub fn last_line(&self) -> &str {
        self.stdout.lines().last().unwrap_or_default()
    }

    /// The data of `--json`, one document a line.
    pub fn json(&self) -> Vec<Value> {
        self.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Self { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}
