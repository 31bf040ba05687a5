//! `sandbox start|status|reset|stop`, and everything that can have gone wrong before.

use std::process::Command;

use camino::Utf8PathBuf;
use serde_json::{Value, json};

use crate::support::local_aws::{self, LocalAws, kept_folder};
use crate::support::tool::Run;

/// An instance of the sandbox for one test, stopped and removed at the end of it.
struct Instance {
    name: String,
}

impl Instance {
    fn new(name: &str) -> Self {
        // The packages are installed once for all tests.
        LocalAws::shared();
        Self { name: format!("test-{name}-{}", std::process::id()) }
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = local_aws::sandbox(&self.name);
        command.arg("sandbox").args(args);
        command
    }

    fn run(&self, args: &[&str]) -> Run {
        self.command(args).output().unwrap().into()
    }

    /// The data of a run that must succeed.
    fn json(&self, command: &str) -> Value {
        let run = self.run(&[command, "--json"]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        run.json().remove(0)
    }

    fn folder(&self) -> Utf8PathBuf {
        kept_folder().join("chalice-rs/sandbox/instances").join(&self.name)
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        self.run(&["stop"]);
        let _ = std::fs::remove_dir_all(self.folder());
    }
}

fn answers(started: &Value) -> bool {
    let address = started["endpoint"].as_str().unwrap().trim_start_matches("http://");
    std::net::TcpStream::connect(address).is_ok()
}

fn kill(pid: &Value) {
    let pid = i32::try_from(pid.as_i64().unwrap()).unwrap();
    let pid = rustix::process::Pid::from_raw(pid).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
}

#[test]
fn starts_once_answers_and_stops_what_it_started() {
    let instance = Instance::new("once");
    assert_eq!(instance.json("status"), json!({ "state": "stopped" }));

    let first = instance.json("start");
    assert_eq!(first["state"], "running");
    assert!(answers(&first));
    assert_eq!(first["account"], "000000000000");
    assert_eq!(instance.json("start"), first, "a second start finds the first");
    assert_eq!(instance.json("status"), first);

    instance.json("stop");
    assert!(!answers(&first));
    assert_eq!(instance.json("status"), json!({ "state": "stopped" }));
    instance.json("stop");
}

#[test]
fn eight_at_once_start_one() {
    let instance = Instance::new("eight");
    let starts: Vec<_> = (0..8)
        .map(|_| instance.command(&["start", "--json"]).stdout(std::process::Stdio::piped()).spawn().unwrap())
        .collect();
    let found: Vec<Value> = starts
        .into_iter()
        .map(|start| Run::from(start.wait_with_output().unwrap()).json().remove(0))
        .collect();
    assert!(found.iter().all(|one| *one == found[0]), "{found:#?}");
}

#[test]
fn a_server_that_crashed_is_replaced_on_the_same_port() {
    let instance = Instance::new("crash");
    let first = instance.json("start");
    kill(&first["pid"]);
    let second = instance.json("start");
    assert_ne!(first["pid"], second["pid"]);
    assert_eq!(first["endpoint"], second["endpoint"]);
}

#[test]
fn a_port_that_somebody_took_is_left_to_them() {
    let instance = Instance::new("port");
    let first = instance.json("start");
    instance.json("stop");
    let address = first["endpoint"].as_str().unwrap().trim_start_matches("http://");
    let taken = std::net::TcpListener::bind(address).unwrap();
    let second = instance.json("start");
    assert_ne!(first["endpoint"], second["endpoint"]);
    drop(taken);
}

#[test]
fn a_process_number_that_was_left_behind_is_not_believed() {
    let instance = Instance::new("stale");
    let bystander = Command::new("sleep").arg("600").spawn().unwrap();
    let mut bystander = scopeguard(bystander);
    std::fs::create_dir_all(instance.folder()).unwrap();
    let record = json!({ "pid": bystander.0.id(), "port": 1, "release": "ministack-000000000000" });
    std::fs::write(instance.folder().join("server.json"), record.to_string()).unwrap();

    assert_eq!(instance.json("status"), json!({ "state": "stopped" }));
    instance.json("stop");
    assert!(bystander.0.try_wait().unwrap().is_none(), "the stranger still runs");
    assert_eq!(instance.json("start")["state"], "running");
    assert!(bystander.0.try_wait().unwrap().is_none(), "the stranger still runs");
}

/// Ends a child that a failing test would leave.
struct Ended(std::process::Child);

fn scopeguard(child: std::process::Child) -> Ended {
    Ended(child)
}

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn functions_cannot_see_what_the_user_has_in_the_environment() {
    let instance = Instance::new("scrub");
    let run: Run =
        instance.command(&["start", "--json"]).env("AWS_SECRET_ACCESS_KEY", "mine").output().unwrap().into();
    let pid = &run.json()[0]["pid"];
    let environment = format!("/proc/{pid}/environ");
    // Only Linux shows it.
    if let Ok(environment) = std::fs::read_to_string(environment) {
        assert!(environment.contains("BIND_HOST=127.0.0.1"), "{environment}");
        for leaked in ["mine", "CARGO", "CHALICE_SANDBOX"] {
            assert!(!environment.contains(leaked), "{leaked}: {environment}");
        }
    }
}

#[test]
fn an_install_that_was_cut_short_is_never_used() {
    let cache = tempfile::tempdir().unwrap();
    let root = cache.path().join("chalice-rs/sandbox");
    let unfinished = root.join("unfinished-abc");
    std::fs::create_dir_all(unfinished.join("bin")).unwrap();
    // Without a registry the new install fails too, but only after it has swept.
    let run: Run = local_aws::sandbox("cut-short")
        .args(["sandbox", "start"])
        .env("XDG_CACHE_HOME", cache.path())
        .env("PIP_INDEX_URL", "http://127.0.0.1:1/simple")
        .env("PIP_CONFIG_FILE", "/dev/null")
        .env("PIP_RETRIES", "1")
        .env_remove("PIP_FIND_LINKS")
        .output()
        .unwrap()
        .into();
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert!(run.stderr.contains("the Python package registry cannot be reached"), "{}", run.stderr);
    assert!(!unfinished.exists());
    let left: Vec<_> = root.read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with("ministack")), "{left:?}");
}

