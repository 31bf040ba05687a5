//! `config`, and what is said about a `Chalice.toml` with mistakes.

use crate::support::{Answer, Folder, HELLO, chalice};

fn project(chalice_toml: &str) -> Folder {
    Folder::temporary().app(".", "orders", HELLO).file("Chalice.toml", chalice_toml)
}

#[test]
fn every_value_says_where_it_comes_from() {
    let folder = project(
        "memory = 256\n[stages.prod]\nmemory = 512\ndebug = true\nenvironment = { TABLE = 'orders' }\n",
    );
    let text = folder.chalice(&["config", "--stage", "prod"]).ok().stdout;
    let row = |key: &str| {
        let line = text.lines().find(|line| line.split_whitespace().next() == Some(key)).unwrap_or_default();
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(row("app"), "app orders Cargo.toml");
    assert_eq!(row("memory"), "memory 512 Chalice.toml:3 [stages.prod]");
    assert_eq!(row("timeout"), "timeout 30 default");
    assert_eq!(row("environment.TABLE"), "environment.TABLE orders Chalice.toml:5 [stages.prod]");
    assert_eq!(row("debug"), "debug true Chalice.toml:4 [stages.prod]");

    let json = folder.chalice(&["config", "--json"]).ok().json();
    assert_eq!(json["memory"], serde_json::json!({ "value": 256, "from": "Chalice.toml:1" }));
    assert_eq!(json["log-retention"]["value"], 30);
}

#[test]
fn the_region_is_the_flags_then_the_files_then_the_environments() {
    let region = |file: &str, variable: &str, arguments: &[&str]| {
        let folder = project(file);
        let mut command = chalice(folder.path(), &[&["config", "--json"], arguments].concat());
        let json = Answer::of(command.env(variable, "us-east-1").output().expect("to run")).ok().json();
        format!(
            "{} {}",
            json["region"]["value"].as_str().unwrap_or("-"),
            json["region"]["from"].as_str().unwrap_or_default()
        )
    };
    let file = "region = 'eu-west-1'";
    assert_eq!(region("", "UNRELATED", &[]), "- default");
    assert_eq!(region("", "AWS_REGION", &[]), "us-east-1 $AWS_REGION");
    assert_eq!(region("", "AWS_DEFAULT_REGION", &[]), "us-east-1 $AWS_DEFAULT_REGION");
    assert_eq!(region(file, "AWS_REGION", &[]), "eu-west-1 Chalice.toml:1");
    assert_eq!(region(file, "AWS_REGION", &["--region", "eu-north-1"]), "eu-north-1 --region");
}

#[test]
fn all_mistakes_are_told_at_once_with_their_lines() {
    let folder = project("memroy = 256\ntimeout = 'x'\n\n[tags]\n'aws:x' = 'y'\n");
    folder.chalice(&["config"]).refused(
        4,
        &[
            "`Chalice.toml` has 3 mistakes",
            "Chalice.toml:1: unknown key `memroy`",
            "did you mean `memory`?",
            "Chalice.toml:2: `timeout` is not a whole number",
            "Chalice.toml:5: `aws:x` starts with `aws:`",
        ],
    );
}

#[test]
fn a_single_mistake_is_the_error_itself_and_its_path_starts_where_the_user_stands() {
    let folder = project("").app("nested", "nested", HELLO).file("nested/Chalice.toml", "memory = 1");
    let answer = folder.chalice(&["config", "--project", "nested"]);
    answer.refused(4, &["error: nested/Chalice.toml:1: `memory` cannot be `1`", "help: use 128 to 10240 MB"]);
    assert_eq!(answer.stderr.lines().count(), 2, "{}", answer.stderr);
}

#[test]
fn mistakes_are_data_with_json() {
    let answer = project("memory = 1\nfoo = 2").chalice(&["config", "--json"]);
    let error: serde_json::Value = serde_json::from_str(&answer.stderr).expect("one JSON object");
    assert_eq!(error["exit"], 4);
    assert_eq!(error["error"]["code"], "chalice::project::config");
    assert_eq!(error["error"]["problems"][0]["code"], "chalice::config::value");
    assert_eq!(error["error"]["problems"][1]["message"], "Chalice.toml:2: unknown key `foo`");
}

#[test]
fn a_file_with_another_case_is_not_silently_ignored() {
    let folder = Folder::temporary().app(".", "orders", HELLO).file("chalice.toml", "memory = 256");
    // Where the file system does not know upper from lower case, the file is simply read.
    if !folder.path().join("Chalice.toml").exists() {
        folder
            .chalice(&["config"])
            .refused(4, &["`chalice.toml` is not read", "rename it to `Chalice.toml`"]);
    }
}

#[test]
fn variables_that_lambda_refuses_are_refused() {
    project("[environment]\nAWS_REGION = 'x'")
        .chalice(&["config"])
        .refused(4, &["`AWS_REGION` is a variable that Lambda sets"]);
    // The JSON of one variable has seven characters beside the name and the value.
    let environment =
        |len: usize| format!("[environment]\nBIG = '{}'", "x".repeat(len - "{\"BIG\":\"\"}".len()));
    project(&environment(4096)).chalice(&["config"]).ok();
    project(&environment(4097)).chalice(&["config"]).refused(4, &["take 4097 bytes; Lambda takes 4096"]);
    let staged = format!("{}\n[stages.prod.environment]\nMORE = 'x'", environment(4096));
    project(&staged).chalice(&["config"]).ok();
    project(&staged).chalice(&["config", "--stage", "prod"]).refused(4, &["stage `prod` take"]);
}

/// An app with an authorizer and a function of its own.
const GUARDED: &str = r#"use chalice_rs::prelude::*;

jwt_authorizer!(users, issuer = "https://id.example", audiences = ["api"]);
lambda_authorizer!(legacy, arn = "arn:aws:lambda:eu-west-1:123456789012:function:check");

#[route("/me", authorizer = users)]
fn me() -> &'static str {
    "me"
}

