//! What AWS documents that it refuses and MiniStack accepts, beyond the form of a single request.
//!
//! No state is kept here: what the rules need to know they ask MiniStack, as the account that made the call.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::Full;
use serde_json::Value;

use super::http::exchange;
use super::local_aws::LocalAws;
use super::model::Call;

/// An answer that AWS would give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub status: u16,
    pub code: &'static str,
    pub message: String,
}

/// Why AWS would refuse a call.
pub async fn refusal(aws: &LocalAws, call: &Call) -> Option<Refusal> {
    if let Some(problem) = aws.models.problems(call).into_iter().next() {
        let code = match call.service {
            "apigatewayv2" => "BadRequestException",
            "lambda" => "ValidationException",
            "logs" => "InvalidParameterException",
            _ => "ValidationError",
        };
        return Some(Refusal { status: 400, code, message: problem });
    }
    let ask = Ask { aws, call };
    match (call.service, call.operation.as_str()) {
        ("apigatewayv2", _) => gateway(&ask).await,
        ("lambda", _) => lambda(&ask).await,
        ("iam", "CreateRole" | "UpdateAssumeRolePolicy") => trust(call),
        _ => None,
    }
}

async fn gateway(ask: &Ask<'_>) -> Option<Refusal> {
    let call = ask.call;
    let api = format!("/v2/apis/{}", call.text("apiId"));
    match call.operation.as_str() {
        "CreateApi" | "UpdateApi" => {
            let cors = &call.input["corsConfiguration"];
            let any =
                cors["allowOrigins"].as_array().is_some_and(|all| all.iter().any(|origin| origin == "*"));
            refuse_if(
                any && cors["allowCredentials"] == true,
                bad("`*` cannot be allowed together with credentials"),
            )
        }
        "CreateIntegration" => {
            let lambda = call.text("integrationType") == "AWS_PROXY";
            let version = call.text("payloadFormatVersion");
            refuse_if(
                lambda && !matches!(version, "1.0" | "2.0"),
                bad("PayloadFormatVersion is a required parameter for integration type AWS_PROXY"),
            )
            .or_else(|| {
                let uri = call.text("integrationUri");
                refuse_if(
                    lambda && !(uri.starts_with("arn:") && uri.contains(":lambda:")),
                    bad("Invalid function ARN or invalid uri"),
                )
            })
        }
        "CreateAuthorizer" => {
            let authorizers = ask.items("apigateway", &format!("{api}/authorizers")).await;
            let name = &call.input["name"];
            refuse_if(
                authorizers.iter().any(|found| found["name"] == *name),
                conflict(&format!("Authorizer with name {name} already exists")),
            )
            .or_else(|| refuse_if(authorizers.len() >= 10, bad("Maximum number of Authorizers exceeded")))
            .or_else(|| authorizer(call))
        }
        "UpdateAuthorizer" | "DeleteAuthorizer" => {
            let id = &call.input["authorizerId"];
            let authorizers = ask.items("apigateway", &format!("{api}/authorizers")).await;
            let there = authorizers.iter().any(|found| found["authorizerId"] == *id);
            let routes = ask.items("apigateway", &format!("{api}/routes")).await;
            let used = routes.iter().any(|route| route["authorizerId"] == *id);
            refuse_if(!there, not_found("Invalid Authorizer identifier")).or_else(|| {
                refuse_if(
                    used && call.operation == "DeleteAuthorizer",
                    conflict("Cannot delete Authorizer that is referenced by a Route"),
                )
            })
        }
        "CreateRoute" | "UpdateRoute" => {
            let authorizers = ask.items("apigateway", &format!("{api}/authorizers")).await;
            if let Some(refusal) = authorization(call, &authorizers) {
                return Some(refusal);
            }
            let key = call.text("routeKey");
            if (call.operation == "CreateRoute" || !key.is_empty()) && !is_route_key(key) {
                return Some(bad(&format!(
                    "The provided route key is not formatted properly for HTTP protocol: {key}"
                )));
            }
            let same = |route: &Value| {
                route["routeId"] != call.input["routeId"]
                    && unnamed(route["routeKey"].as_str().unwrap_or_default()) == unnamed(key)
            };
            let routes = ask.items("apigateway", &format!("{api}/routes")).await;
            if !key.is_empty() && routes.iter().any(same) {
                return Some(conflict(&format!("Route with key {key} already exists for this API")));
            }
            let target = call.text("target").strip_prefix("integrations/")?;
            let integrations = ask.items("apigateway", &format!("{api}/integrations")).await;
            refuse_if(
                !integrations.iter().any(|integration| integration["integrationId"] == target),
                not_found(&format!("Unable to find Integration with id {target}")),
            )
        }
        "DeleteRoute" | "GetRoute" => {
            let routes = ask.items("apigateway", &format!("{api}/routes")).await;
            let id = &call.input["routeId"];
            refuse_if(
                !routes.iter().any(|route| route["routeId"] == *id),
                not_found("Invalid route identifier"),
            )
        }
        "DeleteIntegration" => {
            let target = format!("integrations/{}", call.text("integrationId"));
            let routes = ask.items("apigateway", &format!("{api}/routes")).await;
            refuse_if(
                routes.iter().any(|route| route["target"] == target),
                conflict("Cannot delete Integration that is referenced by a Route"),
            )
        }
        "CreateStage" | "DeleteStage" => {
            let name = call.text("stageName");
            let there = ask
                .items("apigateway", &format!("{api}/stages"))
                .await
                .iter()
                .any(|stage| stage["stageName"] == name);
            let legal = name == "$default"
                || (!name.is_empty()
                    && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
            if call.operation == "DeleteStage" {
                return refuse_if(!there, not_found("Invalid stage identifier"));
            }
            refuse_if(there, conflict("Stage already exists"))
                .or_else(|| refuse_if(!legal, bad("Invalid stage name")))
        }
        _ => None,
    }
}

/// <https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-authorizers.html>
fn authorizer(call: &Call) -> Option<Refusal> {
    let sources = call.input["identitySource"].as_array().map_or(0, Vec::len);
    let jwt = &call.input["jwtConfiguration"];
    let uri = call.text("authorizerUri");
    match call.text("authorizerType") {
        "JWT" => refuse_if(
            !jwt["issuer"].as_str().is_some_and(|issuer| issuer.starts_with("https://"))
                || jwt["audience"].as_array().is_none_or(Vec::is_empty),
            bad("A JWT authorizer has an issuer with `https://`, and audiences"),
        )
        .or_else(|| refuse_if(sources != 1, bad("A JWT authorizer has one identity source"))),
        _ => refuse_if(
            !(uri.contains(":lambda:path/2015-03-31/functions/arn:") && uri.ends_with("/invocations")),
            bad("Invalid Authorizer URI"),
        )
        .or_else(|| {
            let version = call.text("authorizerPayloadFormatVersion");
            refuse_if(
                !matches!(version, "1.0" | "2.0"),
                bad("AuthorizerPayloadFormatVersion is a required parameter"),
            )
        })
        .or_else(|| {
            let ttl = call.input["authorizerResultTtlInSeconds"].as_u64().unwrap_or_default();
            refuse_if(ttl > 0 && sources == 0, bad("Caching needs an identity source"))
        }),
    }
}

/// A route's authorization and its authorizer go together, and are told together.
/// <https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-routes.html>
fn authorization(call: &Call, authorizers: &[Value]) -> Option<Refusal> {
    let id = call.text("authorizerId");
    let found = authorizers.iter().find(|found| found["authorizerId"] == id);
    let needed = match call.text("authorizationType") {
        "JWT" => Some("JWT"),
        "CUSTOM" => Some("REQUEST"),
        _ => None,
    };
    let scopes = call.input["authorizationScopes"].as_array().is_some_and(|scopes| !scopes.is_empty());
    refuse_if(!id.is_empty() && found.is_none(), not_found("Invalid Authorizer identifier"))
        .or_else(|| {
            let wrong = found.map(|found| found["authorizerType"].as_str().unwrap_or_default()) != needed;
            refuse_if(wrong, bad("Unable to update route. Authorizer type is invalid or null"))
        })
        .or_else(|| refuse_if(scopes && needed != Some("JWT"), bad("Scopes are for JWT authorizers")))
}

async fn lambda(ask: &Ask<'_>) -> Option<Refusal> {
    let call = ask.call;
    // A function's full ARN, or its name with a version, may stand where its name is asked for.
    let name = call.text("FunctionName");
    let name =
        name.split_once(":function:").map_or(name, |(_, name)| name).split(':').next().unwrap_or_default();
    let function = format!("/2015-03-31/functions/{name}");
    match call.operation.as_str() {
        "CreateFunction" => match limits(call).or_else(|| environment(call)) {
            None => ask.role(call.text("Role")).await,
            refusal => refusal,
        },
        "UpdateFunctionCode" | "UpdateFunctionConfiguration" | "PublishVersion" => {
            let busy = ask.busy(&function).await;
            if busy.is_some() {
                return busy;
            }
            if let Some(refusal) = limits(call).or_else(|| environment(call)) {
                return Some(refusal);
            }
            match call.text("Role") {
                "" => None,
                role => ask.role(role).await,
            }
        }
        "Invoke" => {
            let configuration = ask.get("lambda", &format!("{function}/configuration")).await?;
            // A published version is ready whatever becomes of the newest code.
            refuse_if(
                configuration["State"] == "Pending" && call.text("Qualifier").is_empty(),
                resource_conflict("The function is currently in the following state: Pending"),
            )
        }
        "CreateAlias" | "UpdateAlias" => {
            let version = call.text("FunctionVersion");
            let versions = ask.get("lambda", &format!("{function}/versions")).await?;
            let there = versions["Versions"]
                .as_array()
                .is_some_and(|all| all.iter().any(|one| one["Version"] == version));
            refuse_if(
                !version.is_empty() && !there,
                lambda_not_found(&format!("Function not found: {name}:{version}")),
            )
        }
        "AddPermission" | "GetPolicy" | "RemovePermission" => {
            let qualifier = call.text("Qualifier");
            if qualifier.is_empty() || qualifier.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            let alias = ask.get("lambda", &format!("{function}/aliases/{qualifier}")).await;
            refuse_if(
                alias.is_none(),
                lambda_not_found(&format!("Cannot find alias arn: {name}:{qualifier}")),
            )
        }
        "DeleteFunction" => {
            let version = call.text("Qualifier");
            let aliases = ask.get("lambda", &format!("{function}/aliases")).await?;
            let used = aliases["Aliases"]
                .as_array()
                .is_some_and(|all| all.iter().any(|alias| alias["FunctionVersion"] == version));
            refuse_if(!version.is_empty() && used, resource_conflict("Version is referenced by an alias"))
        }
        _ => None,
    }
}

/// The description allows what only other kinds of functions may have, and a name as long as a full ARN.
/// <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
fn limits(call: &Call) -> Option<Refusal> {
    let over = |name: &str, most: u64| call.input[name].as_u64().is_some_and(|value| value > most);
    let refused = if over("Timeout", 900) {
        "Timeout"
    } else if over("MemorySize", 10_240) {
        "MemorySize"
    } else if !call.text("FunctionName").starts_with("arn:") && call.text("FunctionName").len() > 64 {
        "FunctionName"
    } else {
        return None;
    };
    Some(Refusal {
        status: 400,
        code: "ValidationException",
        message: format!("`{refused}` is over its limit"),
    })
}

/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html>
fn environment(call: &Call) -> Option<Refusal> {
    const RESERVED: [&str; 20] = [
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
        "AWS_DEFAULT_REGION",
        "AWS_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_LAMBDA_MAX_CONCURRENCY",
        "AWS_LAMBDA_METADATA_API",
        "LAMBDA_TASK_ROOT",
        "LAMBDA_RUNTIME_DIR",
    ];
    let variables = call.input["Environment"]["Variables"].as_object()?;
    if let Some(name) = variables.keys().find(|name| RESERVED.contains(&name.as_str())) {
        return Some(invalid(&format!(
            "Lambda was unable to configure your environment variables because {name} is reserved"
        )));
    }
    let size = serde_json::to_string(variables).map_or(0, |text| text.len());
    refuse_if(size > 4096, invalid("Lambda was unable to configure your environment variables: over 4KB"))
}

/// A trust policy is JSON that lets somebody assume the role.
fn trust(call: &Call) -> Option<Refusal> {
    let text = match call.operation.as_str() {
        "CreateRole" => call.text("AssumeRolePolicyDocument"),
        _ => call.text("PolicyDocument"),
    };
    let policy: Value = serde_json::from_str(text).unwrap_or_default();
    let statements = policy["Statement"].as_array().cloned().unwrap_or_default();
    let whole = !statements.is_empty()
        && statements
            .iter()
            .all(|one| one["Effect"].is_string() && !one["Principal"].is_null() && !one["Action"].is_null());
    refuse_if(
        !whole,
        Refusal {
            status: 400,
            code: "MalformedPolicyDocument",
            message: "This policy contains invalid Json".to_owned(),
        },
    )
}

/// Asks MiniStack as the account that made a call.
struct Ask<'a> {
    aws: &'a LocalAws,
    call: &'a Call,
}

