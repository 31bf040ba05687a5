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
fn an_account_that_cannot_be_used_is_missing_with_its_way_out() {
    let folder = Folder::temporary();
    let mut command = chalice(folder.path(), &["doctor", "--region", "eu-west-1"]);
    // No files, no variables, no machine that hands out credentials.
    command.env("HOME", folder.path()).env("AWS_EC2_METADATA_DISABLED", "true");
    for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"] {
        command.env_remove(name);
    }
    for name in ["CARGO_HOME", "RUSTUP_HOME"] {
        if let Some(home) = std::env::var_os(name).or_else(|| default_home(name)) {
            command.env(name, home);
        }
    }
    let answer = Answer::of(command.output().expect("to run"));
    assert_eq!(answer.exit, 1, "{answer:#?}");
    for text in ["missing  AWS account", "no AWS credentials", "--sandbox"] {
        assert!(answer.stdout.contains(text), "`{text}` is not in:\n{}", answer.stdout);
    }
}

/// Where rustup and cargo keep things when nobody says otherwise.
fn default_home(name: &str) -> Option<std::ffi::OsString> {
    let folder = if name == "CARGO_HOME" { ".cargo" } else { ".rustup" };
    std::env::home_dir().map(|home| home.join(folder).into_os_string())
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
