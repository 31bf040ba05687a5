//! Plans of apps with authorizers, CORS and functions of their own, as a user reads them.

use super::Plan;
use super::model::Model;
use super::tests::{model, plan};
use super::told::App;
use crate::scope::Scope;

const GUARDED: &str = "jwt users https://id.example, asks gate 60, \
    lambda legacy arn:aws:lambda:eu-west-1:210987654321:function:legacy, GET /, GET /me for users, \
    POST /orders for users with write with admin, GET /gate for gate, GET /old for legacy, GET /ops for iam";

#[test]
fn agreeing_to_a_line_is_agreeing_to_each_route_on_it() {
    let scope = Scope::example();
    let mut model = model("GET /, GET /old, POST /old");
    let desired = App::parse("GET /").desired(&scope);
    let plan = |model: &Model| Plan::between(&scope, &desired, &model.observed).destructive();
    let agreed = plan(&model);
    // One call of several came through.
    model.observed.api.apis[0].routes.remove("GET /old").unwrap();
    let left = plan(&model);
    assert_eq!(left[0].to_string(), "- route       HEAD /old");
    assert!(left.iter().all(|line| line.is_said_in(&agreed)));
    let also = Plan::between(&scope, &App::parse("POST /old").desired(&scope), &model.observed).destructive();
    assert!(!also.iter().all(|line| line.is_said_in(&agreed)), "nobody spoke of `GET /`");
}