#[test]
fn what_is_missing_is_named_with_the_command_that_installs_it() {
    let check = |scripts: &[(&str, &str)], what: &str, help: &str| {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        for (name, script) in scripts {
            let path = folder.path().join(name);
            std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
            std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
        }
        let run: Run = local_aws::sandbox("missing")
            .args(["sandbox", "start"])
            .env("XDG_CACHE_HOME", folder.path())
            .env("PATH", folder.path())
            .output()
            .unwrap()
            .into();
        assert_eq!(run.code, Some(1), "{}", run.stderr);
        assert!(run.stderr.contains(what), "{}", run.stderr);
        assert!(run.stderr.contains(help), "{}", run.stderr);
    };
    check(&[], "there is no `python3`", "apt install python3 python3-venv");
    check(&[("python3", "echo 3 8")], "`python3` is 3.8", "install a newer Python");
    check(
        &[("python3", "case \"$2\" in *ensurepip*) exit 1;; *) echo 3 11;; esac")],
        "`python3` cannot make virtual environments",
        "apt install python3-venv",
    );
    check(
        &[("python3", "case \"$1\" in -m) echo no space left; exit 1;; *) echo 3 11;; esac")],
        "no space left",
        "`python3 -m venv` must work",
    );
}

#[test]
fn a_bad_name_is_an_error_and_no_path() {
    let run: Run = local_aws::sandbox("../../etc").args(["sandbox", "status"]).output().unwrap().into();
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("`../../etc` cannot be the name of a sandbox"), "{}", run.stderr);
}

#[test]
fn reset_forgets_what_was_made() {
    let instance = Instance::new("reset");
    assert_eq!(instance.json("reset"), json!({ "state": "stopped" }));
    let started = instance.json("start");
    let python = Utf8PathBuf::from(started["python"].as_str().unwrap());
    let witness = crate::support::witness::Witness::start(&python, started["endpoint"].as_str().unwrap());
    let account = local_aws::Account::of_the_sandbox();
    witness.call(&account, "logs", "create_log_group", &json!({ "logGroupName": "/aws/lambda/x" }));
    assert!(!witness.is_empty(&account));
    instance.json("reset");
    assert!(witness.is_empty(&account));
}
