//! What must end before anything is changed: other people's resources, wrong accounts, missing rights, no AWS.

use serde_json::{Value, json};

use crate::deploy::host_arch;
use crate::support::app::App;
use crate::support::local_aws::{Account, LocalAws};
use crate::support::proxy::{How, Proxy, When, Which};
use crate::support::tool::{Run, Tool};

const TRUST: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;

/// Makes a thing of ours' name by hand, and checks that neither `deploy` nor `delete` touches it.
fn check_left_alone(app: &App, named: &str, make: impl Fn(&dyn Fn(&str, &str, Value), &Account)) {
    let proxy = Proxy::start();
    let tool = Tool::through(&proxy, app);
    let witness = &LocalAws::shared().witness;
    let account = tool.account.clone();
    make(&|service, operation, input| drop(witness.call(&account, service, operation, &input)), &account);
    let before = witness.snapshot(&account);

    let deploy = tool.deploy();
    assert_eq!(deploy.code, Some(1), "{}\n{}", deploy.stdout, deploy.stderr);
    assert!(deploy.stderr.contains("is not tagged as this app's"), "{}", deploy.stderr);
    assert!(deploy.stderr.contains(named), "{}", deploy.stderr);
    assert_eq!(proxy.writes(), [""; 0]);
    tool.delete();
    assert_eq!(proxy.writes(), [""; 0]);
    assert_eq!(witness.snapshot(&account), before);
}

#[test]
fn things_of_the_same_name_that_are_not_ours_are_left_alone() {
    let app = App::hello();
    check_left_alone(&app, "`hello-dev`", |call, _| {
        call("iam", "create_role", json!({ "RoleName": "hello-dev", "AssumeRolePolicyDocument": TRUST }));
    });
    check_left_alone(&app, "`/aws/lambda/hello-dev`", |call, _| {
        call("logs", "create_log_group", json!({ "logGroupName": "/aws/lambda/hello-dev" }));
    });
    check_left_alone(&app, "`hello-dev`", |call, account| {
        let role = format!("arn:aws:iam::{}:role/x", account.0);
        call(
            "lambda",
            "create_function",
            json!({
                "FunctionName": "hello-dev", "Role": role, "Runtime": "provided.al2023", "Handler": "bootstrap",
                "Code": { "ZipFile": crate::strictness::code() },
                // The tags of another stage are not ours either.
                "Tags": { "chalice:app": "hello", "chalice:stage": "production" },
            }),
        );
    });
}

#[test]
fn the_names_of_all_functions_of_an_app_are_needed() {
    let app = App::guarded();
    check_left_alone(&app, "`guarded-dev-gate`", |call, _| {
        let role = json!({ "RoleName": "guarded-dev-gate", "AssumeRolePolicyDocument": TRUST });
        call("iam", "create_role", role);
    });
    check_left_alone(&app, "`/aws/lambda/guarded-dev-heavy`", |call, _| {
        call("logs", "create_log_group", json!({ "logGroupName": "/aws/lambda/guarded-dev-heavy" }));
    });
}

#[test]
fn what_only_begins_like_ours_is_in_nobodys_way_and_stays() {
    let app = App::hello();
    let proxy = Proxy::start();
    let tool = Tool::through(&proxy, &app);
    let witness = &LocalAws::shared().witness;
    let call = |service, operation, input| witness.call(&tool.account, service, operation, &input);
    // The stage `dev-x`, which might be a function `x` of the stage `dev`.
    let tags = json!({ "chalice:app": "hello", "chalice:stage": "dev-x" });
    let role = format!("arn:aws:iam::{}:role/hello-dev-x", tool.account.0);
    call("iam", "create_role", json!({ "RoleName": "hello-dev-x", "AssumeRolePolicyDocument": TRUST }));
    call("logs", "create_log_group", json!({ "logGroupName": "/aws/lambda/hello-dev-x", "tags": tags }));
    call(
        "lambda",
        "create_function",
        json!({
            "FunctionName": "hello-dev-x", "Role": role, "Runtime": "provided.al2023", "Handler": "bootstrap",
            "Code": { "ZipFile": crate::strictness::code() }, "Tags": tags,
        }),
    );
    let before = witness.snapshot(&tool.account);
    tool.deploy().good();
    proxy.forget();
    tool.deploy().good();
    assert_eq!(proxy.writes(), [""; 0]);
    tool.delete().good();
    assert_eq!(witness.snapshot(&tool.account), before);
}

