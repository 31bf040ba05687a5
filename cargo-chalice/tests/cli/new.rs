//! `new`: the project it makes, and the names it refuses.

use std::process::Command;

use crate::support::{Answer, Folder, target_dir};

#[test]
fn a_new_project_passes_its_own_test_and_is_formatted() {
    let folder = Folder::of("new");
    let answer = folder.chalice(&["new", "greeter"]).ok();
    assert_eq!(answer.stdout, "greeter\n");
    assert!(answer.stderr.contains("cargo chalice deploy"), "{}", answer.stderr);

    let project = folder.path().join("greeter");
    let cargo = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO"));
        command.args(arguments).current_dir(&project).env("CARGO_TARGET_DIR", target_dir());
        Answer::of(command.output().expect("cargo")).ok()
    };
    assert!(cargo(&["test"]).stdout.contains("test tests::hello_greets_by_name ... ok"));
    cargo(&["fmt", "--check"]);

    let routes = folder.chalice(&["routes", "--project", "greeter"]).ok();
    let lines: Vec<Vec<&str>> = routes.stdout.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0], ["METHOD", "PATH", "FUNCTION", "SOURCE"]);
    assert_eq!(lines[1][..3], ["GET", "/hello/<name>", "hello"]);
    assert!(lines[1][3].starts_with("src/main.rs:"), "{lines:?}");
    let json = folder.chalice(&["routes", "--project", "greeter", "--json"]).ok().json();
    assert_eq!(json[0]["path"], "/hello/<name>");
    assert_eq!(json[0]["module"], "greeter");
}

#[test]
fn names_that_cannot_be_are_refused_before_anything_is_written() {
    let folder = Folder::temporary();
    for (name, says) in [
        ("fn", "Rust or cargo has taken it"),
        ("test", "add a word, as in `test-api`"),
        ("1st", "does not start with a letter"),
        ("my app", "has a ` `"),
        ("a23456789012345678901234567890123456789012", "use at most 40 characters"),
    ] {
        folder.chalice(&["new", name]).refused(3, &[says]);
    }
    assert_eq!(folder.path().read_dir().expect("a folder").count(), 0);
}

#[test]
fn a_folder_that_exists_is_left_as_it_is() {
    let folder = Folder::temporary().file("taken/note", "mine");
    folder.chalice(&["new", "taken"]).refused(4, &["`taken` exists already", "choose another name"]);
    assert_eq!(folder.path().join("taken").read_dir().expect("a folder").count(), 1);
}

#[test]
fn a_repository_is_started_only_where_there_is_none() {
    let folder = Folder::temporary();
    folder.chalice(&["new", "outer"]).ok();
    folder.chalice(&["new", "outer/inner"]).ok();
    let has = |path: &str| folder.path().join(path).exists();
    let git = Command::new("git").arg("--version").output().is_ok();
    assert_eq!((has("outer/.git"), has("outer/inner/.git")), (git, false));
    assert!(has("outer/.gitignore") && has("outer/Chalice.toml") && has("outer/inner/src/main.rs"));
}

#[test]
fn a_workspace_around_it_is_not_edited_but_named() {
    let workspace = "[workspace]\nmembers = []\n";
    let folder = Folder::temporary().file("Cargo.toml", workspace);
    let answer = folder.chalice(&["new", "member"]).ok();
    assert!(answer.stderr.contains("add `member` to `members` in `Cargo.toml`"), "{}", answer.stderr);
    assert_eq!(std::fs::read_to_string(folder.path().join("Cargo.toml")).expect("a manifest"), workspace);
}

#[test]
fn the_library_comes_from_where_the_flag_says() {
    let folder = Folder::temporary();
    folder.chalice(&["new", "published", "--library", "registry"]).ok();
    folder.chalice(&["new", "developed", "--library", "checkout"]).ok();
    let manifest = |name: &str| {
        std::fs::read_to_string(folder.path().join(name).join("Cargo.toml")).expect("a manifest")
    };
    assert!(manifest("published").contains("chalice-rs = \"0.1.0\""));
    assert!(manifest("developed").contains("chalice-rs = { path = "));
}
