//! Running other programs: where, how loudly, and what a failure says.

use std::{
    env, fmt,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use crate::failure::{Failure, Outcome};

/// The repository's top folder; every recipe works from there.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Cargo, at the repository's top folder. Rustup sees to it that it is the one that runs us.
pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(root());
    cargo
}

/// `cargo chalice ..` as a user would type it, run by the tool of this checkout; see [`build_tool`].
pub(crate) fn chalice(folder: &Path) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(folder).arg("chalice");
    // Cargo looks for its subcommands there; this checkout's goes before any that is installed.
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = tool_folder().into_iter().chain(env::split_paths(&path));
    if let Ok(path) = env::join_paths(folders) {
        cargo.env("PATH", path);
    }
    cargo.env("XDG_CACHE_HOME", cache());
    cargo
}

/// Where the recipes and the tests keep the sandbox, so that nobody's own is touched and `cargo clean` removes it.
pub(crate) fn cache() -> PathBuf {
    root().join("target/tmp")
}

/// Builds the tool, so that [`chalice`] finds it: as a part of the tests, which have other features of what both use, so
/// that the AWS SDK is compiled once.
pub(crate) fn build_tool() -> Outcome {
    run(cargo().args(["test", "--quiet", "--locked", "--workspace", "--no-run", "--test", "cli"]))
}

/// Cargo puts the tool beside the program that runs now.
pub(crate) fn tool_folder() -> Option<PathBuf> {
    Some(env::current_exe().ok()?.parent()?.to_path_buf())
}

/// Runs a program that speaks for itself; anything but success is a failure.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let status = command.status().map_err(|error| cannot_start(command, &error))?;
    if status.success() { Ok(()) } else { Err(ended_badly(command, status)) }
}

/// The same, after showing the command.
pub(crate) fn narrate(command: &mut Command) -> Outcome {
    println!("$ {}", words(command));
    run(command)
}

/// Runs a program for what it prints on stdout; stderr passes through.
pub(crate) fn output(command: &mut Command) -> Outcome<String> {
    let Output { status, stdout, .. } =
        command.stderr(Stdio::inherit()).output().map_err(|error| cannot_start(command, &error))?;
    if !status.success() {
        return Err(ended_badly(command, status));
    }
    String::from_utf8(stdout).map_err(|_| Failure::new(format!("`{}` printed no text", words(command))))
}

/// Can this program be found on the `PATH`?
pub(crate) fn is_installed(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// Can this git repository be read from here?
pub(crate) fn answers(repository: &str) -> bool {
    let mut git = Command::new("git");
    git.env("GIT_TERMINAL_PROMPT", "0").args(["-c", "http.lowSpeedLimit=1", "-c", "http.lowSpeedTime=10"]);
    git.args(["ls-remote", "--quiet", repository, "HEAD"]);
    git.stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// A command as one would type it.
pub(crate) fn words(command: &Command) -> String {
    let mut words = command.get_program().to_string_lossy().into_owned();
    for argument in command.get_args() {
        words.push(' ');
        words.push_str(&argument.to_string_lossy());
    }
    words
}

fn cannot_start(command: &Command, error: &std::io::Error) -> Failure {
    let program = command.get_program().to_string_lossy();
    Failure::new(format!("cannot run `{}`: {error}", words(command)))
        .next(format!("is `{program}` installed?"))
}

fn ended_badly(command: &Command, status: impl fmt::Display) -> Failure {
    Failure::new(format!("`{}` ended with {status}", words(command)))
}