#[test]
fn an_api_of_the_same_name_is_no_obstacle_for_names_of_apis_are_not_unique() {
    let app = App::hello();
    let proxy = Proxy::start();
    let tool = Tool::through(&proxy, &app);
    let witness = &LocalAws::shared().witness;
    witness.call(
        &tool.account,
        "apigatewayv2",
        "create_api",
        &json!({ "Name": "hello-dev", "ProtocolType": "HTTP" }),
    );
    let before = witness.snapshot(&tool.account);
    tool.deploy().good();
    tool.delete().good();
    assert_eq!(witness.snapshot(&tool.account), before);
}

/// A run that fails with these words and this code, and changes nothing.
fn check_refused(run: &Run, proxy: &Proxy, code: i32, words: &[&str]) {
    assert_eq!(run.code, Some(code), "{}\n{}", run.stdout, run.stderr);
    for words in words {
        assert!(run.stderr.contains(words), "`{words}` is not in\n{}", run.stderr);
    }
    assert!(run.stderr.contains("help: "), "{}", run.stderr);
    assert_eq!(proxy.writes(), [""; 0]);
}

#[test]
fn a_project_that_is_pinned_to_another_account_stays_out_of_this_one() {
    let app = App::hello();
    let proxy = Proxy::start();
    let tool = Tool::through(&proxy, &app);
    let run = tool.run(&["deploy", "--yes", "--arch", host_arch(), "--stage", "pinned"]);
    check_refused(&run, &proxy, 6, &[&tool.account.0, "210987654321"]);
    let run = tool.run(&["delete", "--yes", "--stage", "pinned"]);
    check_refused(&run, &proxy, 6, &["210987654321"]);
}

#[test]
fn access_denied_says_which_action_on_what_as_a_statement_to_paste() {
    let app = App::hello();
    let proxy = Proxy::start();
    let tool = Tool::through(&proxy, &app);
    let message = "User: arn:aws:iam::111111111111:user/me is not authorized to perform: iam:CreateRole on resource: \
        arn:aws:iam::111111111111:role/hello-dev because no identity-based policy allows the iam:CreateRole action";
    proxy.fault(
        Which::Operation("CreateRole"),
        When::Before,
        How::Error { status: 403, code: "AccessDenied", message },
    );
    let run = tool.deploy();
    assert_eq!(run.code, Some(7), "{}", run.stderr);
    for words in ["iam:CreateRole", "arn:aws:iam::111111111111:role/hello-dev", r#""Effect":"Allow""#] {
        assert!(
            run.stderr.replace(' ', "").contains(&words.replace(' ', "")),
            "`{words}` is not in\n{}",
            run.stderr
        );
    }
    proxy.forget();
    tool.deploy().good();
    tool.delete().good();
    assert!(LocalAws::shared().witness.is_empty(&tool.account));
}

#[test]
fn credentials_that_are_missing_expired_or_unknown_are_told_apart() {
    let app = App::hello();
    let proxy = Proxy::start();
    let tool = Tool::through(&proxy, &app);
    let mut without = tool.command(&["deploy", "--yes", "--arch", host_arch()]);
    without.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
    let run: Run = without.output().unwrap().into();
    check_refused(&run, &proxy, 6, &["there are no AWS credentials", "aws configure"]);

    let expired = How::Error { status: 403, code: "ExpiredToken", message: "The security token has expired" };
    proxy.fault(Which::Operation("GetCallerIdentity"), When::Before, expired);
    check_refused(&tool.deploy(), &proxy, 6, &["expired", "aws sso login"]);

    proxy.forget();
    let unknown =
        How::Error { status: 403, code: "InvalidClientTokenId", message: "The security token is invalid" };
    proxy.fault(Which::Operation("GetCallerIdentity"), When::Before, unknown);
    check_refused(&tool.deploy(), &proxy, 6, &["does not accept the credentials"]);
}

#[test]
fn an_aws_that_is_not_there_is_one_clear_error() {
    let app = App::hello();
    let proxy = Proxy::start();
    let mut tool = Tool::through(&proxy, &app);
    // A port that was free a moment ago and that nobody listens on.
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    tool.endpoint = format!("http://{gone}");
    check_refused(&tool.deploy(), &proxy, 8, &["cannot be reached", &tool.endpoint]);
    check_refused(&tool.run(&["logs"]), &proxy, 8, &["cannot be reached", &tool.endpoint]);
}

#[test]
fn no_region_is_an_error_that_says_where_to_set_it() {
    let app = App::hello();
    let proxy = Proxy::start();
    let tool = Tool::through(&proxy, &app);
    let mut command = tool.command(&["deploy", "--yes", "--arch", host_arch()]);
    let run: Run = command.env_remove("AWS_REGION").output().unwrap().into();
    check_refused(&run, &proxy, 4, &["no region", "--region"]);
}
