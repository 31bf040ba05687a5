//! One invocation: event bytes in, payload bytes out, whatever happens in between.

use std::borrow::Cow;

use chalice_rs_manifest::Method;
use chalice_rs_wire::gateway::limit;
use chalice_rs_wire::http_v2::{WireError, decode_request, encode_response};
use http::StatusCode;
use http::header::{ALLOW, HeaderValue};

use crate::error::INTERNAL;
use crate::extract::Extensions;
use crate::handler::Outcome;
use crate::log::{self, Level};
use crate::middleware::Chain;
use crate::router::{ByPath, Found};
use crate::settle::{guarded, meant, settled};
use crate::{App, Context, Error, IntoResponse, Request, Response};

/// Answers an event. Each event has an answer: what cannot be read, what no route takes and what
/// goes wrong in a handler are answers too.
pub(crate) async fn invoke(app: &App, context: &Context, event: &[u8]) -> Vec<u8> {
    match decode_request(event) {
        Ok(wire) => {
            let mut request = Request { wire, event, context, app, extensions: Extensions::default() };
            let mut found = app.router.find(&request.wire);
            if let Found::Handler(_, by_path) = &mut found
                && let Some(ByPath { key, parameters }) = by_path.take()
            {
                request.wire.route_key = Cow::Borrowed(key);
                request.wire.path_parameters = parameters;
            }
            let told = app.cors.and_then(|cors| cors.preflight(&request));
            let response = match (&app.middleware, around(&found)) {
                // Whoever answers browsers is asked before anybody else.
                _ if told.is_some() => told.unwrap_or_default(),
                // Nothing is boxed that need not be.
                (None, None) => match routed(&found, &request).await {
                    Ok(response) => response,
                    Err(error) => Box::pin(settled(error, &request)).await,
                },
                (Some(chain), inner) => chain.run(inner, &found, &request).await,
                (None, Some(chain)) => chain.run(None, &found, &request).await,
            };
            let payload = payload(&request, response);
            if payload.len() <= limit::PAYLOAD {
                return payload;
            }
            Box::pin(instead(payload.len(), &request)).await
        }
        Err(error) => encode_response(&unreadable(error)),
    }
}

/// The payload in the place of one of this size, which Lambda does not take.
#[cold]
async fn instead(size: usize, request: &Request<'_>) -> Vec<u8> {
    let response = settled(too_large(size), request).await;
    let first = payload(request, response);
    if first.len() <= limit::PAYLOAD {
        return first;
    }
    payload(request, too_large(first.len()).into_response())
}

/// The answer as bytes, with what the pages of other sites need to read it.
fn payload(request: &Request<'_>, response: Response) -> Vec<u8> {
    let response = match request.app.cors {
        None => response,
        Some(cors) => cors.share(request, response),
    };
    encode_response(&response)
}

/// The middleware of the blueprints that the request's route is in.
fn around(found: &Found<'_>) -> Option<&'static Chain> {
    match found {
        Found::Handler(route, _) => route.around,
        Found::OtherMethods(_) | Found::Nothing => None,
    }
}

/// What comes of a request that has found its way.
pub(crate) async fn routed<'r>(found: &Found<'_>, request: &'r Request<'r>) -> Outcome {
    match found {
        Found::Handler(route, _) => guarded(|| (route.call)(request)).await,
        Found::OtherMethods(methods) => Err(not_allowed(request.method(), methods)),
        Found::Nothing => match request.app.not_found {
            None => Err(Error::not_found("Not Found")),
            Some(call) => {
                let mut response = Box::pin(guarded(|| call(request))).await?;
                response.status = meant(response.status, StatusCode::NOT_FOUND);
                Ok(response)
            }
        },
    }
}

/// What is wrong with an answer of this size.
pub(crate) fn too_large(size: usize) -> Error {
    let cause = format!("the answer is {size} bytes; Lambda takes at most {}", limit::PAYLOAD);
    Error::internal(INTERNAL).because(cause)
}

fn not_allowed(method: &str, others: &[Method]) -> Error {
    let allow = others.iter().map(|method| method.as_str()).collect::<Vec<_>>().join(", ");
    let error = Error::method_not_allowed(format!("Unsupported method: {method}"));
    match HeaderValue::from_str(&allow) {
        Ok(allow) => error.with_header(ALLOW, allow),
        Err(_) => error,
    }
}

fn unreadable(error: WireError) -> Response {
    log::write(Level::Error, format_args!("{error}"), &[]);
    let message = error.to_string();
    match error {
        // Whoever made the event made this mistake.
        WireError::Malformed { .. } | WireError::Base64 { .. } => Error::bad_request(message),
        // The integration was set up for another format.
        WireError::OtherFormat { .. } | WireError::InvalidResponse { .. } => Error::internal(message),
    }
    .into_response()
}
