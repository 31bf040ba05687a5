//! `doctor`, on this machine and on poorer ones.

use crate::support::{Answer, Folder, chalice};

#[test]
fn a_machine_that_builds_this_is_ready_to_compile() {
    let answer = Folder::temporary().chalice(&["doctor", "--sandbox", "--json"]);
    let checks = answer.json();
    let found = |what: &str| {
        let checks = checks.as_array().expect("a list").iter();
        checks.filter(|check| check["what"] == what).map(|check| check["ok"].clone()).collect::<Vec<_>>()
    };
    for what in ["cargo", "rustc", "rust-lld"] {
        assert_eq!(found(what), [true], "{checks:#}");
    }
    assert_eq!(found("target").len(), 2);
    let all = checks.as_array().expect("a list").iter().all(|check| check["ok"] == true);
    assert_eq!(answer.exit == 0, all);
}

#[test]
fn what_is_missing_says_what_to_do() {
    let folder = Folder::temporary();
    let mut command = chalice(folder.path(), &["doctor", "--sandbox"]);
    command.env("PATH", folder.path()).env_remove("CARGO").env_remove("RUSTC");
    let answer = Answer::of(command.output().expect("to run"));
    assert_eq!(answer.exit, 1);
    for text in
        ["missing  cargo", "missing  rustc", "missing  rustup", "https://rustup.rs", "missing  python3"]
    {
        assert!(answer.stdout.contains(text), "`{text}` is not in:\n{}", answer.stdout);
    }
}
