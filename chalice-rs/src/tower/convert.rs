//! Requests and answers as `http` has them, and as we have them.

use std::borrow::Cow;

use bytes::Bytes;
use chalice_rs_wire::http_v2;
use http::header::{COOKIE, HeaderMap, HeaderName, HeaderValue};
use http::{Method, Uri};
use http_body::Body;
use http_body_util::{BodyExt, Full};
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use super::{BoxError, Event};
use crate::extract::Extensions;
use crate::{Error, Request, Response};

/// The request for a service that knows this path, which is percent-encoded.
pub(super) fn outgoing(request: &Request<'_>, path: &str) -> Result<http::Request<Full<Bytes>>, Error> {
    let query = request.query();
    let target =
        if query.is_empty() { path.to_owned() } else { format!("{path}?{}", encoded(query, NOT_IN_A_QUERY)) };
    let mut out = http::Request::new(Full::new(Bytes::copy_from_slice(request.body())));
    *out.method_mut() = Method::from_bytes(request.method().as_bytes())?;
    *out.uri_mut() = Uri::try_from(target)?;
    *out.headers_mut() = headers(request);
    out.extensions_mut().insert(request.context().clone());
    out.extensions_mut().insert(Event(Bytes::copy_from_slice(request.event())));
    Ok(out)
}

/// The request as a layer passed it on: what it changed is changed.
pub(super) async fn incoming<'r, B>(
    original: &Request<'r>,
    sent: &Uri,
    changed: http::Request<B>,
) -> Result<(http_v2::Request<'r>, Extensions), Error>
where
    B: Body<Error: Into<BoxError>>,
{
    let (head, body) = changed.into_parts();
    let body = collected(body).await?;
    let mut wire = original.wire.clone();
    let text = |value: &HeaderValue| match std::str::from_utf8(value.as_bytes()) {
        Ok(text) => text.to_owned(),
        Err(_) => value.as_bytes().iter().map(|byte| char::from(*byte)).collect(),
    };
    let mut headers = http_v2::Pairs::new();
    wire.cookies.clear();
    for (name, value) in &head.headers {
        if *name == COOKIE {
            wire.cookies.extend(text(value).split(';').map(|cookie| cookie.trim().to_owned().into()));
            continue;
        }
        match headers.iter_mut().find(|(found, _)| found == name.as_str()) {
            Some((_, joined)) => {
                let joined = joined.to_mut();
                joined.push(',');
                joined.push_str(&text(value));
            }
            None => headers.push((name.as_str().to_owned().into(), text(value).into())),
        }
    }
    wire.headers = headers.into();
    wire.context.method = head.method.as_str().to_owned().into();
    if head.uri.path() != sent.path() {
        let path = head.uri.path();
        let decoded = percent_decode_str(path).decode_utf8_lossy().into_owned();
        let raw = if is_encoded(original) { path.to_owned() } else { decoded.clone() };
        (wire.raw_path, wire.context.path) = (raw.into(), decoded.into());
    }
    if head.uri.query() != sent.query() {
        wire.raw_query = head.uri.query().unwrap_or_default().to_owned().into();
    }
    wire.body = Cow::Owned(body.into());
    Ok((wire, original.extensions.with_http(head.extensions)))
}

/// The answer of a service.
pub(super) async fn answer<B>(response: http::Response<B>) -> Result<Response, Error>
where
    B: Body<Error: Into<BoxError>>,
{
    let (head, body) = response.into_parts();
    let headers = head.headers.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    let body = collected(body).await?.into();
    Ok(Response { status: head.status, headers, body, ..Response::default() })
}

/// An answer for a layer.
pub(super) fn response(answer: Response) -> http::Response<Full<Bytes>> {
    let mut response = http::Response::new(Full::new(Bytes::from(answer.body)));
    *response.status_mut() = answer.status;
    for (name, value) in answer.headers {
        response.headers_mut().append(name, value);
    }
    for cookie in answer.cookies {
        response.headers_mut().append(http::header::SET_COOKIE, cookie);
    }
    response
}

/// The path of the request, percent-encoded.
pub(super) fn encoded_path<'q>(request: &'q Request<'_>) -> Cow<'q, str> {
    if is_encoded(request) {
        return request.wire.raw_path.as_ref().into();
    }
    encoded(request.path(), NOT_IN_A_PATH)
}

/// The path below a mount, percent-encoded, of which an HTTP API gives the decoded `rest`.
pub(super) fn encoded_rest(request: &Request<'_>, rest: &str) -> String {
    if is_encoded(request) {
        let raw = request.wire.raw_path.as_ref();
        let slashes = raw.char_indices().filter(|(_, letter)| *letter == '/').map(|(at, _)| &raw[at..]);
        let same = |end: &&str| percent_decode_str(&end[1..]).decode_utf8_lossy() == rest;
        if let Some(end) = slashes.into_iter().find(same) {
            return end.to_owned();
        }
    }
    format!("/{}", encoded(rest, NOT_IN_A_PATH))
}

/// A function URL leaves the path as the client sent it; an HTTP API decodes it.
fn is_encoded(request: &Request<'_>) -> bool {
    request.wire.context.domain_name.contains(".lambda-url.")
}

fn encoded<'t>(text: &'t str, set: &'static AsciiSet) -> Cow<'t, str> {
    utf8_percent_encode(text, set).into()
}

/// What a client would have escaped in a path.
const NOT_IN_A_PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// What `http` refuses in a query. It has its escapes already.
const NOT_IN_A_QUERY: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>');

/// The headers, with the cookies among them.
fn headers(request: &Request<'_>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let pairs = request.headers().filter_map(|(name, value)| {
        Some((HeaderName::try_from(name).ok()?, HeaderValue::from_bytes(value.as_bytes()).ok()?))
    });
    headers.extend(pairs);
    // A function URL has them in both places.
    if !headers.contains_key(COOKIE)
        && let Ok(cookies) = HeaderValue::try_from(request.wire.cookies.join("; "))
        && !cookies.is_empty()
    {
        headers.insert(COOKIE, cookies);
    }
    headers
}

async fn collected<B>(body: B) -> Result<Bytes, Error>
where
    B: Body<Error: Into<BoxError>>,
{
    match body.collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) => Err(failed(error)),
    }
}

/// An error of a service, as the private cause of a 500.
pub(super) fn failed(error: impl Into<BoxError>) -> Error {
    Error::internal(crate::error::INTERNAL).because(error)
}
