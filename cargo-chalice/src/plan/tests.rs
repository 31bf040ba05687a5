//! Plans as a user reads them. Those of guards, browsers and
//! functions of their own are in `parts.rs`; what must hold for every plan is in `holds.rs`.

use super::Plan;
use super::model::Model;
use super::told::App;
use crate::desired::Desired;
use crate::resource::api::{Address, Allows, Authorizer, Deploy, Permission};
use crate::resource::function::Split;
use crate::scope::Scope;

/// What changes when `app` is deployed where `aws` is. Both are told in the words of [`App::parse`]; `aws` is an app
/// that was deployed once, or `nothing`, and then what was done to it in the words of [`disturb`].
pub fn plan(app: &str, aws: &str) -> String {
    let scope = Scope::example();
    let plan = Plan::between(&scope, &App::parse(app).desired(&scope), &model(aws).observed);
    plan.to_string()
}

pub fn model(aws: &str) -> Model {
    let mut model = Model::default();
    if aws == "nothing" {
        return model;
    }
    let (app, disturbances) = aws.split_once(" but ").unwrap_or((aws, ""));
    deploy(&mut model, app);
    for disturbance in disturbances.split(", ").filter(|text| !text.is_empty()) {
        disturb(&mut model, disturbance);
    }
    model
}

fn deploy(model: &mut Model, app: &str) {
    let scope = Scope::example();
    let plan = Plan::between(&scope, &App::parse(app).desired(&scope), &model.observed);
    model.apply(&plan);
}

/// What a crash, a lost answer or a person does to a deployment.
fn disturb(model: &mut Model, what: &str) {
    let api = |model: &Model| model.observed.api.apis[0].clone();
    match what {
        "no role" => model.observed.roles.clear(),
        "no policy" => model.observed.roles[0].policy = None,
        "no log group" => model.observed.log_groups.clear(),
        "no retention" => model.observed.log_groups[0].retention = None,
        "no alias" => {
            model.observed.functions[0].live = None;
            model.observed.api.permissions.clear();
        }
        "no version" => {
            let function = &mut model.observed.functions[0];
            function.live = None;
            function.versions.clear();
            model.observed.api.permissions.clear();
            model.revisions.clear();
        }
        "other code in $LATEST" => {
            model.observed.functions[0].latest.code.sha256 = "someone's".to_owned();
        }
        "a version that nobody calls" => {
            let function = &mut model.observed.functions[0];
            let newest = function.versions.last().unwrap() + 1;
            function.versions.push(newest);
            let revision = function.latest.clone();
            let name = function.name.clone();
            model.revisions.insert((name, newest), revision);
        }
        "weights on the alias" => {
            model.observed.functions[0].live.as_mut().unwrap().split = Split::Weighted;
        }
        "an alias of someone's on version 1" => model.observed.functions[0].held.push(1),
        "no api" => model.observed.api.apis.clear(),
        "a second api" => {
            let second = model.id();
            let mut copy = api(model);
            copy.id.clone_from(&second);
            copy.created += 100;
            model.observed.api.apis.push(copy);
            let permission = Permission {
                function: "orders-dev".to_owned(),
                sid: format!("chalice-api-{second}"),
                allows: Allows::ItsCaller,
            };
            model.observed.api.permissions.push(permission);
        }
        "an older and empty api" => {
            let mut empty = api(model);
            empty.id = model.id();
            empty.created -= 100;
            empty.stage = None;
            empty.routes.clear();
            empty.integrations.clear();
            model.observed.api.apis.insert(0, empty);
        }
        "no stage" => model.observed.api.apis[0].stage = None,
        "stage by hand" => {
            model.observed.api.apis[0].stage.as_mut().unwrap().deploy = Deploy::ByHand;
        }
        "address off" => model.observed.api.apis[0].address = Address::Off,
        "no permission" => model.observed.api.permissions.clear(),
        "another permission" => model.observed.api.permissions[0].allows = Allows::Other,
        "no integration" => {
            let api = &mut model.observed.api.apis[0];
            api.integrations.clear();
            api.routes.clear();
        }
        "another integration" => {
            let api = &mut model.observed.api.apis[0];
            api.integrations.values_mut().next().unwrap().timeout_millis = 1;
        }
        "a second integration" => {
            let id = model.id();
            let api = &mut model.observed.api.apis[0];
            let copy = api.integrations.values().next().unwrap().clone();
            api.integrations.insert(id, copy);
        }
        "a route without integration" => {
            let api = &mut model.observed.api.apis[0];
            api.routes.values_mut().next().unwrap().integration = None;
        }
        "a guarded route that someone opened" => {
            let route = model.observed.api.apis[0].routes.get_mut("GET /a").unwrap();
            (route.authorization, route.authorizer) = ("NONE".to_owned(), None);
        }
        "an authorizer that someone changed" => {
            let authorizers = &mut model.observed.api.apis[0].authorizers;
            for (_, authorizer) in authorizers.values_mut() {
                if let Authorizer::Jwt { issuer, .. } = authorizer {
                    *issuer = "https://evil.example".to_owned();
                }
            }
        }
        "a second authorizer of the same name" => {
            let id = model.id();
            let authorizers = &mut model.observed.api.apis[0].authorizers;
            let copy = authorizers.values().next().unwrap().clone();
            authorizers.insert(id, copy);
        }
        "an authorizer that may not ask" => {
            let permissions = &mut model.observed.api.permissions;
            permissions.retain(|permission| !permission.sid.starts_with("chalice-authorizer-"));
        }
        "an authorizer that may do more" => {
            for permission in &mut model.observed.api.permissions {
                permission.allows = Allows::Other;
            }
        }
        "a part without a role" => {
            model.observed.roles.pop().unwrap();
        }
        "other origins" => {
            let cors = model.observed.api.apis[0].cors.as_mut().unwrap();
            cors.origins = ["https://evil.example".to_owned()].into();
        }
        _ => panic!("{what} is not something that happens"),
    }
    model.look_at_versions();
}

