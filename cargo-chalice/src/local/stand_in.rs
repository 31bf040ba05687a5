//! What flags say in the place of those who could be asked on AWS alone.
//!
//! Not here: who is asked when; see `authorize.rs`.

use std::fmt;
use std::str::FromStr;

use chalice_rs_wire::gateway::IamIdentity;
use chalice_rs_wire::gateway::token;
use serde_json::{Map, Value, json};

/// What tokens say: `--claims`.
#[derive(Debug, Clone)]
pub struct Claims(pub token::Claims);

/// What an authorizer elsewhere answers: `--authorizer NAME=ANSWER`.
#[derive(Debug, Clone)]
pub struct Elsewhere {
    /// The authorizer's name.
    pub name: String,
    /// The answer, in one of the formats of a Lambda authorizer.
    pub answer: Value,
}

/// Who signs: `--iam`.
#[derive(Debug, Clone)]
pub struct Signer(pub IamIdentity);

impl FromStr for Claims {
    type Err = StandInError;

    fn from_str(text: &str) -> Result<Self, StandInError> {
        let json = if text.trim_start().starts_with('{') {
            text.to_owned()
        } else {
            std::fs::read_to_string(text)
                .map_err(|error| StandInError::File { file: text.to_owned(), message: error.to_string() })?
        };
        match serde_json::from_str(&json) {
            Ok(claims) => Ok(Self(claims)),
            Err(error) => Err(StandInError::Claims { message: error.to_string() }),
        }
    }
}

impl FromStr for Elsewhere {
    type Err = StandInError;

    fn from_str(text: &str) -> Result<Self, StandInError> {
        let bad = || StandInError::Answer { text: text.to_owned() };
        let (name, answer) = text.split_once('=').filter(|(name, _)| !name.is_empty()).ok_or_else(bad)?;
        let answer = match answer {
            "allow" => json!({ "isAuthorized": true }),
            "deny" => json!({ "isAuthorized": false }),
            json => {
                let answer: Map<String, Value> = serde_json::from_str(json).map_err(|_| bad())?;
                if !["isAuthorized", "policyDocument"].iter().any(|key| answer.contains_key(*key)) {
                    return Err(bad());
                }
                Value::Object(answer)
            }
        };
        Ok(Self { name: name.to_owned(), answer })
    }
}

impl FromStr for Signer {
    type Err = StandInError;

    fn from_str(text: &str) -> Result<Self, StandInError> {
        // arn:partition:service::account:who
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        let ["arn", _, "iam" | "sts", _, account, who] = parts[..] else {
            return Err(StandInError::Arn { text: text.to_owned() });
        };
        Ok(Self(IamIdentity {
            access_key: "LOCAL".to_owned(),
            account_id: account.to_owned(),
            caller_id: who.to_owned(),
            user_id: who.to_owned(),
            user_arn: text.to_owned(),
            principal_org_id: None,
        }))
    }
}

/// Why a flag says nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StandInError {
    /// The file of the claims cannot be read.
    File {
        /// The file.
        file: String,
        /// The system's words.
        message: String,
    },
    /// The claims are no JSON object.
    Claims {
        /// The JSON reader's words.
        message: String,
    },
    /// An authorizer's answer is none.
    Answer {
        /// What was given.
        text: String,
    },
    /// An identity's ARN is none.
    Arn {
        /// What was given.
        text: String,
    },
}

impl fmt::Display for StandInError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { file, message } => {
                write!(
                    f,
                    "`{file}` cannot be read: {message}; give a file, or the claims: '{{\"sub\":\"me\"}}'"
                )
            }
            Self::Claims { message } => {
                write!(f, "the claims are not a JSON object: {message}; write '{{\"sub\":\"me\"}}'")
            }
            Self::Answer { text } => write!(
                f,
                "`{text}` is no answer of an authorizer; write `NAME=allow`, `NAME=deny`, or \
                 'NAME={{\"isAuthorized\":true,\"context\":{{}}}}'"
            ),
            Self::Arn { text } => {
                write!(f, "`{text}` is no AWS identity; write `arn:aws:iam::123456789012:user/me`")
            }
        }
    }
}

impl std::error::Error for StandInError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_are_json_or_a_file_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("claims.json");
        std::fs::write(&file, r#"{"sub": "me"}"#).unwrap();
        for text in [r#" {"sub":"me"}"#, file.to_str().unwrap()] {
            assert_eq!(text.parse::<Claims>().unwrap().0["sub"], "me");
        }
        assert!(matches!("{".parse::<Claims>(), Err(StandInError::Claims { .. })));
        assert!(matches!("none.json".parse::<Claims>(), Err(StandInError::File { .. })));
    }

    #[test]
    fn an_answer_is_a_word_or_what_a_function_would_say() {
        let answer =
            |text: &str| text.parse::<Elsewhere>().map(|found| (found.name, found.answer.to_string()));
        let of = |answer: &str| Ok(("keys".to_owned(), answer.to_owned()));
        assert_eq!(answer("keys=allow"), of(r#"{"isAuthorized":true}"#));
        assert_eq!(answer("keys=deny"), of(r#"{"isAuthorized":false}"#));
        let policy = r#"{"policyDocument":{}}"#;
        assert_eq!(answer(&format!("keys={policy}")), of(policy));
        for text in ["keys", "=allow", "keys=yes", "keys={}", "keys=true"] {
            assert!(answer(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_signer_is_an_identity_of_an_account() {
        let Signer(identity) = "arn:aws:sts::1:assumed-role/a/b".parse().unwrap();
        assert_eq!((identity.account_id.as_str(), identity.user_id.as_str()), ("1", "assumed-role/a/b"));
        assert!("me".parse::<Signer>().is_err());
        assert!("arn:aws:s3:::bucket".parse::<Signer>().is_err());
    }
}
