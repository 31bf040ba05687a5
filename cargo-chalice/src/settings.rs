//! What can be set for a stage: the keys' defaults, and the ranges and names that AWS takes.
//!
//! Pure. Where the values come from is `config.rs`.

mod policy;

use std::collections::BTreeMap;
use std::fmt;
use std::ops::RangeInclusive;

use chalice_rs_manifest::{FunctionName, Stage};
use serde::Serialize;

use crate::cli::Architecture;

pub use policy::{Breadth, POLICY_LIMIT, Statement, UNRESTRICTED, action, resource};

/// What `Chalice.toml` says for one stage, defaults filled in.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Settings {
    /// The region to deploy to, when the command line has none.
    pub region: Option<String>,
    /// The account this project may be deployed to; any when `None`.
    pub account: Option<String>,
    /// The function's memory in MB, 128 to 10,240.
    pub memory: u32,
    /// The function's timeout in seconds, 1 to 900.
    pub timeout: u32,
    /// The function's processor, when the command line has none.
    pub architecture: Option<Architecture>,
    /// The function's environment variables.
    pub environment: BTreeMap<String, String>,
    /// How many days logs are kept.
    pub log_retention: u32,
    /// Tags on every resource, beside our own.
    pub tags: BTreeMap<String, String>,
    /// Whether errors are answered with their causes.
    pub debug: bool,
    /// What the function of all routes may do on AWS beside writing its log.
    pub policy: Vec<Statement>,
    /// What is different for the functions beside the one of all routes.
    pub functions: BTreeMap<FunctionName, FunctionSettings>,
    /// What is different from the code for authorizers.
    pub authorizers: BTreeMap<FunctionName, AuthorizerSettings>,
}

/// What is different for one function.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct FunctionSettings {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout: Option<u32>,
    /// Beside the variables of all functions.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub environment: BTreeMap<String, String>,
    /// What it may do; nothing of what other functions may.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub policy: Vec<Statement>,
}

/// What is different for one authorizer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct AuthorizerSettings {
    /// The issuer of its tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// For whom its tokens may be meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audiences: Option<Vec<String>>,
    /// The function that it asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
}

impl Settings {
    /// All variables that the function gets from us: the user's, and what the runtime shall know.
    pub fn variables(&self) -> BTreeMap<String, String> {
        let debug = self.debug.then(|| (DEBUG_VARIABLE.to_owned(), "1".to_owned()));
        self.environment.clone().into_iter().chain(debug).collect()
    }

    /// The settings of one function: its own, else those of the stage. What a function may do is
    /// never inherited.
    #[must_use]
    pub fn of(&self, function: Option<&FunctionName>) -> Self {
        let Some(function) = function else { return self.clone() };
        let own = self.functions.get(function).cloned().unwrap_or_default();
        let mut settings = self.clone();
        settings.memory = own.memory.unwrap_or(self.memory);
        settings.timeout = own.timeout.unwrap_or(self.timeout);
        settings.environment.extend(own.environment);
        settings.policy = own.policy;
        settings
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            region: None,
            account: None,
            // Lambda's own default. A Rust function that answers HTTP needs a few MB of it.
            memory: 128,
            // An HTTP API waits no longer, so that a longer timeout would only be paid for.
            timeout: 30,
            architecture: None,
            environment: BTreeMap::new(),
            log_retention: 30,
            tags: BTreeMap::new(),
            debug: false,
            policy: Vec::new(),
            functions: BTreeMap::new(),
            authorizers: BTreeMap::new(),
        }
    }
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nothing was said.
    Default,
    /// The package's `Cargo.toml`.
    Package,
    /// `Chalice.toml`, for every stage or for one.
    File { line: usize, stage: Option<Stage> },
    /// A flag of this command.
    Flag(&'static str),
    /// An environment variable.
    Variable(&'static str),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => write!(f, "default"),
            Self::Package => write!(f, "Cargo.toml"),
            Self::File { line, stage: None } => write!(f, "Chalice.toml:{line}"),
            Self::File { line, stage: Some(stage) } => write!(f, "Chalice.toml:{line} [stages.{stage}]"),
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::Variable(name) => write!(f, "${name}"),
        }
    }
}

