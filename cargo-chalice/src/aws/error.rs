//! What goes wrong between us and AWS, in words: what, where, what to do next.
//!
//! A bare SDK error never leaves this file.

use std::error::Error as StdError;
use std::fmt;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_sts::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use camino::Utf8PathBuf;
use miette::Diagnostic;
use thiserror::Error;

use crate::failure::{Exit, StageError};
use crate::resource::Foreign;
use crate::scope::{Arn, Region};
use crate::suggest;

/// A service we call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    Iam,
    Lambda,
    Gateway,
    Logs,
    Sts,
}

/// One call: which operation, on which resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    pub service: Service,
    pub operation: &'static str,
    pub resource: String,
}

impl Call {
    /// A call as an error names it.
    pub fn new(service: Service, operation: &'static str, resource: impl Into<String>) -> Self {
        Self { service, operation, resource: resource.into() }
    }

    /// The IAM action that allows the call.
    fn action(&self) -> String {
        let (prefix, name) = match self.service {
            Service::Iam => ("iam", self.operation),
            Service::Lambda => ("lambda", lambda_action(self.operation)),
            Service::Logs => ("logs", self.operation),
            Service::Sts => ("sts", self.operation),
            // <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagementv2.html>
            Service::Gateway => ("apigateway", gateway_action(self.operation)),
        };
        format!("{prefix}:{name}")
    }
}

