//! What holds for every command: help, exit codes, colour, closed pipes.

use std::io::Read;
use std::process::Stdio;

use crate::support::{Folder, HELLO, chalice};

#[test]
fn a_wrong_command_line_has_an_exit_code_of_its_own() {
    let folder = Folder::temporary();
    folder.chalice(&["--nonsense"]).refused(3, &["--nonsense"]);
    folder.chalice(&[]).refused(3, &["Usage"]);
    folder.chalice(&["config", "--stage", "a b"]).refused(3, &["the stage `a b` has a ` `"]);
    folder.chalice(&["build", "--arch", "mips"]).refused(3, &["arm64, x86_64"]);
}

#[test]
fn help_is_data_and_lists_the_exit_codes() {
    let folder = Folder::temporary();
    let help = folder.chalice(&["--help"]).ok();
    assert!(help.stdout.contains("Exit codes:") && help.stdout.contains("130"), "{}", help.stdout);
    assert_eq!(help.stderr, "");
    assert!(folder.chalice(&["--version"]).ok().stdout.starts_with("cargo-chalice 0."));
}

#[test]
fn colour_is_only_for_those_who_want_it() {
    let folder = Folder::temporary();
    let stderr = |name: &str| {
        let output = chalice(folder.path(), &["config"]).env(name, "1").output().expect("to run");
        String::from_utf8(output.stderr).expect("UTF-8")
    };
    assert!(stderr("CLICOLOR_FORCE").contains("\u{1b}["));
    assert!(!stderr("NO_COLOR").contains('\u{1b}'));
    assert!(!folder.chalice(&["config"]).stderr.contains('\u{1b}'), "not a terminal");
}

#[test]
fn a_reader_that_leaves_is_not_an_error() {
    let folder = Folder::temporary();
    let mut child = chalice(folder.path(), &["completions", "bash"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("to run");
    drop(child.stdout.take());
    let mut stderr = String::new();
    child.stderr.take().expect("stderr").read_to_string(&mut stderr).expect("UTF-8");
    assert_eq!((child.wait().expect("an end").code(), stderr.as_str()), (Some(0), ""));
}

#[test]
fn quiet_leaves_data_and_errors() {
    let folder = Folder::temporary();
    let answer = folder.chalice(&["new", "quiet", "--quiet"]).ok();
    assert_eq!((answer.stdout.as_str(), answer.stderr.as_str()), ("quiet\n", ""));
    folder.chalice(&["new", "quiet", "--quiet"]).refused(4, &["`quiet` exists already"]);
}

#[test]
fn the_program_answers_to_both_of_its_names() {
    let folder = Folder::temporary().app(".", "orders", HELLO);
    let direct = std::process::Command::new(env!("CARGO_BIN_EXE_cargo-chalice"))
        .args(["config", "--json"])
        .current_dir(folder.path())
        .output()
        .expect("to run");
    assert_eq!(String::from_utf8_lossy(&direct.stdout), folder.chalice(&["config", "--json"]).ok().stdout);
}
