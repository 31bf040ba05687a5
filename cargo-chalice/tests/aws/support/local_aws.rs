//! One MiniStack for the whole run, made by the program under test, and an account of its own for every test.

use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use camino::{Utf8Path, Utf8PathBuf};
use serde::Deserialize;

use super::model::Models;
use super::witness::Witness;

/// The program under test.
pub const TOOL: &str = env!("CARGO_BIN_EXE_cargo-chalice");

/// A folder that outlives the run: what is installed and compiled for one run serves the next.
pub fn kept_folder() -> &'static Utf8Path {
    Utf8Path::new(env!("CARGO_TARGET_TMPDIR"))
}

/// The local AWS that all tests of this run share.
#[derive(Debug)]
pub struct LocalAws {
    /// The name of the instance, for runs with `--sandbox`.
    pub instance: String,
    pub endpoint: SocketAddr,
    pub witness: Witness,
    pub models: Models,
}

/// An account with nothing in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account(pub String);

impl Account {
    /// The account of the sandbox itself, where runs with `--sandbox` work.
    pub fn of_the_sandbox() -> Self {
        Self("000000000000".to_owned())
    }
}

#[derive(Deserialize)]
struct Started {
    endpoint: String,
    python: Utf8PathBuf,
}

impl LocalAws {
    /// Starts it on first use.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<LocalAws> = OnceLock::new();
        SHARED.get_or_init(|| {
            let instance = format!("tests-{}", std::process::id());
            let output = sandbox(&instance).args(["sandbox", "start", "--json"]).output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            let started: Started = serde_json::from_slice(&output.stdout).unwrap();
            stop_when_we_end(&started.python, &instance);
            let witness = Witness::start(&started.python, &started.endpoint);
            let models = Models::load(&witness);
            let endpoint = started.endpoint.trim_start_matches("http://").parse().unwrap();
            Self { instance, endpoint, witness, models }
        })
    }

    /// An account that no other test uses. MiniStack takes an access key of twelve digits as the account.
    pub fn account() -> Account {
        static NEXT: AtomicU64 = AtomicU64::new(100_000_000_001);
        Account(NEXT.fetch_add(1, Ordering::Relaxed).to_string())
    }
}

/// The tool, set to an instance of the sandbox and to the cache that the tests share.
pub fn sandbox(instance: &str) -> Command {
    let mut command = Command::new(TOOL);
    compiling(&mut command)
        .env("CHALICE_SANDBOX", instance)
        .env("XDG_CACHE_HOME", kept_folder())
        .stdin(Stdio::null());
    command
}

/// Says where and how apps are compiled: all in one folder, so that their dependencies are compiled once, and all alike,
/// because programs of one name replace each other there. They need not be small: without this, linking is most of it.
pub fn compiling(command: &mut Command) -> &mut Command {
    command
        .env("CARGO_TARGET_DIR", kept_folder().join("apps"))
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
}

/// A child that sleeps until our end of its input closes, which happens however this process ends, and then stops the
/// instance and removes its folder.
fn stop_when_we_end(python: &Utf8Path, instance: &str) {
    const WATCH: &str = "import os, shutil, subprocess, sys\n\
        os.setsid()\n\
        sys.stdin.read()\n\
        subprocess.run([sys.argv[1], 'sandbox', 'stop', '--quiet'])\n\
        shutil.rmtree(sys.argv[2])\n";
    let folder = kept_folder().join("chalice-rs/sandbox/instances").join(instance);
    let child = Command::new(python)
        .args(["-I", "-c", WATCH, TOOL, folder.as_str()])
        .env("CHALICE_SANDBOX", instance)
        .env("XDG_CACHE_HOME", kept_folder())
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    // Kept open until the process ends.
    std::mem::forget(child);
}
