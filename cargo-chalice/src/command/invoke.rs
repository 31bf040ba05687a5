//! `cargo chalice invoke`: calls a function directly, past API Gateway.

use std::io::Read;

use aws_sdk_lambda::config::timeout::TimeoutConfig;
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::LogType;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use camino::{Utf8Path, Utf8PathBuf};
use chalice_rs_wire::Moment;
use chalice_rs_wire::http_v2::{self, Request, RequestContext};
use jiff::Timestamp;
use miette::Diagnostic;
use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

use crate::aws::{Aws, AwsError, Call, Missing, Service};
use crate::cli::InvokeArgs;
use crate::command::connect::connect;
use crate::failure::{Exit, Failure, StageError};
use crate::logs::{self, Shown};
use crate::project::Project;
use crate::report::Report;
use crate::scope::LIVE;

/// The longest that Lambda lets a function run, and some time for the way.
/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html>
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(910);

/// Sends one event to the version that is live and prints the answer.
pub async fn run(args: &InvokeArgs, report: &mut Report) -> Result<Exit, Failure> {
    let event = event(args)?;
    let project = Project::find(&args.project)?;
    let aws = connect(&project, &args.aws, report).await?;
    let function = match &args.name {
        Some(name) => logs::full_name(&aws.scope, name),
        None => aws.scope.name(),
    };
    let answer = call(&aws, &function, event, args).await?;
    for line in answer.log.lines() {
        let line = logs::parse(line);
        report.note(&Shown { logged: Timestamp::now(), function: None, line: &line }.to_string());
    }
    if let Some(error) = answer.error {
        return Err(error.into());
    }
    let json: Value = serde_json::from_slice(&answer.payload)
        .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&answer.payload).into_owned()));
    let text = if args.path.is_some() {
        let response =
            http_v2::decode_response(&answer.payload).map_err(|source| InvokeError::NotHttp { source })?;
        report.note(&format!("HTTP {}", response.status));
        String::from_utf8_lossy(&response.body).into_owned()
    } else {
        String::from_utf8_lossy(&answer.payload).into_owned()
    };
    report.data(&text, &json);
    Ok(Exit::Success)
}

/// What came back.
struct Answer {
    payload: Vec<u8>,
    log: String,
    error: Option<InvokeError>,
}

async fn call(aws: &Aws, function: &str, event: Vec<u8>, args: &InvokeArgs) -> Result<Answer, InvokeError> {
    let patience = TimeoutConfig::builder().read_timeout(PATIENCE).build();
    let output = aws
        .write(&Call::new(Service::Lambda, "Invoke", function), || {
            aws.lambda
                .invoke()
                .function_name(function)
                .qualifier(LIVE)
                .log_type(if args.logs { LogType::Tail } else { LogType::None })
                .payload(Blob::new(event.clone()))
                .customize()
                .config_override(aws_sdk_lambda::Config::builder().timeout_config(patience.clone()))
                .send()
        })
        .await
        .or_missing()?;
    let Some(output) = output else {
        return Err(InvokeError::NotDeployed {
            function: function.to_owned(),
            stage: aws.scope.stage.to_string(),
        });
    };
    let log = output.log_result().and_then(|log| BASE64_STANDARD.decode(log).ok()).unwrap_or_default();
    let payload = output.payload.map(Blob::into_inner).unwrap_or_default();
    let error = output.function_error.map(|_| {
        let thrown: Thrown = serde_json::from_slice(&payload).unwrap_or_default();
        InvokeError::Function { function: function.to_owned(), kind: thrown.kind, message: thrown.message }
    });
    Ok(Answer { payload, log: String::from_utf8_lossy(&log).into_owned(), error })
}

/// What a function that failed answers.
/// <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html#runtimes-api-invokeerror>
#[derive(Deserialize)]
#[serde(default)]
struct Thrown {
    #[serde(rename = "errorType")]
    kind: String,
    #[serde(rename = "errorMessage")]
    message: String,
}

impl Default for Thrown {
    fn default() -> Self {
        Self { kind: "an error without a type".to_owned(), message: "no message".to_owned() }
    }
}