pub const DISTURBANCES: [&str; 22] = [
    "no role",
    "no policy",
    "no log group",
    "no retention",
    "no alias",
    "no version",
    "other code in $LATEST",
    "a version that nobody calls",
    "weights on the alias",
    "an alias of someone's on version 1",
    "no api",
    "a second api",
    "an older and empty api",
    "no stage",
    "stage by hand",
    "address off",
    "no permission",
    "another permission",
    "no integration",
    "another integration",
    "a second integration",
    "a route without integration",
];

#[test]
fn a_first_deploy_makes_everything() {
    insta::assert_snapshot!(plan("GET /hello/<name>, POST /, ANY /files/<path..>", "nothing"), @r"
        + log group   /aws/lambda/orders-dev   kept 30 days
        + role        orders-dev
        + function    orders-dev   arm64, 128 MB, 30 s, code 1.2 MB
        + api         orders-dev
        + route       ANY /files/<path..>
        + route       GET /hello/<name>   and HEAD
        + route       POST /
        ");
}

#[test]
fn a_deploy_without_changes_changes_nothing() {
    assert_eq!(plan("GET /, env A=1, tag team=a, keep 7", "GET /, env A=1, tag team=a, keep 7"), "");
}

#[test]
fn changing_one_route_changes_one_route_and_the_code() {
    insta::assert_snapshot!(plan("code v2, GET /a, GET /c/<id>", "GET /a, GET /b/<id>"), @r"
        ~ function    new code (1.2 MB)
        + route       GET /c/<id>   and HEAD
        - route       GET /b/<id>   and HEAD
        ");
}

#[test]
fn other_settings_are_told_one_by_one() {
    insta::assert_snapshot!(
        plan("GET /, memory 256, timeout 5, env A=1, env B=3, keep 7", "GET /, env B=2, env C=secret"),
        @r"
        ~ log group   /aws/lambda/orders-dev   kept 30 days → 7 days
        ~ function    memory 128 → 256 MB, timeout 30 → 5 s, environment + A, ~ B, - C
        ",
    );
}

#[test]
fn what_is_no_longer_set_is_reset() {
    insta::assert_snapshot!(plan("GET /", "GET /, x86_64, memory 512, env A=1, tag team=a, keep 7"), @r"
        ~ log group   /aws/lambda/orders-dev   kept 7 days → 30 days, tags - team
        ~ role        orders-dev   tags - team
        ~ function    memory 512 → 128 MB, environment - A, x86_64 → arm64, tags - team
        ~ api         orders-dev   tags - team, stage tags - team
        ");
}

#[test]
fn deleting_a_stage_names_all_that_goes() {
    let scope = Scope::example();
    let plan = Plan::between(&scope, &Desired::nothing(), &model("GET /a, GET /b").observed);
    insta::assert_snapshot!(plan, @r"
        - api         orders-dev (id001)   with all its routes
        - function    orders-dev
        - role        orders-dev
        - log group   /aws/lambda/orders-dev   with every log in it
        ");
}

#[test]
fn only_what_is_lost_for_good_needs_consent() {
    let check = |app: &str, aws: &str, expected: &[&str]| {
        let scope = Scope::example();
        let plan = Plan::between(&scope, &App::parse(app).desired(&scope), &model(aws).observed);
        let lines: Vec<_> = plan.destructive().iter().map(ToString::to_string).collect();
        assert_eq!(lines, expected);
    };
    check("GET /", "nothing", &[]);
    check("GET /, code v2, memory 256", "GET /", &[]);
    check("GET /", "GET /, GET /old", &["- route       GET /old   and HEAD"]);
    check("GET /, keep 7", "GET /", &["~ log group   /aws/lambda/orders-dev   kept 30 days → 7 days"]);
    // A deploy that was interrupted must go on without questions.
    for disturbance in DISTURBANCES {
        check("GET /", &format!("GET / but {disturbance}"), &[]);
    }
}

#[test]
fn each_disturbance_is_told_in_the_users_words() {
    let told: String = DISTURBANCES
        .iter()
        .map(|disturbance| {
            let plan = plan("GET /", &format!("GET / but {disturbance}"));
            format!("{disturbance}\n{}\n", plan.lines().map(|line| format!("  {line}\n")).collect::<String>())
        })
        .collect();
    insta::assert_snapshot!(told, @r"
        no role
          + role        orders-dev

        no policy
          ~ role        orders-dev   what it allows

        no log group
          + log group   /aws/lambda/orders-dev   kept 30 days

        no retention
          ~ log group   /aws/lambda/orders-dev   kept for ever → 30 days

        no alias
          ~ function    version 1 goes live
          ~ api         orders-dev   may call the function

        no version
          ~ function    what is there goes live
          ~ api         orders-dev   may call the function

        other code in $LATEST
          ~ function    new code (1.2 MB)

        a version that nobody calls

        weights on the alias
          ~ function    version 1 goes live

        an alias of someone's on version 1

        no api
          + api         orders-dev
          + route       GET /   and HEAD
          - api         a permission that nothing uses

        a second api
          - api         orders-dev (id013)   left over from an interrupted deploy
          - api         a permission that nothing uses

        an older and empty api
          - api         orders-dev (id013)   left over from an interrupted deploy

        no stage
          ~ api         orders-dev   answers

        stage by hand
          ~ api         orders-dev   deploys by itself

        address off
          ~ api         orders-dev   its address works again

        no permission
          ~ api         orders-dev   may call the function

        another permission
          ~ api         orders-dev   may call the function

        no integration
          ~ api         orders-dev   calls the function
          + route       GET /   and HEAD

        another integration
          ~ api         orders-dev   how it calls the function

        a second integration
          ~ api         orders-dev   drops what nothing uses

        a route without integration
          ~ route       GET /   to the function
        ");
}

#[test]
fn the_last_five_versions_stay_and_the_live_one_always() {
    let mut model = Model::default();
    for version in 1..=8 {
        deploy(&mut model, &format!("GET /, code v{version}"));
    }
    assert_eq!(model.observed.functions[0].versions, [4, 5, 6, 7, 8]);
    // Going back by hand to an old one, which an alias then keeps from being deleted.
    let function = &mut model.observed.functions[0];
    let revision = model.revisions[&("orders-dev".to_owned(), 4)].clone();
    let live = function.live.as_mut().unwrap();
    (live.version, live.revision) = (4, revision);
    deploy(&mut model, "GET /, code v4");
    assert_eq!(model.observed.functions[0].live.as_ref().unwrap().version, 4);
    deploy(&mut model, "GET /, code v9");
    assert_eq!(model.observed.functions[0].live.as_ref().unwrap().revision.code.sha256, "digest of v9");
}

#[test]
fn values_of_environment_variables_are_never_printed() {
    let scope = Scope::example();
    let desired = App::parse("GET /, env KEY=hunter2").desired(&scope);
    for aws in ["nothing", "GET /, env KEY=hunter3"] {
        let plan = Plan::between(&scope, &desired, &model(aws).observed);
        let json = serde_json::to_string(&plan).unwrap();
        let all = format!("{plan} {json} {plan:?} {desired:?} {}", serde_json::to_string(&desired).unwrap());
        assert!(all.contains("KEY") && !all.contains("hunter"), "{all}");
    }
}

#[test]
fn code_is_planned_by_path_and_digest() {
    let json = serde_json::to_value(Plan::between(
        &Scope::example(),
        &App::parse("GET /").desired(&Scope::example()),
        &model("nothing").observed,
    ))
    .unwrap();
    let function = &json["changes"][2]["function"]["Create"];
    assert_eq!(function["zip"], "target/chalice/app.zip");
    assert_eq!(function["revision"]["code"]["sha256"], "digest of v1");
}