impl Ask<'_> {
    async fn get(&self, service: &str, path: &str) -> Option<Value> {
        let request = Request::get(path).body(Full::default()).unwrap();
        let answer = self.send(service, request).await?;
        serde_json::from_slice(&answer).ok()
    }

    async fn items(&self, service: &str, path: &str) -> Vec<Value> {
        let list = self.get(service, path).await.unwrap_or_default();
        list["items"].as_array().cloned().unwrap_or_default()
    }

    /// Updates of one function exclude each other, and all wait for its creation.
    async fn busy(&self, function: &str) -> Option<Refusal> {
        let configuration = self.get("lambda", &format!("{function}/configuration")).await?;
        // MiniStack also says `Pending` during an update, where AWS keeps `Active`; both are refused alike.
        let busy = configuration["State"] == "Pending" || configuration["LastUpdateStatus"] == "InProgress";
        refuse_if(
            busy,
            resource_conflict("The operation cannot be performed at this time. An update is in progress"),
        )
    }

    /// A function's role exists and trusts Lambda.
    async fn role(&self, arn: &str) -> Option<Refusal> {
        let name = arn.rsplit('/').next().unwrap_or_default();
        let body = format!("Action=GetRole&Version=2010-05-08&RoleName={name}");
        let request = Request::post("/")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Full::new(Bytes::from(body)))
            .unwrap();
        let answer = self.send("iam", request).await.unwrap_or_default();
        let answer = percent_encoding::percent_decode(&answer).decode_utf8_lossy().into_owned();
        refuse_if(
            !answer.contains("lambda.amazonaws.com"),
            invalid("The role defined for the function cannot be assumed by Lambda."),
        )
    }

    async fn send(&self, service: &str, mut request: Request<Full<Bytes>>) -> Option<Bytes> {
        let scope = format!(
            "AWS4-HMAC-SHA256 Credential={}/20261122/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature={}",
            self.call.account,
            BASE64_STANDARD.encode("rules")
        );
        request.headers_mut().insert("authorization", scope.parse().ok()?);
        request.headers_mut().insert("host", self.aws.endpoint.to_string().parse().ok()?);
        let answer = exchange(self.aws.endpoint, request).await.ok()?;
        (answer.status() == StatusCode::OK).then(|| answer.into_body())
    }
}

