//! What goes wrong between us and AWS, in words: what, where, what to do next.
//!
//! Not here: which of an SDK's errors means which of these; see `aws/classify.rs`.

use std::fmt;

use camino::Utf8PathBuf;
use miette::Diagnostic;
use thiserror::Error;

use super::Call;
use crate::failure::{Exit, StageError};
use crate::scope::{Arn, Region};
use crate::suggest;

/// What can be done about an error without a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Too fast; AWS did nothing.
    Throttled,
    /// Something made before is not ready yet; AWS did nothing.
    Settling,
    /// There was no answer, or one that leaves open whether the call took effect.
    Lost,
    /// What we believed about AWS is not so (any more): look again.
    Stale,
    /// Nothing.
    Final,
}

/// Why AWS did not do as asked.
#[derive(Debug, Error, Diagnostic)]
pub enum AwsError {
    #[error("there are no AWS credentials")]
    #[diagnostic(
        code(chalice::aws::no_credentials),
        help(
            "run `aws configure sso` or `aws configure`, set `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, or try `--sandbox`, which needs no account"
        )
    )]
    NoCredentials { detail: String },

    #[error("the AWS sign-in has expired")]
    #[diagnostic(
        code(chalice::aws::expired),
        help("sign in again: `aws sso login`, with the same `--profile`")
    )]
    Expired { detail: String },

    #[error("your AWS credentials cannot be loaded: {detail}")]
    #[diagnostic(
        code(chalice::aws::no_use_of_credentials),
        help("mend what it names in your AWS configuration; `aws sts get-caller-identity` shows the same")
    )]
    NoUseOfCredentials { detail: String },

    #[error("AWS does not accept the credentials: {message}")]
    #[diagnostic(
        code(chalice::aws::bad_credentials),
        help(
            "look at `aws sts get-caller-identity`; a region that is not enabled for the account says this too"
        )
    )]
    BadCredentials { message: String },

    #[error("your AWS configuration has no profile `{profile}`")]
    #[diagnostic(
        code(chalice::aws::no_such_profile),
        help(
            "`aws configure list-profiles` shows those there are; `aws configure --profile {profile}` makes it"
        )
    )]
    NoSuchProfile { profile: String },

    #[error("no region is set")]
    #[diagnostic(
        code(chalice::aws::no_region),
        help("use `--region eu-west-1`, set `region` in `Chalice.toml`, or set `AWS_REGION`")
    )]
    NoRegion,

    #[error("AWS has no region `{region}`")]
    #[diagnostic(code(chalice::aws::unknown_region), help("{}", region_help(nearest)))]
    UnknownRegion { region: String, nearest: Option<&'static str> },

    #[error("the credentials belong to account {found}; this project is pinned to {pinned}")]
    #[diagnostic(
        code(chalice::aws::other_account),
        help("choose another `--profile`, or change `account` in `Chalice.toml`")
    )]
    OtherAccount { found: String, pinned: String },

    #[error("the credentials do not allow `{action}` on `{resource}`")]
    #[diagnostic(code(chalice::aws::denied), help("{}", denied_help(action, resource, message)))]
    Denied { action: String, resource: String, message: String },

    #[error("AWS cannot be reached at {endpoint}")]
    #[diagnostic(
        code(chalice::aws::unreachable),
        help("check the network and proxy settings; `--region` and `AWS_ENDPOINT_URL` decide the address")
    )]
    Unreachable { endpoint: String, detail: String },

    #[error("AWS asks for fewer calls, and still does after two minutes: {call}: {message}")]
    #[diagnostic(
        code(chalice::aws::throttled),
        help(
            "something else uses up the account's limit; run the same command again later, it goes on from here"
        )
    )]
    Throttled { call: Call, message: String },

    #[error("AWS is not ready for {call}: {message}")]
    #[diagnostic(code(chalice::aws::not_ready), help("run the same command again, it goes on from here"))]
    Settling { call: Call, message: String },

    #[error("the answer to {call} was lost: {detail}")]
    #[diagnostic(
        code(chalice::aws::lost),
        help("run the same command again, it looks first and goes on from here")
    )]
    Lost { call: Call, detail: String },

    #[error("AWS refused {call}: {message} ({code})")]
    #[diagnostic(code(chalice::aws::refused), help("{}", refused_help(call)))]
    Refused { call: Call, code: String, message: String, stale: Stale },

    #[error("waited {seconds} s for {what}: {last}")]
    #[diagnostic(code(chalice::aws::waited), help("run the same command again, it goes on from here"))]
    Waited { what: String, seconds: u64, last: String },

    #[error("AWS could not bring up `{function}`: {reason}")]
    #[diagnostic(
        code(chalice::aws::function_failed),
        help("correct what it names and deploy again; `cargo chalice delete` clears the stage")
    )]
    FunctionFailed { function: String, reason: String },

    #[error("the {what} exists and is not tagged as this app's")]
    #[diagnostic(
        code(chalice::aws::not_ours),
        help(
            "delete it, choose another app name or `--stage`, or hand it over by tagging `{arn}` with {tags}"
        )
    )]
    NotOurs { what: String, arn: Arn, tags: String },

    #[error("`{zip}` is not what was planned")]
    #[diagnostic(code(chalice::aws::code_changed), help("it was built anew meanwhile; deploy again"))]
    CodeChanged { zip: Utf8PathBuf },

    #[error("cannot read `{zip}`")]
    #[diagnostic(code(chalice::aws::no_code), help("deploy again; it is built anew"))]
    NoCode { zip: Utf8PathBuf, source: std::io::Error },

    #[error("a call cannot be put together: {detail}")]
    #[diagnostic(code(chalice::aws::request), help("this is a mistake in cargo-chalice; please report it"))]
    Request { detail: String },

    #[error("AWS was changed by someone else meanwhile")]
    #[diagnostic(
        code(chalice::aws::changed_meanwhile),
        help("look at `cargo chalice plan`, then run the same command again")
    )]
    ChangedMeanwhile,

    #[error("stopped")]
    #[diagnostic(
        code(chalice::aws::interrupted),
        help("run the same command again, it goes on from here; `cargo chalice delete` removes everything")
    )]
    Interrupted,
}

