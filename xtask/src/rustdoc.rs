//! `rustdoc` as cargo calls it in the document step: it documents, and counts the public items without an example.
//!
//! The count is not stable, and a variable that allows it would have cargo compile everything anew if cargo saw it. So
//! cargo is told that this program is `rustdoc`, and the variable is set for the count alone.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::process::{Command, ExitCode};

use crate::failure::{Context, Failure, Outcome};
use crate::shell;

/// Whose public items all have an example that runs.
const LIBRARIES: [&str; 3] = ["chalice_rs", "chalice_rs_manifest", "chalice_rs_wire"];

/// Says to this program that it is `rustdoc`.
const ROLE: &str = "XTASK_IS_RUSTDOC";

/// Has a call of cargo document through this program.
pub(crate) fn check(cargo: &mut Command) -> Outcome {
    // By its name: a build of the workspace may have put another one in this program's place since it started.
    let folder = shell::tool_folder().ok_or_else(|| Failure::new("cannot tell where this program is"))?;
    let us = folder.join(format!("{}{}", env!("CARGO_BIN_NAME"), env::consts::EXE_SUFFIX));
    cargo.env("RUSTDOC", us).env(ROLE, "1");
    Ok(())
}

/// Whether cargo calls this program for `rustdoc`.
pub(crate) fn is_meant() -> bool {
    env::var_os(ROLE).is_some()
}

/// Runs it with the arguments of this program.
pub(crate) fn run() -> ExitCode {
    let arguments: Vec<OsString> = env::args_os().skip(1).collect();
    // What is wrong, it says itself.
    if shell::run(Command::new("rustdoc").args(&arguments)).is_err() {
        return ExitCode::FAILURE;
    }
    if !arguments.iter().any(|argument| LIBRARIES.iter().any(|library| argument == library)) {
        return ExitCode::SUCCESS;
    }
    match without_example(&arguments) {
        Ok(files) if files.is_empty() => ExitCode::SUCCESS,
        Ok(files) => {
            for (file, count) in files {
                eprintln!("error: public items without an example in `{file}`: {count}");
            }
            ExitCode::FAILURE
        }
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// The files with public items that have no example, and how many.
fn without_example(arguments: &[OsString]) -> Outcome<Vec<(String, u64)>> {
    let mut rustdoc = Command::new("rustdoc");
    rustdoc.args(arguments).env("RUSTC_BOOTSTRAP", "1");
    rustdoc.args(["-Zunstable-options", "--show-coverage", "--output-format=json"]);
    let counted = shell::output(&mut rustdoc)?;
    let files: BTreeMap<String, Count> =
        serde_json::from_str(&counted).context("the count cannot be read")?;
    let missing = |count: &Count| count["total_examples"].saturating_sub(count["with_examples"]);
    Ok(files
        .into_iter()
        .map(|(file, count)| (file, missing(&count)))
        .filter(|(_, missing)| *missing > 0)
        .collect())
}

/// How many items of a file there are of each kind.
type Count = BTreeMap<String, u64>;
