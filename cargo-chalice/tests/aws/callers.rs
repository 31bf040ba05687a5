//! Callers whom others vouch for: issuers of tokens, user pools, functions of other apps.
//!
//! Not here: authorizers of the app's own; see `guards.rs`.

use serde_json::{Map, Value, json};

use crate::guards;
use crate::support::app::App;
use crate::support::http;
use crate::support::local_aws::{Account, LocalAws};
use crate::support::proxy::Proxy;
use crate::support::tool::{Tool, in_sandbox};

#[test]
fn a_token_that_its_issuer_signed_lets_in_and_no_other_does() {
    let witness = &LocalAws::shared().witness;
    let [issuer, other] = [witness.issuer(), witness.issuer()];
    let (pool, client, user, users_token) = signed_in();
    let signed = App::signed(&format!(
        "[stages.dev.authorizers.users]\nissuer = \"{issuer}\"\n\
         [stages.pool.authorizers.users]\nuser-pool = \"{pool}\"\naudiences = [\"{client}\"]\n"
    ));
    let deploy = |stage: &str| {
        in_sandbox(&signed.folder, &["deploy", "--yes", "--stage", stage]).good().last_line().to_owned()
    };
    let get = |url: &str, path: &str, token: &str| {
        let bearer = format!("Bearer {token}");
        let answer = http::call("GET", &format!("{url}{path}"), &[("authorization", &bearer)], "");
        (answer.status().as_u16(), String::from_utf8_lossy(answer.body()).into_owned())
    };
    let url = deploy("dev");
    let token = |by: &str, change: Value| {
        let mut claims = json!({ "iss": issuer, "aud": "api", "sub": "ann", "exp": 4_000_000_000_u64 });
        claims.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        witness.token(by, &claims)
    };
    let right = token(&issuer, json!({ "scope": "read" }));
    assert_eq!(get(&url, "me", &right), (200, "ann".to_owned()));
    assert_eq!(get(&url, "write", &right).0, 403, "the scope is missing");
    let writer = token(&issuer, json!({ "scope": "read write" }));
    assert_eq!(get(&url, "write", &writer), (200, "written".to_owned()));

    let parts: Vec<&str> = right.split('.').collect();
    let others = token(&issuer, json!({ "sub": "root" }));
    let forged = [parts[0], others.split('.').nth(1).unwrap(), parts[2]].join(".");
    for (wrong, why) in [
        (forged, "what was signed says something else"),
        (token(&other, json!({})), "another issuer signed it"),
        (token(&issuer, json!({ "iss": other })), "it names another issuer"),
        (token(&issuer, json!({ "aud": "shop" })), "it is meant for somebody else"),
        (token(&issuer, json!({ "exp": 1 })), "it has expired"),
        (token(&issuer, json!({ "nbf": 3_999_999_999_u64 })), "its time has not come"),
        (format!("{}.{}.", parts[0], parts[1]), "nobody signed it"),
    ] {
        for path in ["me", "write"] {
            assert_eq!(get(&url, path, &wrong).0, 401, "{path}: {why}");
        }
    }

    // A user pool of the sandbox is a real issuer.
    let pools = deploy("pool");
    assert_eq!(get(&pools, "me", &users_token), (200, user));
    assert_eq!(get(&pools, "write", &users_token).0, 403, "the scope is missing");
    assert_eq!(get(&pools, "me", &right).0, 401, "the pool did not sign it");
    assert_eq!(get(&url, "me", &users_token).0, 401, "the pool is not this stage's issuer");

    // An issuer on this machine is nothing for AWS.
    let proxy = Proxy::start();
    let refused = Tool::through(&proxy, &signed).deploy();
    assert_eq!(refused.code, Some(4), "{}", refused.stderr);
    for words in ["Chalice.toml:2 [stages.dev]", &format!("AWS cannot ask `{issuer}`"), "`--sandbox` take it"]
    {
        assert!(refused.stderr.contains(words), "`{words}` is not in\n{}", refused.stderr);
    }
    assert!(proxy.log().is_empty(), "{:?}", proxy.log());
    for stage in ["dev", "pool"] {
        in_sandbox(&signed.folder, &["delete", "--yes", "--stage", stage]).good();
    }
}