impl Serialize for Origin {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// MB. <https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html>
pub const MEMORY: RangeInclusive<u32> = 128..=10_240;

/// Seconds. <https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html>
pub const TIMEOUT: RangeInclusive<u32> = 1..=900;

/// Days; CloudWatch Logs takes no others.
/// <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html>
pub const LOG_RETENTION: [u32; 22] =
    [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

/// Bytes of all variables together, as the JSON text that Lambda measures.
/// <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
pub const ENVIRONMENT_LIMIT: usize = 4096;

/// Variables that Lambda sets itself and refuses from us.
/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html>
pub const RESERVED_VARIABLES: [&str; 19] = [
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_MAX_CONCURRENCY",
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "LAMBDA_RUNTIME_DIR",
    "LAMBDA_TASK_ROOT",
];

/// What tells the runtime that the stage has `debug = true`.
pub const DEBUG_VARIABLE: &str = "CHALICE_DEBUG";

/// Tags that one resource can have, ours included.
/// <https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html>
pub const TAG_LIMIT: usize = 50;

/// The tags we put on every resource: the app and the stage.
pub const OWN_TAGS: usize = 2;

/// What is wrong with a variable's name, if anything.
pub fn variable_name(name: &str) -> Result<(), &'static str> {
    if RESERVED_VARIABLES.contains(&name) {
        return Err("is a variable that Lambda sets itself");
    }
    if name == DEBUG_VARIABLE {
        return Err("is what the key `debug` sets");
    }
    // <https://docs.aws.amazon.com/lambda/latest/api/API_Environment.html>
    let starts = name.starts_with(|char: char| char.is_ascii_alphabetic());
    let goes_on = name.chars().all(|char| char.is_ascii_alphanumeric() || char == '_');
    if starts && goes_on && name.len() > 1 { Ok(()) } else { Err("is not a name that Lambda takes") }
}

/// What is wrong with a tag, if anything.
/// <https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html>
pub fn tag(name: &str, value: &str) -> Result<(), &'static str> {
    let taken = |text: &str| {
        text.chars().all(|char| {
            char.is_alphanumeric() || matches!(char, ' ' | '_' | '.' | ':' | '/' | '=' | '+' | '-' | '@')
        })
    };
    let prefix = |prefix: &str| name.to_ascii_lowercase().starts_with(prefix);
    if prefix("aws:") {
        Err("starts with `aws:`, which AWS keeps for itself")
    } else if prefix("chalice:") {
        Err("starts with `chalice:`, by which this tool knows its own resources")
    } else if name.is_empty() || name.chars().count() > 128 {
        Err("is not 1 to 128 characters long")
    } else if value.chars().count() > 256 {
        Err("has a value of more than 256 characters")
    } else if !taken(name) || !taken(value) {
        Err("has a character that AWS refuses")
    } else {
        Ok(())
    }
}

/// Whether the text has the shape of a region's name, as `eu-west-1` or `us-gov-east-1`.
pub fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let letters = |part: &&str| !part.is_empty() && part.chars().all(|char| char.is_ascii_lowercase());
    let number = |part: &str| !part.is_empty() && part.chars().all(|char| char.is_ascii_digit());
    match parts.as_slice() {
        [words @ .., last] => words.len() >= 2 && words.iter().all(letters) && number(last),
        [] => false,
    }
}

/// Whether the text is an account's id: twelve digits.
pub fn is_account(text: &str) -> bool {
    text.len() == 12 && text.chars().all(|char| char.is_ascii_digit())
}

/// The size of the statements of one role as IAM measures it, all but for what replaces placeholders.
pub fn policy_size(policy: &[Statement]) -> usize {
    serde_json::to_string(policy).map_or(0, |json| json.len())
}

/// The size of the variables as Lambda measures it: as one JSON object.
pub fn environment_size(environment: &BTreeMap<String, String>) -> usize {
    // A map of strings always serializes.
    serde_json::to_string(environment).map_or(0, |json| json.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_and_accounts_are_known_by_their_shape() {
        for region in ["eu-west-1", "us-gov-east-1", "ap-southeast-2", "cn-north-1", "us-iso-east-1"] {
            assert!(is_region(region), "{region}");
        }
        for text in ["", "eu", "eu-west", "eu-west1", "EU-WEST-1", "eu--1", "1", "eu-west-1a", "-1"] {
            assert!(!is_region(text), "{text}");
        }
        assert!(is_account("012345678901"));
        assert!(!is_account("12345678901") && !is_account("01234567890a"));
    }

    #[test]
    fn variables_that_lambda_refuses_are_refused() {
        for name in RESERVED_VARIABLES {
            assert_eq!(variable_name(name), Err("is a variable that Lambda sets itself"));
        }
        for name in ["", "A", "1A", "A-B", "A B", "_A", "É1"] {
            assert_eq!(variable_name(name), Err("is not a name that Lambda takes"), "{name}");
        }
        for name in ["AB", "a1", "DATABASE_URL", "RUST_LOG"] {
            assert_eq!(variable_name(name), Ok(()), "{name}");
        }
    }

    #[test]
    fn tags_that_aws_refuses_are_refused() {
        assert_eq!(tag("team", "orders & co"), Err("has a character that AWS refuses"));
        assert_eq!(tag("team", "orders/co + é"), Ok(()));
        assert!(tag("AWS:x", "").is_err() && tag("chalice:app", "").is_err() && tag("", "").is_err());
        assert!(tag(&"k".repeat(128), &"v".repeat(256)).is_ok());
        assert!(tag(&"k".repeat(129), "").is_err() && tag("k", &"v".repeat(257)).is_err());
    }

    #[test]
    fn the_size_of_variables_is_that_of_their_json() {
        let environment = BTreeMap::from([("AB".to_owned(), "c\"d".to_owned())]);
        assert_eq!(environment_size(&environment), r#"{"AB":"c\"d"}"#.len());
    }
}
