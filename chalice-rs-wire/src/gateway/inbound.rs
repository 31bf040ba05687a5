//! The way in: what the gateway refuses, and what a function sees of the rest.

use std::borrow::Cow;

use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{StatusCode, Uri, Version};
use percent_encoding::percent_decode_str;

use super::{Arrival, Request, limit};
use crate::http_v2::{self, Pairs, RequestContext};

/// Why the gateway answers by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The target is not a path.
    NoPath,
    /// Request line and headers are over [`limit::HEAD`].
    HeadTooLarge,
    /// The body is over [`limit::BODY`], or the event made of it over [`limit::EVENT`].
    BodyTooLarge,
    /// No route takes this method and path.
    NoRoute,
    /// It does not say who calls, or not so that anybody could believe it.
    Unauthorized {
        /// What `www-authenticate` says.
        challenge: Option<String>,
    },
    /// Whoever calls may not.
    Forbidden,
    /// Whether the caller may could not be found out.
    NoVerdict,
}

impl Refusal {
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::NoPath => StatusCode::BAD_REQUEST,
            Self::HeadTooLarge => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NoRoute => StatusCode::NOT_FOUND,
            Self::Unauthorized { .. } => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NoVerdict => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    pub(super) fn message(&self) -> &'static str {
        match self {
            Self::NoPath => "Bad Request",
            Self::HeadTooLarge => "Request Header Fields Too Large",
            Self::BodyTooLarge => "Request Entity Too Large",
            Self::NoRoute => "Not Found",
            Self::Unauthorized { .. } => "Unauthorized",
            Self::Forbidden => "Forbidden",
            Self::NoVerdict => "Internal Server Error",
        }
    }
}

/// Refuses what no function gets to see.
pub(super) fn check(request: &Request) -> Result<(), Refusal> {
    if !request.uri().path().starts_with('/') {
        return Err(Refusal::NoPath);
    }
    let target = request.uri().path_and_query().map_or(0, |target| target.as_str().len());
    let line = request.method().as_str().len() + " ".len() + target + " HTTP/1.1\r\n".len();
    let values: usize = request.headers().values().map(HeaderValue::len).sum();
    if line + values > limit::HEAD {
        return Err(Refusal::HeadTooLarge);
    }
    if request.body().len() > limit::BODY {
        return Err(Refusal::BodyTooLarge);
    }
    Ok(())
}

/// The path with its percent escapes undone. API Gateway does so before it looks for a route: an
/// escaped slash is a slash.
pub(super) fn decoded_path(uri: &Uri) -> Cow<'_, str> {
    percent_decode_str(uri.path()).decode_utf8_lossy()
}

/// What a function sees of a request, but for the route.
pub(super) fn request<'r>(
    request: &'r Request,
    decoded_path: &'r str,
    arrival: &Arrival,
) -> http_v2::Request<'r> {
    // Measured on AWS: the decoded path is read as a target once more, so that an escaped question
    // mark ends it. The parameters are not affected.
    let raw_path = decoded_path.split_once('?').map_or(decoded_path, |(path, _)| path);
    let host = host(request);
    let domain_name = split(&host).0.to_owned();
    let domain_prefix = domain_name.split('.').next().unwrap_or_default().to_owned();
    let user_agent = request.headers().get(header::USER_AGENT).map(text).unwrap_or_default();
    http_v2::Request {
        raw_path: raw_path.into(),
        raw_query: request.uri().query().unwrap_or_default().into(),
        headers: headers(request, &host, arrival).into(),
        context: RequestContext {
            account_id: ACCOUNT.into(),
            api_id: API.into(),
            authorizer: Cow::default(),
            domain_name: domain_name.into(),
            domain_prefix: domain_prefix.into(),
            method: request.method().as_str().into(),
            path: raw_path.into(),
            protocol: protocol(request.version()).into(),
            source_ip: arrival.client.ip().to_string().into(),
            user_agent,
            request_id: arrival.request_id().into(),
            stage: "$default".into(),
            time: arrival.time,
        },
        body: request.body().as_slice().into(),
        ..http_v2::Request::default()
    }
}

/// Nobody's account: AWS's documentation uses this number in examples.
pub(super) const ACCOUNT: &str = "123456789012";

/// An id that no API on AWS has; theirs have ten characters.
pub(super) const API: &str = "local";

/// The headers a function sees. Joining repeats and moving cookies is the encoder's.
fn headers(request: &Request, host: &str, arrival: &Arrival) -> Pairs<'static> {
    let ip = arrival.client.ip().to_string();
    let chain: Vec<Cow<'_, str>> =
        request.headers().get_all(FORWARDED_FOR).iter().map(text).chain([ip.into()]).collect();
    let port = split(host).1;
    let ours = [
        (header::CONTENT_LENGTH, request.body().len().to_string()),
        (header::HOST, host.to_owned()),
        (FORWARDED_FOR, chain.join(", ")),
        (FORWARDED_PORT, port.to_owned()),
        (FORWARDED_PROTO, "http".to_owned()),
        (TRACE, trace_id(request, arrival)),
    ];

    let mut theirs = request.headers().clone();
    drop_hop_by_hop(&mut theirs);
    for (name, _) in &ours {
        theirs.remove(name);
    }
    let theirs = theirs.iter().map(|(name, value)| (name.clone(), text(value).into_owned()));
    theirs.chain(ours).map(|(name, value)| (name.as_str().to_owned().into(), value.into())).collect()
}

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PORT: HeaderName = HeaderName::from_static("x-forwarded-port");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const TRACE: HeaderName = HeaderName::from_static("x-amzn-trace-id");

/// The trace this request belongs to: the client's, where it says one, else a new one.
pub(super) fn trace_id(request: &Request, arrival: &Arrival) -> String {
    let given = request.headers().get(TRACE).and_then(|value| value.to_str().ok());
    given.filter(|id| id.starts_with("Root=")).map_or_else(|| arrival.trace_id(), str::to_owned)
}

/// The host the client called. An absolute target outranks the header (RFC 9112, section 3.2.2).
fn host(request: &Request) -> Cow<'_, str> {
    match request.uri().authority() {
        Some(authority) => Cow::Borrowed(authority.as_str()),
        None => request.headers().get(header::HOST).map(text).unwrap_or_default(),
    }
}

/// A host's name and port; the colons of an IPv6 address belong to the name.
fn split(host: &str) -> (&str, &str) {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (name, port),
        _ => (host, "80"),
    }
}

/// A header's value as text. What is not UTF-8 is Latin-1, as HTTP's older clients mean it.
fn text(value: &HeaderValue) -> Cow<'_, str> {
    match std::str::from_utf8(value.as_bytes()) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => value.as_bytes().iter().map(|byte| char::from(*byte)).collect(),
    }
}

fn protocol(version: Version) -> &'static str {
    match version {
        Version::HTTP_10 => "HTTP/1.0",
        Version::HTTP_2 => "HTTP/2.0",
        _ => "HTTP/1.1",
    }
}

/// Removes the headers that are about one connection (RFC 9110, section 7.6.1).
pub(super) fn drop_hop_by_hop(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named.into_iter().chain(HOP_BY_HOP) {
        headers.remove(name);
    }
}

const HOP_BY_HOP: [HeaderName; 8] = [
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    header::EXPECT,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];