/// The event: what the user gives, or an HTTP request as API Gateway would write it.
fn event(args: &InvokeArgs) -> Result<Vec<u8>, InvokeError> {
    if let Some(path) = &args.path {
        return Ok(http_event(args, path));
    }
    let payload = args.payload.as_deref().unwrap_or_default();
    let (text, from) = match payload.strip_prefix('@') {
        Some(file) => (std::fs::read_to_string(file).map_err(|source| unreadable(file, source))?, file),
        None if payload == "-" => {
            let mut text = String::new();
            std::io::stdin()
                .read_to_string(&mut text)
                .map_err(|source| unreadable("standard input", source))?;
            (text, "standard input")
        }
        None => (payload.to_owned(), "--payload"),
    };
    match serde_json::from_str::<serde::de::IgnoredAny>(&text) {
        Ok(_) => Ok(text.into_bytes()),
        Err(source) => Err(InvokeError::NotJson { from: from.to_owned(), source }),
    }
}

fn unreadable(file: impl AsRef<Utf8Path>, source: std::io::Error) -> InvokeError {
    InvokeError::Unreadable { file: file.as_ref().to_owned(), source }
}

/// The route is left to the function, which finds it by the path: `$default` is what API Gateway sends then.
fn http_event(args: &InvokeArgs, target: &str) -> Vec<u8> {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    let decoded = percent_encoding::percent_decode_str(&path).decode_utf8_lossy().into_owned();
    let body = args.body.as_deref().unwrap_or_default();
    let mut headers =
        vec![("host".into(), "localhost".into()), ("user-agent".into(), "cargo-chalice".into())];
    if !body.is_empty() {
        headers.push(("content-type".into(), "application/json".into()));
        headers.push(("content-length".into(), body.len().to_string().into()));
    }
    let now = u64::try_from(Timestamp::now().as_millisecond()).unwrap_or_default();
    http_v2::encode_request(&Request {
        route_key: "$default".into(),
        raw_path: decoded.as_str().into(),
        raw_query: query.into(),
        headers: headers.into(),
        context: RequestContext {
            domain_name: "localhost".into(),
            domain_prefix: "localhost".into(),
            method: args.method.as_str().into(),
            path: decoded.as_str().into(),
            protocol: "HTTP/1.1".into(),
            source_ip: "127.0.0.1".into(),
            user_agent: "cargo-chalice".into(),
            request_id: "invoke".into(),
            stage: "$default".into(),
            time: Moment::from_epoch_millis(now),
            ..RequestContext::default()
        },
        body: body.as_bytes().into(),
        ..Request::default()
    })
}

/// Why a call came to nothing.
#[derive(Debug, Error, Diagnostic)]
pub enum InvokeError {
    #[error("`{function}` is not deployed")]
    #[diagnostic(
        code(chalice::invoke::not_deployed),
        help(
            "deploy it with `cargo chalice deploy --stage {stage}`; `--stage` and `--sandbox` say where to look"
        )
    )]
    NotDeployed { function: String, stage: String },

    #[error("`{function}` failed with `{kind}`: {message}")]
    #[diagnostic(
        code(chalice::invoke::function),
        help("`cargo chalice logs` shows what it logged; `--logs` shows it together with the call")
    )]
    Function { function: String, kind: String, message: String },

    #[error("the answer is no HTTP response")]
    #[diagnostic(
        code(chalice::invoke::not_http),
        help("call it with `--payload`, which prints any answer as it is")
    )]
    NotHttp { source: http_v2::WireError },

    #[error("{from} is not JSON: {source}")]
    #[diagnostic(
        code(chalice::invoke::not_json),
        help("write it as in --payload '{{\"name\":\"you\"}}', or name a file: --payload @event.json")
    )]
    NotJson { from: String, source: serde_json::Error },

    #[error("cannot read {file}")]
    #[diagnostic(code(chalice::invoke::unreadable), help("it must be a UTF-8 file that you may read"))]
    Unreadable { file: Utf8PathBuf, source: std::io::Error },

    #[error(transparent)]
    #[diagnostic(transparent)]
    Aws(#[from] AwsError),
}

impl StageError for InvokeError {
    fn exit(&self) -> Exit {
        match self {
            Self::NotJson { .. } | Self::Unreadable { .. } => Exit::Usage,
            Self::Aws(error) => error.exit(),
            Self::NotDeployed { .. } | Self::Function { .. } | Self::NotHttp { .. } => Exit::Failed,
        }
    }
}