#[test]
fn a_first_deploy_with_authorizers_says_who_may_call_what() {
    insta::assert_snapshot!(plan(GUARDED, "nothing"), @r"
        + log group   /aws/lambda/orders-dev   kept 30 days
        + log group   /aws/lambda/orders-dev-gate   kept 30 days
        + role        orders-dev
        + role        orders-dev-gate
        + function    orders-dev   arm64, 128 MB, 30 s, code 1.2 MB
        + function    orders-dev-gate   arm64, 128 MB, 30 s, code 1.2 MB
        + api         orders-dev
        + authorizer  users   tokens of https://id.example for api
        + authorizer  gate   asks orders-dev-gate every 60 s
        + authorizer  legacy   asks arn:aws:lambda:eu-west-1:210987654321:function:legacy
        + route       GET /   and HEAD
        + route       GET /gate   for gate, and HEAD
        + route       GET /me   for users, and HEAD
        + route       GET /old   for legacy, and HEAD
        + route       GET /ops   for IAM, and HEAD
        + route       POST /orders   for users with admin or write
        ");
}

#[test]
fn guarding_a_route_changes_that_route_and_says_how() {
    insta::assert_snapshot!(plan("jwt users https://id.example, GET /a for users, GET /b for users with read", "GET /a, GET /b for iam"), @r"
        + authorizer  users   tokens of https://id.example for api
        ~ route       GET /a   open to all → for users, and HEAD
        ~ route       GET /b   for IAM → for users with read, and HEAD
        ");
    insta::assert_snapshot!(plan("GET /a", "jwt users https://id.example, GET /a for users"), @r"
        ~ route       GET /a   for users → open to all, and HEAD
        - authorizer  users
        ");
    insta::assert_snapshot!(
        plan(
            "jwt users https://id.example, GET /a for users with write",
            "jwt users https://id.example, GET /a for users with read",
        ),
        @"~ route       GET /a   for users with read → for users with write, and HEAD"
    );
}

#[test]
fn an_authorizer_of_another_kind_is_another_one_and_its_routes_are_led_over() {
    insta::assert_snapshot!(
        plan("asks users 0, GET /a for users", "jwt users https://id.example, GET /a for users"), @r"
            + log group   /aws/lambda/orders-dev-users   kept 30 days
            + role        orders-dev-users
            + function    orders-dev-users   arm64, 128 MB, 30 s, code 1.2 MB
            + authorizer  users   asks orders-dev-users each time
            ~ route       GET /a   for users, which is another authorizer now, and HEAD
            - authorizer  users
            ");
    insta::assert_snapshot!(
        plan("jwt users https://id.example, GET /a for users", "asks users 0, GET /a for users"), @r"
            + authorizer  users   tokens of https://id.example for api
            ~ route       GET /a   for users, which is another authorizer now, and HEAD
            - authorizer  users
            - function    orders-dev-users
            - role        orders-dev-users
            - log group   /aws/lambda/orders-dev-users   with every log in it
            ");
}

#[test]
fn what_an_authorizer_needs_is_changed_where_it_is() {
    insta::assert_snapshot!(
        plan("jwt users https://new.example, GET /a for users", "jwt users https://id.example, GET /a for users"), @"~ authorizer  users   tokens of https://new.example for api");
}

#[test]
fn a_function_of_its_own_comes_with_all_that_it_needs_and_goes_with_it() {
    insta::assert_snapshot!(plan("GET /a, GET /b in heavy", "GET /a, GET /b"), @r"
        + log group   /aws/lambda/orders-dev-heavy   kept 30 days
        + role        orders-dev-heavy
        + function    orders-dev-heavy   arm64, 128 MB, 30 s, code 1.2 MB
        ~ api         orders-dev   calls orders-dev-heavy
        ~ route       GET /b   to heavy, and HEAD
        ");
    insta::assert_snapshot!(plan("GET /a, GET /b", "GET /a, GET /b in heavy"), @r"
        ~ api         orders-dev   drops what nothing uses
        ~ route       GET /b   to the function, and HEAD
        - function    orders-dev-heavy
        - role        orders-dev-heavy
        - log group   /aws/lambda/orders-dev-heavy   with every log in it
        ");
    insta::assert_snapshot!(plan("GET /a, GET /b in heavy, code v2", "GET /a, GET /b in heavy"), @r"
        ~ function    new code (1.2 MB)
        ~ function    orders-dev-heavy   new code (1.2 MB)
        ");
}

#[test]
fn a_function_has_its_own_settings_and_inherits_the_rest_but_no_policy() {
    let app = "memory 256, env A=1, may s3:GetObject, set heavy memory=1024, set heavy B=2, \
        set heavy may=dynamodb:GetItem, GET /a, GET /b in heavy";
    insta::assert_snapshot!(plan(app, "nothing"), @r"
        + log group   /aws/lambda/orders-dev   kept 30 days
        + log group   /aws/lambda/orders-dev-heavy   kept 30 days
        + role        orders-dev   may s3:GetObject
        + role        orders-dev-heavy   may dynamodb:GetItem
        + function    orders-dev   arm64, 256 MB, 30 s, code 1.2 MB
        + function    orders-dev-heavy   arm64, 1024 MB, 30 s, code 1.2 MB
        + api         orders-dev
        + route       GET /a   and HEAD
        + route       GET /b   in heavy, and HEAD
        ");
    let desired = App::parse(app).desired(&Scope::example());
    let heavy = &desired.functions[1].revision.settings;
    assert_eq!((heavy.handler.as_str(), heavy.memory, heavy.timeout), ("heavy", 1024, 30));
    assert_eq!(heavy.environment.0.keys().collect::<Vec<_>>(), ["A", "B"]);
    let policy = desired.roles[1].policy.to_string();
    assert!(policy.contains("table/orders-dev") && !policy.contains("s3:"), "{policy}");
    insta::assert_snapshot!(plan("may s3:GetObject, GET /a", "may s3:PutObject, GET /a"), @"~ role        orders-dev   may s3:GetObject, may no longer s3:PutObject");
}

#[test]
fn the_plan_says_who_answers_browsers_and_why() {
    insta::assert_snapshot!(plan("GET /a cors https://a.example, POST /a cors https://a.example", "nothing"), @r"
        + log group   /aws/lambda/orders-dev   kept 30 days
        + role        orders-dev
        + function    orders-dev   arm64, 128 MB, 30 s, code 1.2 MB
        + api         orders-dev   API Gateway answers browsers, for https://a.example
        + route       GET /a   and HEAD
        + route       POST /a
        ");
    insta::assert_snapshot!(plan("GET /a cors *", "GET /a"), @"~ api         orders-dev   API Gateway answers browsers, for every site");
    insta::assert_snapshot!(plan("GET /a", "GET /a cors *"), @"~ api         orders-dev   browsers are told nothing of other sites");
    insta::assert_snapshot!(
        plan("GET /a cors https://a.example, POST /a cors https://a.example, GET /b", "GET /a cors https://a.example"), @r"
            ~ api         orders-dev   the function answers browsers: not all routes have the same policy
            + route       GET /b   and HEAD
            + route       POST /a   and OPTIONS
            ");
    insta::assert_snapshot!(plan("GET /a cors https://*.a.example", "nothing"), @r"
        + log group   /aws/lambda/orders-dev   kept 30 days
        + role        orders-dev
        + function    orders-dev   arm64, 128 MB, 30 s, code 1.2 MB
        + api         orders-dev   the function answers browsers: API Gateway takes no `https://*.a.example`
        + route       GET /a   and HEAD, OPTIONS
        ");
}

#[test]
fn what_no_route_takes_is_a_route_too() {
    insta::assert_snapshot!(plan("GET /a, not_found", "GET /a"), @"+ route       whatever no other route takes");
}

#[test]
fn an_app_that_answers_head_only_where_it_says_so_has_no_route_for_it() {
    insta::assert_snapshot!(plan("headless, GET /a", "GET /a"), @"- route       HEAD /a");
}

#[test]
fn what_a_person_does_to_guards_is_undone_and_told() {
    let app = "jwt users https://id.example, asks gate 0, GET /a for users cors *, GET /b for gate cors *";
    let told: String = [
        "a guarded route that someone opened",
        "an authorizer that someone changed",
        "a second authorizer of the same name",
        "an authorizer that may not ask",
        "an authorizer that may do more",
        "a part without a role",
        "other origins",
    ]
    .iter()
    .map(|disturbance| {
        let mut model = model(&format!("{app} but {disturbance}"));
        let scope = Scope::example();
        let desired = App::parse(app).desired(&scope);
        let plan = Plan::between(&scope, &desired, &model.observed);
        model.apply(&plan);
        assert_eq!(Plan::between(&scope, &desired, &model.observed).to_string(), "");
        let lines = plan.lines().into_iter().map(|line| format!("  {line}\n")).collect::<String>();
        format!("{disturbance}\n{lines}\n")
    })
    .collect();
    insta::assert_snapshot!(told, @r"
        a guarded route that someone opened
          ~ route       GET /a   open to all → for users

        an authorizer that someone changed
          ~ authorizer  users   tokens of https://id.example for api

        a second authorizer of the same name
          - authorizer  gate

        an authorizer that may not ask
          ~ authorizer  gate   may ask its function

        an authorizer that may do more
          ~ api         orders-dev   may call the function
          ~ authorizer  gate   may ask its function

        a part without a role
          + role        orders-dev-gate

        other origins
          ~ api         orders-dev   API Gateway answers browsers, for every site
        ");
}
