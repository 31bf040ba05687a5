//! One invocation: event bytes in, payload bytes out, whatever happens in between.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Poll;

use chalice_rs_manifest::Method;
use chalice_rs_wire::gateway::limit;
use chalice_rs_wire::http_v2::{WireError, decode_request, encode_response};
use http::header::{ALLOW, HeaderValue};

use crate::error::INTERNAL;
use crate::handler::Outcome;
use crate::log::{self, Level};
use crate::router::{Call, Found};
use crate::{App, Context, Error, IntoResponse, Request, Response};

/// Answers an event. Each event has an answer: what cannot be read, what no route takes and what
/// goes wrong in a handler are answers too.
pub(crate) async fn invoke(app: &App, context: &Context, event: &[u8]) -> Vec<u8> {
    let response = match decode_request(event) {
        Ok(wire) => {
            let mut request = Request { wire, event, context, app };
            let outcome = match app.router.find(&request.wire) {
                Found::Handler(call, parameters) => {
                    if let Some(parameters) = parameters {
                        request.wire.path_parameters = parameters;
                    }
                    guarded(call, &request).await
                }
                Found::OtherMethods(methods) => Err(not_allowed(request.method(), &methods)),
                Found::Nothing => Err(Error::not_found("Not Found")),
            };
            outcome.unwrap_or_else(settled)
        }
        Err(error) => unreadable(error),
    };
    let payload = encode_response(&response);
    if payload.len() <= limit::PAYLOAD {
        return payload;
    }
    encode_response(&too_large(payload.len()))
}

/// The answer in the place of one that Lambda does not take.
pub(crate) fn too_large(size: usize) -> Response {
    log::write(
        Level::Error,
        format_args!("the answer is {size} bytes; Lambda takes at most {}", limit::PAYLOAD),
        &[],
    );
    Error::internal(INTERNAL).into_response()
}

/// What came of the handler, or a 500 if it panics. The panic hook has logged what and where.
async fn guarded<'r>(call: Call, request: &'r Request<'r>) -> Outcome {
    let panicked = |_| Err(Error::internal(INTERNAL));
    // A handler that is not `async` has done all its work when this returns.
    let mut answer = match catch_unwind(AssertUnwindSafe(|| call(request))) {
        Ok(answer) => answer,
        Err(panic) => return panicked(panic),
    };
    poll_fn(move |task| {
        catch_unwind(AssertUnwindSafe(|| answer.as_mut().poll(task)))
            .unwrap_or_else(|panic| Poll::Ready(panicked(panic)))
    })
    .await
}

/// The answer of an error, whoever made it. All errors of all requests come here.
#[cold]
fn settled(error: Error) -> Response {
    error.log();
    error.render()
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
