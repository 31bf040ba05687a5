//! What a function may do on AWS beside writing its log: statements of `Chalice.toml`.
//!
//! Pure. Not here: the statement for the log; see `resource/role.rs`.

use serde::Serialize;
use serde_json::{Value, json};

use crate::scope::Scope;
use crate::suggest;

/// One `[[policy]]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// `dynamodb:GetItem`, `s3:Get*`.
    pub actions: Vec<String>,
    /// ARNs, with [`PLACEHOLDERS`].
    pub resources: Vec<String>,
}

/// What a statement says on purpose, when it names no resource or no single action.
pub const UNRESTRICTED: &str = "unrestricted";

/// What can stand in a resource as `${account}`.
pub const PLACEHOLDERS: [&str; 5] = ["account", "region", "partition", "app", "stage"];

/// Characters of all statements of a role together; white space does not count.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>
pub const POLICY_LIMIT: usize = 10_240;

/// How much a statement may leave open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breadth {
    /// Named actions on named resources.
    Named,
    /// Anything: the user said [`UNRESTRICTED`].
    Unrestricted,
}

impl Statement {
    /// As IAM takes it.
    pub fn document(&self, scope: &Scope) -> Value {
        let resources: Vec<String> = self.resources.iter().map(|text| filled(text, scope)).collect();
        json!({ "Effect": "Allow", "Action": self.actions, "Resource": resources })
    }
}

/// What is wrong with an action, and what to do about it.
pub fn action(text: &str, breadth: Breadth) -> Result<(), (&'static str, String)> {
    let open = "add `unrestricted = true` to the statement, if that is what you mean".to_owned();
    let (service, name) = match text.split_once(':') {
        Some(parts) => parts,
        None if text == "*" && breadth == Breadth::Unrestricted => return Ok(()),
        None if text == "*" => return Err(("allows everything", open)),
        None => {
            return Err(("names no service", format!("write it as in `dynamodb:GetItem`: `service:{text}`")));
        }
    };
    let service_ok = !service.is_empty()
        && service.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    let name_ok = !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'*' | b'?'));
    if !service_ok || !name_ok {
        return Err(("is no action of IAM", "write it as in `dynamodb:GetItem` or `s3:Get*`".to_owned()));
    }
    match name.trim_matches('*').is_empty() && breadth == Breadth::Named {
        true => Err(("allows everything of a service", open)),
        false => Ok(()),
    }
}

/// What is wrong with a resource, and what to do about it.
pub fn resource(text: &str, breadth: Breadth) -> Result<(), (&'static str, String)> {
    if text == "*" {
        return match breadth {
            Breadth::Unrestricted => Ok(()),
            Breadth::Named => Err((
                "is every resource",
                "name it by its ARN; for actions that know no resource add `unrestricted = true` to the statement"
                    .to_owned(),
            )),
        };
    }
    for name in placeholders(text) {
        // IAM has variables of its own, all with a colon: `${aws:PrincipalTag/team}`.
        if !name.contains(':') && !PLACEHOLDERS.contains(&name) {
            return Err(("has a placeholder that does not exist", suggest::help(name, &PLACEHOLDERS)));
        }
    }
    // Colons within placeholders are not the ARN's.
    let plain = placeholders(text)
        .into_iter()
        .fold(text.to_owned(), |text, name| text.replacen(&format!("${{{name}}}"), "x", 1));
    let parts: Vec<&str> = plain.splitn(6, ':').collect();
    match &parts[..] {
        ["arn", partition, service, _, _, rest]
            if !partition.is_empty() && !service.is_empty() && !rest.is_empty() =>
        {
            Ok(())
        }
        _ => Err((
            "is no ARN",
            "write it as in `arn:aws:dynamodb:${region}:${account}:table/orders-${stage}`".to_owned(),
        )),
    }
}

/// The names in `${..}`, in order.
fn placeholders(text: &str) -> Vec<&str> {
    text.split("${").skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect()
}

fn filled(text: &str, scope: &Scope) -> String {
    let values: [(&str, &str); 5] = [
        ("account", &scope.account.0),
        ("region", &scope.region.0),
        ("partition", &scope.partition.0),
        ("app", scope.app.as_str()),
        ("stage", scope.stage.as_str()),
    ];
    let fill = |text: String, (name, value): (&str, &str)| text.replace(&format!("${{{name}}}"), value);
    values.into_iter().fold(text.to_owned(), fill)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(found: Result<(), (&'static str, String)>, expected: &str) {
        let found = found.map_or_else(|(problem, help)| format!("{problem}; {help}"), |()| "ok".to_owned());
        assert!(found.starts_with(expected), "{found}");
    }

    #[test]
    fn an_action_names_a_service_and_something_of_it() {
        for text in ["dynamodb:GetItem", "s3:Get*", "execute-api:Invoke", "s3:*Object"] {
            check(action(text, Breadth::Named), "ok");
        }
        for (text, expected) in [
            ("*", "allows everything; add `unrestricted"),
            ("s3:*", "allows everything of a service; add `unrestricted"),
            ("GetItem", "names no service; write it as in `dynamodb:GetItem`: `service:GetItem`"),
            ("DynamoDB:GetItem", "is no action of IAM"),
            ("s3:Get Item", "is no action of IAM"),
        ] {
            check(action(text, Breadth::Named), expected);
        }
        check(action("*", Breadth::Unrestricted), "ok");
        check(action("s3:*", Breadth::Unrestricted), "ok");
    }

    #[test]
    fn a_resource_is_an_arn_and_everything_only_on_purpose() {
        for text in [
            "arn:aws:s3:::bucket/*",
            "arn:${partition}:dynamodb:${region}:${account}:table/${app}-${stage}/index/*",
            "arn:aws:s3:::home/${aws:PrincipalTag/team}/*",
        ] {
            check(resource(text, Breadth::Named), "ok");
        }
        check(resource("*", Breadth::Named), "is every resource; name it by its ARN");
        check(resource("*", Breadth::Unrestricted), "ok");
        check(resource("orders", Breadth::Named), "is no ARN");
        check(resource("arn:aws:s3", Breadth::Named), "is no ARN");
        check(
            resource("arn:aws:dynamodb:${regoin}:1:table/x", Breadth::Named),
            "has a placeholder that does not exist; did you mean `region`?",
        );
    }

    #[test]
    fn placeholders_are_what_the_stage_is() {
        let statement = Statement {
            actions: vec!["dynamodb:GetItem".to_owned()],
            resources: vec![
                "arn:${partition}:dynamodb:${region}:${account}:table/${app}-${stage}".to_owned(),
            ],
        };
        assert_eq!(
            statement.document(&Scope::example()),
            json!({
                "Effect": "Allow",
                "Action": ["dynamodb:GetItem"],
                "Resource": ["arn:aws:dynamodb:eu-west-1:123456789012:table/orders-dev"],
            })
        );
    }
}