/// A user pool, an app client of it, a user, and the token that the user got by a password.
fn signed_in() -> (String, String, String, String) {
    let call = |operation: &str, input: Value| {
        LocalAws::shared().witness.call(&Account::of_the_sandbox(), "cognito-idp", operation, &input)
    };
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let pool = text(&call("create_user_pool", json!({ "PoolName": "people" }))["UserPool"]["Id"]);
    let flows = ["ALLOW_ADMIN_USER_PASSWORD_AUTH"];
    let client = json!({ "UserPoolId": pool, "ClientName": "app", "ExplicitAuthFlows": flows });
    let client = text(&call("create_user_pool_client", client)["UserPoolClient"]["ClientId"]);
    let user = json!({ "UserPoolId": pool, "Username": "ann", "MessageAction": "SUPPRESS" });
    let made = call("admin_create_user", user);
    let attributes = made["User"]["Attributes"].as_array().unwrap();
    let id = attributes.iter().find(|attribute| attribute["Name"] == "sub").unwrap();
    let password = "Tea-at-5-o'clock";
    call(
        "admin_set_user_password",
        json!({ "UserPoolId": pool, "Username": "ann", "Password": password, "Permanent": true }),
    );
    let signed_in = call(
        "admin_initiate_auth",
        json!({
            "UserPoolId": pool, "ClientId": client, "AuthFlow": "ADMIN_USER_PASSWORD_AUTH",
            "AuthParameters": { "USERNAME": "ann", "PASSWORD": password },
        }),
    );
    let token = text(&signed_in["AuthenticationResult"]["IdToken"]);
    (pool, client, text(&id["Value"]), token)
}

#[test]
fn a_function_of_another_app_is_asked_and_its_owner_is_told_how_to_allow_it() {
    let witness = &LocalAws::shared().witness;
    let proxy = Proxy::start();
    let owner = Tool::through(&proxy, &App::guarded());
    owner.deploy().good();
    let gate = format!("arn:aws:lambda:us-east-1:{}:function:guarded-dev-gate:live", owner.account.0);
    let asking = Tool { project: App::asking(&gate).folder, ..owner.clone() };
    let deployed = asking.deploy().good();
    assert!(deployed.stderr.contains(&format!("+ authorizer  staff   asks {gate}")), "{}", deployed.stderr);
    let url = deployed.last_line();
    let get = |headers: &[(&str, &str)]| guards::call(&asking, url, "GET", "staff", headers);
    assert_eq!(get(&[]).0, 401);
    assert_eq!(get(&[("authorization", "Bearer other")]).0, 403);
    assert_eq!(get(&[("authorization", "Bearer fail")]).0, 500);
    assert_eq!(get(&[("authorization", "Bearer sesame")]), (200, "number 7".to_owned()));

    // The owner does what is printed; no deploy of the owner's takes it back.
    let told =
        deployed.stderr.lines().find_map(|line| line.trim().strip_prefix("aws lambda add-permission "));
    let words: Vec<&str> = told.unwrap().split(' ').collect();
    let flags: Map<String, Value> =
        words.chunks(2).map(|flag| (flag[0].split('-').map(capitalised).collect(), json!(flag[1]))).collect();
    assert_eq!(flags["FunctionName"], gate);
    witness.call(&owner.account, "lambda", "add_permission", &json!(flags));
    let function = json!({ "FunctionName": "guarded-dev-gate", "Qualifier": "live" });
    let policy = || witness.call(&owner.account, "lambda", "get_policy", &function)["Policy"].take();
    let before = policy();
    assert!(before.to_string().contains(flags["SourceArn"].as_str().unwrap()), "{before}");
    proxy.forget();
    owner.deploy().good();
    asking.deploy().good();
    assert_eq!(proxy.writes(), [""; 0]);

    asking.delete().good();
    assert_eq!(policy(), before, "what is not this app's stays");
    owner.delete().good();
    assert!(witness.is_empty(&owner.account));
    assert_eq!(proxy.refusals(), [""; 0]);
}

fn capitalised(word: &str) -> String {
    let (first, rest) = word.split_at(word.len().min(1));
    first.to_uppercase() + rest
}
