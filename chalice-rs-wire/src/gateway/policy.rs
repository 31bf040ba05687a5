//! What a Lambda authorizer answers: yes or no, or an IAM policy.
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html>

use serde_json::{Map, Value};

use crate::authorizer::{Answer, decode_answer};

/// An authorizer's answer, read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Decision {
    allows: Allows,
    /// What the route's function is told: any JSON, `null` where there is none.
    pub(super) context: Value,
}

#[derive(Debug, Clone, PartialEq)]
enum Allows {
    Everything,
    Nothing,
    /// What the statements say, for each route that it is asked about.
    By(Vec<Statement>),
}

#[derive(Debug, Clone, PartialEq)]
struct Statement {
    is_allow: bool,
    actions: Vec<String>,
    resources: Vec<String>,
}

impl Decision {
    /// Reads an answer; `None` is for what is neither of the two formats, which is a 500.
    pub(super) fn decode(payload: &[u8]) -> Option<Self> {
        let Ok(Value::Object(mut answer)) = serde_json::from_slice(payload) else { return None };
        let Some(policy) = answer.get("policyDocument") else {
            let Answer { is_authorized, context } = decode_answer(payload).ok()?;
            let allows = if is_authorized { Allows::Everything } else { Allows::Nothing };
            return Some(Self { allows, context: context.map_or(Value::Null, Value::Object) });
        };
        let allows = Allows::By(statements(policy.as_object()?)?);
        let context = match answer.remove("context") {
            None | Some(Value::Null) => Value::Null,
            Some(Value::Object(context)) => Value::Object(context),
            Some(_) => return None,
        };
        Some(Self { allows, context })
    }

    /// Whether a route may be called, by the ARN of the request.
    pub(super) fn allows(&self, arn: &str) -> bool {
        match &self.allows {
            Allows::Everything => true,
            Allows::Nothing => false,
            Allows::By(statements) => {
                let about = |statement: &&Statement| {
                    statement.actions.iter().any(|action| matches(&action.to_ascii_lowercase(), INVOKE))
                        && statement.resources.iter().any(|resource| matches(resource, arn))
                };
                let mut is_allowed = false;
                for statement in statements.iter().filter(about) {
                    if !statement.is_allow {
                        return false;
                    }
                    is_allowed = true;
                }
                is_allowed
            }
        }
    }
}

/// Lower-case, for an action's case does not count.
const INVOKE: &str = "execute-api:invoke";

fn statements(policy: &Map<String, Value>) -> Option<Vec<Statement>> {
    one_or_many(policy.get("Statement")?)
        .map(|statement| {
            let texts = |name: &str| -> Option<Vec<String>> {
                one_or_many(statement.get(name)?).map(|text| Some(text.as_str()?.to_owned())).collect()
            };
            let is_allow = match statement.get("Effect")?.as_str()? {
                "Allow" => true,
                "Deny" => false,
                _ => return None,
            };
            // What a condition is about, only AWS knows. Half a policy lets nobody in.
            if statement.get("Condition").is_some() {
                return None;
            }
            Some(Statement { is_allow, actions: texts("Action")?, resources: texts("Resource")? })
        })
        .collect()
}

fn one_or_many(value: &Value) -> std::slice::Iter<'_, Value> {
    match value {
        Value::Array(values) => values.iter(),
        one => std::slice::from_ref(one).iter(),
    }
}

/// Whether a text is meant by a pattern, in which `*` is any text and `?` any character.
fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut from) = (0, 0);
    // Where to go on if what was tried last turns out wrong: the last `*`, and what it has taken.
    let mut again: Option<(usize, usize)> = None;
    while from < text.len() {
        match pattern.get(at) {
            Some('*') => {
                again = Some((at, from));
                at += 1;
            }
            Some(one) if *one == '?' || *one == text[from] => {
                at += 1;
                from += 1;
            }
            _ => match again {
                Some((star, taken)) => {
                    again = Some((star, taken + 1));
                    at = star + 1;
                    from = taken + 1;
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|rest| *rest == '*')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_star_takes_any_text_and_a_question_mark_one_character() {
        for (pattern, text) in [
            ("*", ""),
            ("*", "a:b/c"),
            ("a*c", "abbbc"),
            ("a*b*c", "a-b-b-c"),
            ("a?c", "abc"),
            ("arn:*:GET/*", "arn:x:y:GET/a/b"),
        ] {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("a*c", "ab"), ("a?c", "ac"), ("", "a"), ("a", ""), ("a*b", "acbd")] {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn a_deny_outweighs_every_allow() {
        let policy = json!({"policyDocument": {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "execute-api:*", "Resource": "*"},
            {"Effect": "Deny", "Action": ["execute-api:Invoke"], "Resource": ["*/GET/secret"]},
        ]}});
        let decision = Decision::decode(policy.to_string().as_bytes()).expect("a policy");
        assert!(decision.allows("arn:api/$default/GET/open"));
        assert!(!decision.allows("arn:api/$default/GET/secret"));
    }

    #[test]
    fn what_is_neither_format_is_no_answer() {
        for payload in [
            "null",
            "true",
            "",
            "{}",
            r#"{"isAuthorized":"true"}"#,
            r#"{"isAuthorized":true,"context":"text"}"#,
            r#"{"policyDocument":{}}"#,
            r#"{"policyDocument":{"Statement":[{"Effect":"Maybe","Action":"*","Resource":"*"}]}}"#,
            r#"{"policyDocument":{"Statement":[{"Effect":"Allow","Action":"*"}]}}"#,
            r#"{"policyDocument":{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{}}}}"#,
            r#"{"errorMessage":"boom"}"#,
        ] {
            assert_eq!(Decision::decode(payload.as_bytes()), None, "{payload}");
        }
    }
}
