//! `cargo chalice doctor`: are this machine and this account ready, and what to do if not.

use camino::Utf8Path;
use chalice_rs_manifest::AppName;
use miette::Diagnostic;
use serde::Serialize;
use tokio::process::Command;

use crate::aws::{self, Aws};
use crate::cli::{Architecture, DoctorArgs, Libc};
use crate::compile::{Target, Toolchain};
use crate::failure::{Exit, Failure};
use crate::machine::Machine;
use crate::project::{Project, Settings};
use crate::report::{Report, table};

/// Looks at everything and prints a line for each.
pub async fn run(args: &DoctorArgs, report: &mut Report) -> Result<Exit, Failure> {
    let machine = Machine::read();
    let folder = machine.folder().join(args.project.project.as_deref().unwrap_or(Utf8Path::new("")));
    report.progress("looking at this machine");
    let mut checks = [compiler(&folder, &machine).await, sandbox(&machine).await].concat();
    if !args.aws.sandbox {
        report.progress("looking at the AWS account");
        checks.push(account(args).await);
    }

    let rows = checks.iter().map(|check| {
        let state = if check.ok { "ok" } else { "missing" };
        [state.to_owned(), check.what.to_owned(), check.found.clone()]
    });
    let mut text = table(["STATE", "WHAT", "FOUND"], rows);
    for check in &checks {
        if let Some(help) = &check.help {
            text.push_str(&format!("\n{}: {help}", check.what));
        }
    }
    report.data(&text, &checks);
    Ok(if checks.iter().all(|check| check.ok) { Exit::Success } else { Exit::Failed })
}

/// One thing that is needed.
#[derive(Debug, Clone, Serialize)]
struct Check {
    what: &'static str,
    ok: bool,
    /// What was found, or why it is of no use.
    found: String,
    /// What to do, when it is missing.
    help: Option<String>,
}

impl Check {
    fn ok(what: &'static str, found: impl Into<String>) -> Self {
        Self { what, ok: true, found: found.into(), help: None }
    }

    fn missing(what: &'static str, found: impl Into<String>, help: impl Into<String>) -> Self {
        Self { what, ok: false, found: found.into(), help: Some(help.into()) }
    }
}

/// The compiler this program and the library are made for.
const RUST: &str = env!("CARGO_PKG_RUST_VERSION");

async fn compiler(folder: &Utf8Path, machine: &Machine) -> Vec<Check> {
    let mut checks = Vec::new();
    let install = "install Rust from https://rustup.rs";
    match version(machine.cargo(), &["--version"]).await {
        Some(found) => checks.push(Check::ok("cargo", found)),
        None => checks.push(Check::missing("cargo", "does not run", install)),
    }
    match version(machine.variable("RUSTC").unwrap_or("rustc"), &["--version"]).await {
        Some(found) if is_older(&found, RUST) => {
            checks.push(Check::missing(
                "rustc",
                found,
                format!("run `rustup update`; Rust {RUST} is needed"),
            ));
        }
        Some(found) => checks.push(Check::ok("rustc", found)),
        None => checks.push(Check::missing("rustc", "does not run", install)),
    }
    match machine.program("rustup") {
        Some(path) => checks.push(Check::ok("rustup", path)),
        None => checks.push(Check::missing("rustup", "not on the path", install)),
    }
    let Ok(toolchain) = Toolchain::at(folder, machine).await else { return checks };
    match toolchain.linker() {
        Some(path) => checks.push(Check::ok("rust-lld", path)),
        None => checks.push(Check::missing("rust-lld", format!("not in `{}`", toolchain.sysroot()), install)),
    }
    for architecture in Architecture::ALL {
        let triple = Target { architecture, libc: Libc::Musl }.triple();
        if toolchain.has(Target { architecture, libc: Libc::Musl }) {
            checks.push(Check::ok("target", triple));
        } else {
            checks.push(Check::missing("target", triple, format!("run `rustup target add {triple}`")));
        }
    }
    checks
}

/// The sandbox is a Python program in an environment of its own.
async fn sandbox(machine: &Machine) -> Vec<Check> {
    let what = "python3";
    let check = match version("python3", &["--version"]).await {
        None => {
            Check::missing(what, "does not run", format!("for the sandbox, {}", packages(machine, "python3")))
        }
        Some(found) => match version("python3", &["-c", "import ensurepip, venv; print('venv')"]).await {
            Some(_) => Check::ok(what, found),
            None => Check::missing(
                what,
                format!("{found} without `venv`"),
                format!("for the sandbox, {}", packages(machine, "python3-venv")),
            ),
        },
    };
    vec![check]
}

/// The account that a deploy from here would go to. A project need not be there; when it is, its
/// region and its pin count.
async fn account(args: &DoctorArgs) -> Check {
    let what = "AWS account";
    let (app, settings) = match Project::find(&args.project) {
        Ok(project) => (Ok(project.app), project.settings),
        Err(_) => ("doctor".parse(), Settings::default()),
    };
    // Nothing is made under the name.
    let app: AppName = match app {
        Ok(app) => app,
        Err(error) => return Check::missing(what, error.to_string(), error.help()),
    };
    let region = args.aws.region.as_deref().or(settings.region.as_deref());
    let config = aws::configuration(args.aws.profile.as_deref(), region).await;
    let aws = Aws::connect(&app, &args.project.stage, config).await;
    match aws.and_then(|aws| aws.pinned_to(settings.account.as_deref())) {
        Ok(aws) => Check::ok(what, format!("{} in {}", aws.scope.account, aws.scope.region)),
        Err(error) => {
            let help = error.help().map(|help| help.to_string()).unwrap_or_default();
            Check::missing(what, error.to_string(), help)
        }
    }
}

fn packages(machine: &Machine, package: &str) -> String {
    if machine.program("apt-get").is_some() {
        format!("run `sudo apt-get install {package}`")
    } else if machine.program("brew").is_some() {
        "run `brew install python`".to_owned()
    } else {
        "install Python 3 from https://www.python.org/downloads".to_owned()
    }
}

/// The first line that a program prints; `None` when it fails.
async fn version(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().await.ok()?;
    let text = String::from_utf8_lossy(&output.stdout).lines().next()?.trim().to_owned();
    output.status.success().then_some(text)
}

/// Whether `rustc 1.90.0 (..)` is older than `1.95`.
fn is_older(found: &str, needed: &str) -> bool {
    let numbers =
        |text: &str| -> Vec<u32> { text.split(['.', '-']).map_while(|part| part.parse().ok()).collect() };
    let Some(found) = found.split_whitespace().nth(1) else { return false };
    numbers(found) < numbers(needed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(is_older("rustc 1.9.0 (a 2016)", "1.95"));
        assert!(!is_older("rustc 1.95.0 (a 2026)", "1.95"));
        assert!(!is_older("rustc 1.100.0-nightly (a 2026)", "1.95"));
        assert!(!is_older("rustc 2.0.0", "1.95"));
    }
}