/// Whether a refusal means that our picture of AWS is old.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stale {
    /// What we wanted to change is not there.
    Missing,
    /// What we wanted to make is there, or was changed by someone.
    Conflict,
    /// Our picture is right; AWS does not want this.
    No,
}

impl AwsError {
    /// A request that the SDK could not build.
    pub fn request(error: impl fmt::Display) -> Self {
        Self::Request { detail: error.to_string() }
    }

    /// Whether looking again can help: the answer was lost, or AWS is not as we saw it.
    pub fn is_stale(&self) -> bool {
        matches!(self.trouble(), Trouble::Lost | Trouble::Stale)
    }

    pub(super) fn trouble(&self) -> Trouble {
        match self {
            Self::Throttled { .. } => Trouble::Throttled,
            Self::Settling { .. } => Trouble::Settling,
            Self::Lost { .. } | Self::Unreachable { .. } => Trouble::Lost,
            Self::Refused { stale: Stale::Missing | Stale::Conflict, .. } => Trouble::Stale,
            _ => Trouble::Final,
        }
    }

    /// At the first call, no answer means that nothing is there to answer.
    pub(super) fn at_first_contact(self, region: &Region, endpoint: Option<String>) -> Self {
        match self {
            Self::Lost { detail, .. } | Self::Unreachable { detail, .. } => match endpoint {
                Some(endpoint) => Self::Unreachable { endpoint, detail },
                None if !REGIONS.contains(&region.0.as_str()) => Self::UnknownRegion {
                    region: region.0.clone(),
                    nearest: suggest::nearest(&region.0, REGIONS.iter().copied()),
                },
                None => Self::Unreachable { endpoint: format!("region {region}"), detail },
            },
            other => other,
        }
    }
}

/// Turns "there is no such thing" into `None`.
pub trait Missing<T> {
    /// `None` when AWS says that what the call names does not exist.
    fn or_missing(self) -> Result<Option<T>, AwsError>;
}