#[route("/heavy", function = "heavy", authorizer = legacy)]
fn heavy() -> &'static str {
    "heavy"
}

#[chalice_rs::main]
fn main() -> App {
    App::new()
}
"#;

#[test]
fn settings_that_do_not_go_with_the_app_are_told_at_once_with_their_lines() {
    let folder = Folder::of("stage").app(".", "guarded", GUARDED).file(
        "Chalice.toml",
        "[functions.havy]\nmemory = 256\n[authorizers.user]\nissuer = 'https://x'\n\
         [authorizers.legacy]\naudiences = ['x']\n[authorizers.users]\nissuer = 'x'\n",
    );
    folder.chalice(&["routes"]).refused(
        4,
        &[
            "4 settings of stage `dev` do not go with the app",
            "Chalice.toml:2: the app has no function `havy`",
            "did you mean `heavy`?",
            "Chalice.toml:4: the app has no authorizer `user`",
            "did you mean `users`?",
            "Chalice.toml:6: the authorizer `legacy` takes no `audiences`",
            "Chalice.toml:8: the authorizer `users`: ",
        ],
    );
    let told = folder.file("Chalice.toml", "").chalice(&["routes"]).ok().stdout;
    let row = |line: usize| told.lines().nth(line).unwrap_or_default().split_whitespace().collect::<Vec<_>>();
    assert_eq!(row(0), ["METHOD", "PATH", "FUNCTION", "AUTHORIZER", "LAMBDA", "SOURCE"]);
    assert_eq!(row(1)[..5], ["GET", "/heavy", "heavy", "legacy", "heavy"]);
    assert_eq!(row(2)[..5], ["GET", "/me", "me", "users", "-"]);
    let folder = Folder::of("stage").app(".", "guarded", GUARDED);
    let heavy = folder.chalice(&["routes", "--function", "heavy", "--json"]).ok().json();
    assert_eq!((heavy[0]["path"].as_str(), heavy[1].is_null()), (Some("/heavy"), true));
    let help = "did you mean `heavy`?";
    folder.chalice(&["routes", "--function", "havy"]).refused(3, &["the app has no such function", help]);
    let long = "a".repeat(38);
    let folder = folder.file("Chalice.toml", &format!("app = '{long}'"));
    folder.chalice(&["routes"]).ok();
    folder.chalice(&["routes", "--stage", &"s".repeat(20)]).refused(
        4,
        &["has 65 characters; Lambda takes 64", "shorten it, or the app's name with `app = \"..\"`"],
    );
}
