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

/// Runs a program that speaks for itself; anything but success is a failure.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let status = command.status().map_err(|error| cannot_start(command, &error))?;
    if status.success() { Ok(()) } else { Err(ended_badly(command, status)) }
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
