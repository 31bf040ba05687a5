//! Who may call a function: our statements in the resource policy of its alias.
//!
//! The API may call it for any route, by one statement whatever the routes are: a policy takes
//! 20 KB. An authorizer's function may be asked by its authorizer only.
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html>

use serde::Serialize;
use serde_json::Value;

use crate::scope::{Arn, Scope};

/// What the id of a statement for an API starts with; the API's id follows.
const API: &str = "chalice-api-";

/// What the id of a statement for an authorizer starts with; the API's id and its own follow.
const AUTHORIZER: &str = "chalice-authorizer-";

/// A statement of ours on the alias of a function.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Permission {
    pub function: String,
    pub sid: String,
    pub allows: Allows,
}

/// Whether a statement says what we would say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Allows {
    /// Who its id names may call the alias.
    #[default]
    ItsCaller,
    /// Something else.
    Other,
}

/// What becomes of a permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Grant {
    Add,
    /// Take away what has our id and says something else, then add.
    Replace,
    Keep,
}

/// The id of the statement that lets an API call a function.
pub(super) fn to_call(api: &str) -> String {
    format!("{API}{api}")
}

/// The id of the statement that lets an authorizer ask its function.
pub(super) fn to_ask(api: &str, authorizer: &str) -> String {
    format!("{AUTHORIZER}{api}-{authorizer}")
}

/// The id of the statement by which somebody else lets an authorizer ask a function. It is none of
/// ours: should the function be another app's, that app's deploys leave the statement alone.
pub(super) fn to_be_asked(api: &str, authorizer: &str) -> String {
    format!("asked-by-{api}-{authorizer}")
}

/// What becomes of the permission with this id.
pub(super) fn grant(permissions: &[Permission], function: &str, sid: &str) -> Grant {
    match permissions.iter().find(|found| found.function == function && found.sid == sid) {
        Some(Permission { allows: Allows::ItsCaller, .. }) => Grant::Keep,
        Some(Permission { allows: Allows::Other, .. }) => Grant::Replace,
        None => Grant::Add,
    }
}

/// The callers that a statement of this id allows: every stage, method and path of one API, or one
/// authorizer. The ids that AWS makes up have no `-`.
pub(super) fn source(scope: &Scope, sid: &str) -> Option<Arn> {
    match sid.strip_prefix(AUTHORIZER).and_then(|ids| ids.split_once('-')) {
        Some((api, authorizer)) => Some(source_of(scope, api, authorizer)),
        None => Some(scope.arn("execute-api", &format!("{}/*/*", sid.strip_prefix(API)?))),
    }
}

/// One authorizer, as the caller of a function.
pub(super) fn source_of(scope: &Scope, api: &str, authorizer: &str) -> Arn {
    scope.arn("execute-api", &format!("{api}/authorizers/{authorizer}"))
}

/// The statements whose ids are ours, in a policy of a function's alias.
pub(super) fn statements(scope: &Scope, function: &str, policy: &str) -> Vec<Permission> {
    let policy: Value = serde_json::from_str(policy).unwrap_or_default();
    let statements = policy["Statement"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut permissions: Vec<_> = statements
        .iter()
        .filter_map(|statement| {
            let sid = statement["Sid"].as_str()?;
            let source = source(scope, sid)?;
            let allows = statement["Effect"] == "Allow"
                && statement["Action"] == "lambda:InvokeFunction"
                && statement["Principal"]["Service"] == "apigateway.amazonaws.com"
                && statement["Resource"] == scope.live_arn(function).0
                && statement["Condition"]["ArnLike"]["AWS:SourceArn"] == source.0;
            let allows = if allows { Allows::ItsCaller } else { Allows::Other };
            Some(Permission { function: function.to_owned(), sid: sid.to_owned(), allows })
        })
        .collect();
    permissions.sort_by(|a, b| a.sid.cmp(&b.sid));
    permissions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(policy: &str, expected: &[(&str, Allows)]) {
        let expected: Vec<_> = expected
            .iter()
            .map(|(sid, allows)| Permission {
                function: "orders-dev".to_owned(),
                sid: (*sid).to_owned(),
                allows: *allows,
            })
            .collect();
        assert_eq!(statements(&Scope::example(), "orders-dev", policy), expected);
    }

    const OURS: &str = r#"{"Version":"2012-10-17","Id":"default","Statement":[{
        "Sid":"chalice-api-a1b2c3","Effect":"Allow","Principal":{"Service":"apigateway.amazonaws.com"},
        "Action":"lambda:InvokeFunction","Resource":"arn:aws:lambda:eu-west-1:123456789012:function:orders-dev:live",
        "Condition":{"ArnLike":{"AWS:SourceArn":"arn:aws:execute-api:eu-west-1:123456789012:a1b2c3/*/*"}}}]}"#;

    #[test]
    fn our_permission_is_known_by_its_id_and_held_against_what_we_would_say() {
        check(OURS, &[("chalice-api-a1b2c3", Allows::ItsCaller)]);
        for (right, wrong) in [
            ("a1b2c3/*/*", "*"),
            (r#""Allow""#, r#""Deny""#),
            ("apigateway.amazonaws.com", "events.amazonaws.com"),
            ("orders-dev:live", "orders-dev"),
            ("lambda:InvokeFunction", "lambda:*"),
        ] {
            check(&OURS.replace(right, wrong), &[("chalice-api-a1b2c3", Allows::Other)]);
        }
    }

    #[test]
    fn an_authorizer_may_ask_and_not_the_whole_api() {
        let asks = OURS.replace("chalice-api-a1b2c3", "chalice-authorizer-a1b2c3-x9y8");
        check(&asks, &[("chalice-authorizer-a1b2c3-x9y8", Allows::Other)]);
        let asks = asks.replace("a1b2c3/*/*", "a1b2c3/authorizers/x9y8");
        check(&asks, &[("chalice-authorizer-a1b2c3-x9y8", Allows::ItsCaller)]);
    }

    #[test]
    fn statements_of_other_people_and_no_statements_at_all_are_none_of_ours() {
        check(&OURS.replace("chalice-api-", "by-hand-"), &[]);
        check("", &[]);
        check(r#"{"Statement":"odd"}"#, &[]);
    }
}