impl<T> Missing<T> for Result<T, AwsError> {
    fn or_missing(self) -> Result<Option<T>, AwsError> {
        match self {
            Ok(found) => Ok(Some(found)),
            Err(AwsError::Refused { stale: Stale::Missing, .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn refused_help(call: &Call) -> &'static str {
    match call.operation {
        "CreateAuthorizer" | "UpdateAuthorizer" => {
            "API Gateway asks an issuer for its `/.well-known/openid-configuration` when it hears of it; check \
             `issuer` in the code, or under `[authorizers.NAME]` in `Chalice.toml`"
        }
        _ => "run the same command again if AWS was being changed by someone else; it goes on from here",
    }
}

fn denied_help(action: &str, resource: &str, message: &str) -> String {
    if message.contains("explicit deny") {
        return format!(
            "a policy denies it in so many words; only who wrote that policy can help: {message}"
        );
    }
    let statement = serde_json::json!({ "Effect": "Allow", "Action": action, "Resource": resource });
    format!("have this statement added to your policy: {statement}")
}

/// The regions, to tell a typo from a network that is down.
/// <https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html>
const REGIONS: &[&str] = &[
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "cn-north-1",
    "cn-northwest-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-gov-east-1",
    "us-gov-west-1",
    "us-west-1",
    "us-west-2",
];

fn region_help(nearest: &Option<&'static str>) -> String {
    match nearest {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => "a region looks like `eu-west-1`".to_owned(),
    }
}

impl StageError for AwsError {
    fn exit(&self) -> Exit {
        match self {
            Self::NoCredentials { .. }
            | Self::Expired { .. }
            | Self::BadCredentials { .. }
            | Self::NoUseOfCredentials { .. }
            | Self::NoSuchProfile { .. }
            | Self::OtherAccount { .. } => Exit::Account,
            Self::NoRegion | Self::UnknownRegion { .. } => Exit::Project,
            Self::Denied { .. } => Exit::Denied,
            Self::Unreachable { .. } => Exit::Unreachable,
            Self::Interrupted => Exit::Interrupted,
            _ => Exit::Failed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::Service;

    /// One of each; the compiler does not let a new variant be forgotten in `trouble` and `exit`, this list in turn
    /// is held against the number of diagnostic codes in the file.
    fn all() -> Vec<AwsError> {
        let text = || "x".to_owned();
        let call = || Call::new(Service::Lambda, "CreateFunction", "arn:aws:lambda:eu-west-1:1:function:f");
        vec![
            AwsError::NoCredentials { detail: text() },
            AwsError::Expired { detail: text() },
            AwsError::BadCredentials { message: text() },
            AwsError::NoUseOfCredentials { detail: text() },
            AwsError::NoSuchProfile { profile: text() },
            AwsError::NoRegion,
            AwsError::UnknownRegion { region: text(), nearest: Some("eu-west-1") },
            AwsError::OtherAccount { found: text(), pinned: text() },
            AwsError::Denied { action: text(), resource: text(), message: text() },
            AwsError::Unreachable { endpoint: text(), detail: text() },
            AwsError::Throttled { call: call(), message: text() },
            AwsError::Settling { call: call(), message: text() },
            AwsError::Lost { call: call(), detail: text() },
            AwsError::Refused { call: call(), code: text(), message: text(), stale: Stale::No },
            AwsError::Waited { what: text(), seconds: 1, last: text() },
            AwsError::FunctionFailed { function: text(), reason: text() },
            AwsError::NotOurs { what: text(), arn: Arn(text()), tags: text() },
            AwsError::CodeChanged { zip: "x".into() },
            AwsError::NoCode { zip: "x".into(), source: std::io::Error::other("x") },
            AwsError::Request { detail: text() },
            AwsError::ChangedMeanwhile,
            AwsError::Interrupted,
        ]
    }

    #[test]
    fn every_error_has_a_code_of_its_own_and_says_what_to_do_next() {
        let codes: std::collections::BTreeSet<String> =
            all().iter().map(|error| error.code().unwrap().to_string()).collect();
        assert_eq!(codes.len(), all().len());
        assert_eq!(codes.len(), include_str!("error.rs").matches("code(chalice::").count() - 1);
        for error in all() {
            assert!(error.help().is_some_and(|help| help.to_string().len() > 10), "{error}");
            let text = error.to_string();
            let start = text.chars().next().unwrap();
            assert!(start.is_lowercase() || text.starts_with("AWS") || start == '`', "{text}");
            assert!(!text.ends_with('.'), "{text}");
        }
    }

    #[test]
    fn a_denied_action_comes_as_a_statement_to_paste() {
        let error = AwsError::Denied {
            action: "iam:CreateRole".to_owned(),
            resource: "arn:aws:iam::123456789012:role/hello-dev".to_owned(),
            message: String::new(),
        };
        let help = error.help().unwrap().to_string();
        let (_, statement) = help.split_once(": ").unwrap();
        let statement: serde_json::Value = serde_json::from_str(statement).unwrap();
        assert_eq!(statement["Action"], "iam:CreateRole");
        assert_eq!(statement["Resource"], "arn:aws:iam::123456789012:role/hello-dev");
    }

    #[test]
    fn an_unknown_region_is_told_from_a_network_that_is_down() {
        let lost = |region: &str, endpoint: Option<&str>| {
            let call = Call::new(Service::Sts, "GetCallerIdentity", "*");
            let error = AwsError::Lost { call, detail: "no such host".to_owned() };
            error.at_first_contact(&Region(region.to_owned()), endpoint.map(ToOwned::to_owned))
        };
        let unknown = lost("eu-wset-1", None);
        assert_eq!(unknown.to_string(), "AWS has no region `eu-wset-1`");
        assert_eq!(unknown.help().unwrap().to_string(), "did you mean `eu-west-1`?");
        assert_eq!(lost("eu-west-1", None).to_string(), "AWS cannot be reached at region eu-west-1");
        let local = lost("local-1", Some("http://127.0.0.1:1"));
        assert_eq!(local.to_string(), "AWS cannot be reached at http://127.0.0.1:1");
    }
}
