//! What an SDK error means. A bare SDK error never leaves this file.

use std::error::Error as StdError;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_sts::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};

use super::error::Stale;
use super::{AwsError, Call, Service};

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
        && [
            "cannot be assumed",
            "cannot be found",
            "invalid for CreateGrant",
            "not refer to a valid principal",
        ]
        .iter()
        .any(|words| message.contains(words));
    // Said while Lambda works on the function.
    let in_progress = message.starts_with("The operation cannot be performed at this time")
        || ["update is in progress", "concurrent modification", "concurrent update"]
            .iter()
            .any(|words| message.contains(words));
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

/// Why there are no credentials.
pub(super) fn without_credentials(error: &CredentialsError) -> AwsError {
    let detail = innermost(error);
    // The types of the causes are private to the SDK; its words are all there is to go by.
    let words = DisplayErrorContext(error).to_string();
    let lower = words.to_lowercase();
    if let Some((profile, _)) =
        words.split_once("profile `").and_then(|(_, rest)| rest.split_once("` was not defined"))
    {
        return AwsError::NoSuchProfile { profile: profile.to_owned() };
    }
    match error {
        CredentialsError::CredentialsNotLoaded(_) => AwsError::NoCredentials { detail },
        _ if lower.contains("expired") || lower.contains("sso") => AwsError::Expired { detail },
        _ => AwsError::NoUseOfCredentials { detail },
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

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(code: &str, message: &str, status: u16, expected: Meaning) {
        assert_eq!(meaning(code, message, Some(status)), expected, "{code}: {message}");
    }

    #[test]
    fn what_passes_by_itself_is_told_from_what_does_not() {
        let assumed = "The role defined for the function cannot be assumed by Lambda.";
        check("InvalidParameterValueException", assumed, 400, Meaning::Settling);
        let grant = "Lambda was unable to configure access to your environment variables because the KMS key is \
            invalid for CreateGrant. Please check your KMS key settings.";
        check("InvalidParameterValueException", grant, 400, Meaning::Settling);
        let size = "Unzipped size must be smaller than 262144000 bytes";
        check("InvalidParameterValueException", size, 400, Meaning::Refused(Stale::No));
        let updating =
            "The operation cannot be performed at this time. An update is in progress for resource: f";
        check("ResourceConflictException", updating, 409, Meaning::Settling);
        let exists = "Function already exist: f";
        check("ResourceConflictException", exists, 409, Meaning::Refused(Stale::Conflict));
        let concurrent =
            "Unable to complete operation due to concurrent modification. Please try again later.";
        check("ConflictException", concurrent, 409, Meaning::Settling);
        let route = "Route with key GET / already exists for this API";
        check("ConflictException", route, 409, Meaning::Refused(Stale::Conflict));
    }

    #[test]
    fn throttling_is_known_by_every_name_that_a_service_has_for_it() {
        for code in ["Throttling", "ThrottlingException", "TooManyRequestsException", "RequestLimitExceeded"]
        {
            check(code, "Rate exceeded", 400, Meaning::Throttled);
        }
        check("SomethingNew", "slow down", 429, Meaning::Throttled);
    }

    #[test]
    fn an_error_of_a_server_leaves_open_what_happened() {
        check("ServiceException", "", 500, Meaning::Lost);
        check("without a code", "", 503, Meaning::Lost);
    }

    #[test]
    fn credentials_and_rights_are_told_apart() {
        check("ExpiredTokenException", "", 403, Meaning::Expired);
        check("InvalidClientTokenId", "", 403, Meaning::BadCredentials);
        check("AccessDenied", "", 403, Meaning::Denied);
        check("AccessDeniedException", "", 403, Meaning::Denied);
    }

    #[test]
    fn the_denied_action_and_resource_are_taken_from_what_aws_says() {
        let message = "User: arn:aws:iam::123456789012:user/me is not authorized to perform: iam:PassRole on \
            resource: arn:aws:iam::123456789012:role/hello-dev because no identity-based policy allows the \
            iam:PassRole action";
        let resource = "arn:aws:iam::123456789012:role/hello-dev";
        assert_eq!(denied(message), Some(("iam:PassRole".to_owned(), resource.to_owned())));
        assert_eq!(denied("Forbidden"), None);
    }
}