/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html>
fn is_route_key(key: &str) -> bool {
    const METHODS: [&str; 8] = ["ANY", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    if key == "$default" {
        return true;
    }
    let Some((method, path)) = key.split_once(' ') else { return false };
    let Some(path) = path.strip_prefix('/') else { return false };
    if !METHODS.contains(&method) {
        return false;
    }
    let segments: Vec<&str> = path.split('/').collect();
    path.is_empty()
        || segments.iter().enumerate().all(|(index, segment)| {
            match segment.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                Some(name) => {
                    let (name, greedy) = name.strip_suffix('+').map_or((name, false), |name| (name, true));
                    is_word(name) && (!greedy || index + 1 == segments.len())
                }
                None => is_word(segment),
            }
        })
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._:-~".contains(&byte))
}

/// A route key without the names of its parameters: AWS holds two keys that differ in those only for the same.
fn unnamed(key: &str) -> String {
    let segment = |segment: &str| match segment {
        greedy if greedy.ends_with("+}") => "{+}".to_owned(),
        named if named.starts_with('{') => "{}".to_owned(),
        other => other.to_owned(),
    };
    key.split('/').map(segment).collect::<Vec<_>>().join("/")
}

fn refuse_if(condition: bool, refusal: Refusal) -> Option<Refusal> {
    condition.then_some(refusal)
}

fn bad(message: &str) -> Refusal {
    Refusal { status: 400, code: "BadRequestException", message: message.to_owned() }
}

fn conflict(message: &str) -> Refusal {
    Refusal { status: 409, code: "ConflictException", message: message.to_owned() }
}

fn not_found(message: &str) -> Refusal {
    Refusal { status: 404, code: "NotFoundException", message: message.to_owned() }
}

fn lambda_not_found(message: &str) -> Refusal {
    Refusal { status: 404, code: "ResourceNotFoundException", message: message.to_owned() }
}

fn invalid(message: &str) -> Refusal {
    Refusal { status: 400, code: "InvalidParameterValueException", message: message.to_owned() }
}

fn resource_conflict(message: &str) -> Refusal {
    Refusal { status: 409, code: "ResourceConflictException", message: message.to_owned() }
}
