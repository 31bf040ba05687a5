//! Who may call: authorizers, CORS and functions of their own, deployed, called, changed and taken away.

use serde_json::{Value, json};

use crate::deploy::host_arch;
use crate::support::app::App;
use crate::support::http;
use crate::support::local_aws::LocalAws;
use crate::support::proxy::Proxy;
use crate::support::tool::Tool;

/// A call with a header `authorization`, or without. The account stands in the query: the header is taken.
pub fn call(tool: &Tool, url: &str, method: &str, path: &str, headers: &[(&str, &str)]) -> (u16, String) {
    let scope = format!("{}%2F20261122%2Fus-east-1%2Fexecute-api%2Faws4_request", tool.account.0);
    let answer = http::call(method, &format!("{url}{path}?X-Amz-Credential={scope}"), headers, "");
    (answer.status().as_u16(), String::from_utf8_lossy(answer.body()).into_owned())
}

#[test]
fn an_app_is_guarded_as_it_says_and_opened_when_it_says_so() {
    let witness = &LocalAws::shared().witness;
    let (guarded, unguarded) = (App::guarded(), App::unguarded());
    let proxy = Proxy::start();
    let tool = Tool::through(&proxy, &guarded);
    let deployed = tool.deploy().good();
    assert_eq!(proxy.refusals(), [""; 0]);
    let url = deployed.last_line().to_owned();
    let get = |path: &str, token: &str| {
        let bearer = format!("Bearer {token}");
        let headers: &[(&str, &str)] = if token.is_empty() { &[] } else { &[("authorization", &bearer)] };
        call(&tool, &url, "GET", path, headers)
    };
    assert_eq!(get("open", ""), (200, "open".to_owned()));
    assert_eq!(call(&tool, &url, "HEAD", "open", &[]).0, 200);
    assert_eq!(get("me", "").0, 401);
    assert_eq!(get("me", "nonsense").0, 401);
    assert_eq!(get("write", "nonsense").0, 401);
    assert_eq!(get("gate", "").0, 401);
    assert_eq!(get("gate", "other").0, 403);
    assert_eq!(get("gate", "sesame"), (200, "in".to_owned()));
    assert_eq!(get("gate", "fail").0, 500);
    assert_eq!(get("heavy", ""), (200, "guarded-dev-heavy with a ton".to_owned()));
    assert_eq!(get("nowhere", ""), (404, "lost".to_owned()));
    let asked = [("origin", "https://site.example"), ("access-control-request-method", "GET")];
    assert_eq!(call(&tool, &url, "OPTIONS", "me", &asked).0, 204);

    everything_is_as_narrow_as_it_can_be(&witness.snapshot(&tool.account));
    proxy.forget();
    tool.deploy().good();
    assert_eq!(proxy.writes(), [""; 0]);

    // The same app, with other code.
    let open = Tool { project: unguarded.folder, ..tool.clone() };
    let plan = open.run(&["plan", "--arch", host_arch()]);
    for line in ["GET /me   for users → open to all", "- authorizer  gate", "- function    guarded-dev-heavy"]
    {
        assert!(plan.stdout.contains(line), "{}", plan.stdout);
    }
    let refused = open.run(&["deploy", "--arch", host_arch()]);
    assert_eq!(refused.code, Some(3), "functions go only when that was said: {}", refused.stderr);
    proxy.forget();
    open.deploy().good();
    assert_eq!(proxy.refusals(), [""; 0]);
    assert_eq!(get("me", ""), (200, "me".to_owned()));
    assert_eq!(get("heavy", ""), (200, "light".to_owned()));
    let found = witness.snapshot(&tool.account);
    for kind in ["roles", "log_groups", "functions", "apis"] {
        assert_eq!(found[kind].as_object().unwrap().len(), 1, "{kind}: {found}");
    }
    assert_eq!(found["apis"]["guarded-dev"][0]["Authorizers"], json!([]));

    tool.deploy().good();
    assert_eq!(get("me", "").0, 401);
    // It needs no build, and knows nothing of the functions but by their tags.
    open.delete().good();
    assert!(witness.is_empty(&tool.account), "{}", witness.snapshot(&tool.account));
    assert_eq!(proxy.refusals(), [""; 0]);
}

/// Each function may write its own log and is called only by what has to call it.
fn everything_is_as_narrow_as_it_can_be(found: &Value) {
    let text = |value: &Value| value.to_string();
    for (function, callers) in [
        ("guarded-dev", vec!["<api of guarded-dev>/*/*"]),
        ("guarded-dev-heavy", vec!["<api of guarded-dev>/*/*"]),
        ("guarded-dev-gate", vec!["<api of guarded-dev>/authorizers/<authorizer lambda-gate>"]),
    ] {
        let policy = &found["functions"][function]["Policies"]["live"]["Statement"];
        let allowed: Vec<&str> = policy
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["Condition"]["ArnLike"]["AWS:SourceArn"].as_str().unwrap())
            .map(|arn| arn.strip_prefix("arn:aws:execute-api:us-east-1:<account>:").unwrap())
            .collect();
        assert_eq!(allowed, callers, "{function}");
        let role = text(&found["roles"][function]["Inline"]);
        assert!(role.contains(&format!("log-group:/aws/lambda/{function}:log-stream:*")), "{role}");
        assert_eq!(role.contains("dynamodb:GetItem"), function == "guarded-dev-heavy", "{role}");
        assert_eq!(
            found["functions"][function]["Tags"],
            json!({ "chalice:app": "guarded", "chalice:stage": "dev" })
        );
    }
    assert_eq!(found["functions"]["guarded-dev-heavy"]["Configuration"]["MemorySize"], 256);
    assert_eq!(found["functions"]["guarded-dev-gate"]["Configuration"]["MemorySize"], 128);
}

#[test]
fn a_function_whose_log_group_someone_deleted_is_found_all_the_same() {
    let (guarded, unguarded) = (App::guarded(), App::unguarded());
    let proxy = Proxy::start();
    let tool = Tool::through(&proxy, &guarded);
    let witness = &LocalAws::shared().witness;
    tool.deploy().good();
    for function in ["guarded-dev-heavy", "guarded-dev-gate"] {
        let group = json!({ "logGroupName": format!("/aws/lambda/{function}") });
        witness.call(&tool.account, "logs", "delete_log_group", &group);
    }
    let open = Tool { project: unguarded.folder, ..tool.clone() };
    open.deploy().good();
    let found = witness.snapshot(&tool.account);
    assert_eq!(found["functions"].as_object().unwrap().len(), 1, "{found}");
    assert_eq!(found["roles"].as_object().unwrap().len(), 1, "{found}");
    tool.deploy().good();
    witness.call(
        &tool.account,
        "logs",
        "delete_log_group",
        &json!({ "logGroupName": "/aws/lambda/guarded-dev-gate" }),
    );
    open.delete().good();
    assert!(witness.is_empty(&tool.account), "{}", witness.snapshot(&tool.account));
    assert_eq!(proxy.refusals(), [""; 0]);
}

#[test]
fn lists_of_functions_and_authorizers_that_come_in_pages_are_read_to_their_end() {
    let guarded = App::guarded();
    let proxy = Proxy::start();
    let tool = Tool::through(&proxy, &guarded);
    proxy.page(1);
    tool.deploy().good();
    proxy.forget();
    tool.deploy().good();
    assert_eq!(proxy.writes(), [""; 0]);
    tool.delete().good();
    assert!(LocalAws::shared().witness.is_empty(&tool.account));
}
