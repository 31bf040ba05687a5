//! A private Python environment with MiniStack in it: found, or made once and never changed.
//!
//! Made under a temporary name and renamed when whole, so an install that was cut short is never used.

use std::process::Stdio;

use camino::{Utf8Path, Utf8PathBuf};
use tokio::process::Command;

use super::SandboxError;
use super::folder::{self, Folder, REQUIREMENTS};
use crate::report::Report;

/// The oldest Python that MiniStack runs on.
const OLDEST_PYTHON: (u32, u32) = (3, 10);

/// What an install looks like before it gets its name.
const UNFINISHED: &str = "unfinished-";

/// The names to look for, the one that a user's own choice goes by first.
const PYTHONS: [&str; 6] = ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10"];

/// Variables that would send pip's files elsewhere, or other people's modules to us.
const MISLEADING: [&str; 7] = [
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_USER",
    "PIP_REQUIREMENT",
    "PYTHONHOME",
    "PYTHONPATH",
    "__PYVENV_LAUNCHER__",
];

/// Makes sure that the environment is there and works.
pub async fn ensure(folder: &Folder, report: &mut Report) -> Result<(), SandboxError> {
    if works(&folder.python()).await {
        return Ok(());
    }
    let _lock = folder.lock_install().await?;
    // Somebody else may have installed it while we waited.
    if works(&folder.python()).await {
        return Ok(());
    }
    sweep(folder)?;
    let python = find_python().await?;
    report.progress("Installing the sandbox, once");
    let unfinished = tempfile::Builder::new()
        .prefix(UNFINISHED)
        .tempdir_in(folder.root())
        .map_err(|source| SandboxError::Folder { path: folder.root().to_owned(), source })?;
    let environment = Utf8Path::from_path(unfinished.path()).ok_or(SandboxError::NoCacheFolder)?;
    make_environment(python, environment).await?;
    install_packages(environment).await?;
    let named = folder.environment();
    std::fs::rename(environment, &named)
        .map_err(|source| SandboxError::Folder { path: named.clone(), source })?;
    report.done();
    Ok(())
}

/// Whether the environment can run MiniStack: an interpreter that was upgraded or removed since cannot.
async fn works(python: &Utf8Path) -> bool {
    let probe = quiet(python.as_str(), &["-I", "-c", "import ministack, cryptography"]).output();
    python.exists() && probe.await.is_ok_and(|output| output.status.success())
}

/// Removes what does not work: a broken environment, and what interrupted installs left.
fn sweep(folder: &Folder) -> Result<(), SandboxError> {
    let failed = |source| SandboxError::Folder { path: folder.root().to_owned(), source };
    for entry in folder.root().read_dir_utf8().map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if entry.file_name().starts_with(UNFINISHED) || entry.file_name() == folder::release() {
            std::fs::remove_dir_all(entry.path()).map_err(failed)?;
        }
    }
    Ok(())
}

async fn find_python() -> Result<&'static str, SandboxError> {
    let mut old = None;
    for name in PYTHONS {
        let version = quiet(name, &["-c", "import sys; print(*sys.version_info[:2])"]).output().await;
        let Some(version) = version.ok().filter(|output| output.status.success()) else { continue };
        let version = String::from_utf8_lossy(&version.stdout).into_owned();
        let mut numbers = version.split_whitespace().map_while(|number| number.parse::<u32>().ok());
        match (numbers.next(), numbers.next()) {
            (Some(major), Some(minor)) if (major, minor) >= OLDEST_PYTHON => return Ok(name),
            (Some(major), Some(minor)) => old = old.or(Some(format!("{major}.{minor}"))),
            _ => {}
        }
    }
    Err(match old {
        Some(version) => SandboxError::OldPython { version },
        None => SandboxError::NoPython,
    })
}

async fn make_environment(python: &str, folder: &Utf8Path) -> Result<(), SandboxError> {
    // Debian and Ubuntu ship Python without these two, in `python3-venv`.
    let modules = quiet(python, &["-c", "import venv, ensurepip"]).output().await;
    if !modules.is_ok_and(|output| output.status.success()) {
        return Err(SandboxError::NoVenvModule { python: python.to_owned() });
    }
    let output = run(&mut quiet(python, &["-m", "venv", "--clear", folder.as_str()])).await?;
    if output.success {
        return Ok(());
    }
    Err(SandboxError::Environment { said: output.said })
}

async fn install_packages(environment: &Utf8Path) -> Result<(), SandboxError> {
    let requirements = environment.join("requirements.txt");
    std::fs::write(&requirements, REQUIREMENTS)
        .map_err(|source| SandboxError::Folder { path: requirements.clone(), source })?;
    let python: Utf8PathBuf = environment.join("bin").join("python");
    // The user's pip settings hold: a company's index, proxy or certificate. The hashes decide what is good.
    let output = run(&mut quiet(
        python.as_str(),
        &[
            "-m",
            "pip",
            "install",
            "--disable-pip-version-check",
            "--no-input",
            "--quiet",
            "--no-deps",
            "--require-hashes",
            "--only-binary",
            ":all:",
            "--requirement",
            requirements.as_str(),
        ],
    ))
    .await?;
    if output.success { Ok(()) } else { Err(pip_failure(output.said)) }
}

/// What to tell a user about a pip that failed; its own words are many.
fn pip_failure(said: String) -> SandboxError {
    let any = |signs: &[&str]| signs.iter().any(|sign| said.contains(sign));
    if any(&["DO NOT MATCH THE HASHES"]) {
        SandboxError::WrongHash { said }
    } else if any(&[
        "NewConnectionError",
        "ConnectTimeout",
        "ReadTimeout",
        "ProxyError",
        "Retrying (",
        "SSLError",
    ]) {
        SandboxError::NoRegistry { said }
    } else {
        SandboxError::Pip { said }
    }
}

struct Output {
    success: bool,
    said: String,
}

async fn run(command: &mut Command) -> Result<Output, SandboxError> {
    let output =
        command.output().await.map_err(|source| SandboxError::Environment { said: source.to_string() })?;
    let said = [output.stdout, output.stderr].concat();
    Ok(Output { success: output.status.success(), said: last_lines(&String::from_utf8_lossy(&said), 12) })
}

/// The last lines of a text that are not empty: where tools say what went wrong.
pub fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

fn quiet(program: &str, args: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::null()).kill_on_drop(true);
    for variable in MISLEADING {
        command.env_remove(variable);
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_package_is_pinned_by_version_and_hash() {
        let requirements: String =
            REQUIREMENTS.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join("\n");
        let packages: Vec<String> = requirements
            .replace("\\\n", " ")
            .lines()
            .map(str::to_owned)
            .filter(|line| !line.is_empty())
            .collect();
        assert!(packages.len() > 15, "{}", packages.len());
        for package in packages {
            assert!(package.contains("==") && package.contains("--hash=sha256:"), "{package}");
        }
    }

    #[test]
    fn what_pip_says_becomes_what_the_user_can_do() {
        let check = |said: &str, code: &str| {
            use miette::Diagnostic;
            let error = pip_failure(said.to_owned());
            assert_eq!(error.code().map(|code| code.to_string()).as_deref(), Some(code), "{said}");
        };
        check(
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
            "chalice::sandbox::wrong_hash",
        );
        check(
            "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError'",
            "chalice::sandbox::no_registry",
        );
        check("ERROR: No matching distribution found for cryptography==50.0.2", "chalice::sandbox::pip");
    }
}