fn lambda_action(operation: &'static str) -> &'static str {
    match operation {
        "Invoke" => "InvokeFunction",
        other => other,
    }
}

fn gateway_action(operation: &str) -> &'static str {
    match operation {
        _ if operation.starts_with("Create") || operation.starts_with("Tag") => "POST",
        _ if operation.starts_with("Update") => "PATCH",
        _ if operation.starts_with("Delete") || operation.starts_with("Untag") => "DELETE",
        _ => "GET",
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` on `{}`", self.operation, self.resource)
    }
}

impl From<Arn> for String {
    fn from(arn: Arn) -> Self {
        arn.0
    }
}

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

    #[error("AWS does not accept the credentials: {message}")]
    #[diagnostic(
        code(chalice::aws::bad_credentials),
        help(
            "look at `aws sts get-caller-identity`; a region that is not enabled for the account says this too"
        )
    )]
    BadCredentials { message: String },

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
    #[diagnostic(
        code(chalice::aws::denied),
        help("have this statement added to your policy: {}", statement(action, resource))
    )]
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
    #[diagnostic(
        code(chalice::aws::refused),
        help("run the same command again if AWS was being changed by someone else; it goes on from here")
    )]
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

    #[error("the {} `{}` exists and is not tagged as this app's", .0.kind, .0.name)]
    #[diagnostic(
        code(chalice::aws::not_ours),
        help("delete it, choose another `name` or `--stage`, or hand it over by tagging it `chalice:app` and `chalice:stage` (`{}`)", .0.arn)
    )]
    NotOurs(Foreign),

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

/// Says what an SDK error means.
pub(super) fn classify<E>(call: &Call, error: SdkError<E>) -> AwsError
where
    E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
{
    let status = error.raw_response().map(|response| response.status().as_u16());
    let Some(refusal) = error.as_service_error() else {
        if let Some(credentials) = find::<CredentialsError>(&error) {
            return without_credentials(credentials);
        }
        let detail = innermost(&error);
        return match &error {
            SdkError::ConstructionFailure(_) => {
                AwsError::Request { detail: DisplayErrorContext(&error).to_string() }
            }
            // Nothing was sent when there was no connection.
            SdkError::DispatchFailure(failure) if failure.is_io() && detail.contains("refused") => {
                AwsError::Unreachable { endpoint: service_name(call.service).to_owned(), detail }
            }
            _ => AwsError::Lost { call: call.clone(), detail },
        };
    };
    let code = refusal.code().unwrap_or("without a code").to_owned();
    let message = refusal.message().unwrap_or("without a reason").to_owned();
    match meaning(&code, &message, status) {
        Meaning::Throttled => AwsError::Throttled { call: call.clone(), message },
        Meaning::Settling => AwsError::Settling { call: call.clone(), message },
        Meaning::Lost => AwsError::Lost { call: call.clone(), detail: format!("{message} ({code})") },
        Meaning::Denied => {
            let (action, resource) =
                denied(&message).unwrap_or_else(|| (call.action(), call.resource.clone()));
            AwsError::Denied { action, resource, message }
        }
        Meaning::Expired => AwsError::Expired { detail: message },
        Meaning::BadCredentials => AwsError::BadCredentials { message },
        Meaning::Refused(stale) => AwsError::Refused { call: call.clone(), code, message, stale },
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Throttled,
    Settling,
    Lost,
    Denied,
    Expired,
    BadCredentials,
    Refused(Stale),
}

/// What a service's error means. The codes are spread over the services' API references; the
/// common ones are at <https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html>.
fn meaning(code: &str, message: &str, status: Option<u16>) -> Meaning {
    // Said while a new role is not known everywhere yet.
    let role_is_new = code == "InvalidParameterValueException"
        && (message.contains("cannot be assumed") || message.contains("cannot be found"));
    // Said while Lambda works on the function.
    let in_progress = message.starts_with("The operation cannot be performed at this time")
        || message.contains("update is in progress")
        || message.contains("concurrent modification");
    match code {
        "Throttling"
        | "ThrottlingException"
        | "ThrottledException"
        | "TooManyRequestsException"
        | "RequestLimitExceeded"
        | "RequestThrottled"
        | "RequestThrottledException" => Meaning::Throttled,
        "ConcurrentModification" | "ConcurrentModificationException" | "OperationAbortedException" => {
            Meaning::Settling
        }
        "ExpiredToken" | "ExpiredTokenException" | "RequestExpired" => Meaning::Expired,
        "UnrecognizedClientException"
        | "InvalidClientTokenId"
        | "InvalidSignatureException"
        | "SignatureDoesNotMatch"
        | "IncompleteSignature"
        | "MissingAuthenticationToken"
        | "AuthFailure" => Meaning::BadCredentials,
        "AccessDenied" | "AccessDeniedException" | "UnauthorizedOperation" | "ForbiddenException" => {
            Meaning::Denied
        }
        _ if role_is_new || in_progress => Meaning::Settling,
        "NoSuchEntity" | "NoSuchEntityException" | "ResourceNotFoundException" | "NotFoundException" => {
            Meaning::Refused(Stale::Missing)
        }
        "EntityAlreadyExists"
        | "EntityAlreadyExistsException"
        | "DeleteConflict"
        | "DeleteConflictException"
        | "ResourceAlreadyExistsException"
        | "ResourceConflictException"
        | "ConflictException"
        | "PreconditionFailedException" => Meaning::Refused(Stale::Conflict),
        _ => match status {
            Some(429) => Meaning::Throttled,
            Some(401) => Meaning::BadCredentials,
            Some(403) => Meaning::Denied,
            Some(404) => Meaning::Refused(Stale::Missing),
            Some(409 | 412) => Meaning::Refused(Stale::Conflict),
            Some(500..) => Meaning::Lost,
            _ => Meaning::Refused(Stale::No),
        },
    }
}

/// AWS names the action and the resource: `.. not authorized to perform: A on resource: R ..`.
fn denied(message: &str) -> Option<(String, String)> {
    let after = message.split_once("not authorized to perform: ")?.1;
    let (action, rest) = after.split_once(' ')?;
    let resource = rest.strip_prefix("on resource: ")?.split_whitespace().next()?;
    Some((action.to_owned(), resource.trim_end_matches(['.', ',']).to_owned()))
}

fn without_credentials(error: &CredentialsError) -> AwsError {
    let detail = innermost(error);
    let lower = format!("{} {detail}", DisplayErrorContext(error)).to_lowercase();
    match error {
        CredentialsError::CredentialsNotLoaded(_) => AwsError::NoCredentials { detail },
        _ if lower.contains("expired") || lower.contains("sso") || lower.contains("token") => {
            AwsError::Expired { detail }
        }
        _ => AwsError::BadCredentials { message: detail },
    }
}

fn find<'e, T: StdError + 'static>(error: &'e (dyn StdError + 'static)) -> Option<&'e T> {
    let mut at = Some(error);
    while let Some(error) = at {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        at = error.source();
    }
    None
}

fn innermost(error: &(dyn StdError + 'static)) -> String {
    let mut at = error;
    while let Some(source) = at.source() {
        at = source;
    }
    at.to_string()
}

fn service_name(service: Service) -> &'static str {
    match service {
        Service::Iam => "IAM",
        Service::Lambda => "Lambda",
        Service::Gateway => "API Gateway",
        Service::Logs => "CloudWatch Logs",
        Service::Sts => "STS",
    }
}

fn statement(action: &str, resource: &str) -> String {
    serde_json::json!({ "Effect": "Allow", "Action": action, "Resource": resource }).to_string()
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
            | Self::OtherAccount { .. } => Exit::Account,
            Self::NoRegion | Self::UnknownRegion { .. } => Exit::Project,
            Self::Denied { .. } => Exit::Denied,
            Self::Unreachable { .. } => Exit::Unreachable,
            Self::Interrupted => Exit::Interrupted,
            _ => Exit::Failed,
        }
    }
}
