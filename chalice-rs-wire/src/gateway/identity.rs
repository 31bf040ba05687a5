//! The parts of a request that say who calls.
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html>

use chalice_rs_manifest::Identity;

use crate::http_v2;

/// The value of an identity source; what is empty is missing.
pub(super) fn value(source: &Identity, request: &http_v2::Request<'_>) -> Option<String> {
    let found = match source {
        Identity::Header(name) => joined(
            request
                .headers
                .iter()
                .filter(|(found, _)| found.eq_ignore_ascii_case(name))
                .map(|(_, value)| value.to_owned()),
        ),
        Identity::Query(name) => joined(
            request.query_pairs().filter(|(found, _)| found == name).map(|(_, value)| value.into_owned()),
        ),
        Identity::Context(name) => context(name, request),
        Identity::StageVariable(name) => {
            let mut variables = request.stage_variables.iter();
            variables.find(|(found, _)| found == name).map(|(_, value)| value.clone().into_owned())
        }
    };
    found.filter(|value| !value.is_empty())
}

/// Repeats are one value, as the function sees them.
fn joined(values: impl Iterator<Item = String>) -> Option<String> {
    let values: Vec<String> = values.collect();
    (!values.is_empty()).then(|| values.join(","))
}

/// What is known of a request before a function has it.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html>
fn context(name: &str, request: &http_v2::Request<'_>) -> Option<String> {
    let context = &request.context;
    let value = match name {
        "accountId" => &context.account_id,
        "apiId" => &context.api_id,
        "domainName" => &context.domain_name,
        "domainPrefix" => &context.domain_prefix,
        "httpMethod" => &context.method,
        "identity.sourceIp" => &context.source_ip,
        "identity.userAgent" => &context.user_agent,
        "path" => &context.path,
        "protocol" => &context.protocol,
        "requestId" => &context.request_id,
        "routeKey" => &request.route_key,
        "stage" => &context.stage,
        "requestTime" => return Some(context.time.common_log().to_string()),
        "requestTimeEpoch" => return Some(context.time.epoch_millis.to_string()),
        _ => return None,
    };
    Some(value.clone().into_owned())
}
