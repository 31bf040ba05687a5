//! The headers that a CORS policy stands for.
//! <https://fetch.spec.whatwg.org/#http-cors-protocol>
//!
//! Whoever answers browsers uses these: the gateway where API Gateway does it, the runtime where the
//! function does. Not here: which of the two it is; see [`chalice_rs_manifest::Manifest::sharing`].

use chalice_rs_manifest::{Cors, Method, Origin};
use http::header::{self, HeaderName, HeaderValue};

/// All headers that say something about CORS.
pub const NAMES: [HeaderName; 6] = [
    header::ACCESS_CONTROL_ALLOW_ORIGIN,
    header::ACCESS_CONTROL_ALLOW_METHODS,
    header::ACCESS_CONTROL_ALLOW_HEADERS,
    header::ACCESS_CONTROL_ALLOW_CREDENTIALS,
    header::ACCESS_CONTROL_EXPOSE_HEADERS,
    header::ACCESS_CONTROL_MAX_AGE,
];

/// The headers of an answer to a page of `origin`; none for a page that may not call.
///
/// ```
/// use chalice_rs_manifest::Cors;
/// use chalice_rs_wire::cors;
///
/// let policy = Cors { origins: vec!["https://*.example.com".parse().unwrap()], ..Cors::default() };
/// let headers = cors::headers(&policy, "https://shop.example.com");
/// assert_eq!(headers[0].1, "https://shop.example.com");
/// assert_eq!(cors::headers(&policy, "https://example.org"), []);
/// ```
pub fn headers(policy: &Cors, origin: &str) -> Vec<(HeaderName, HeaderValue)> {
    if !policy.allows(origin) {
        return Vec::new();
    }
    let any = policy.origins.contains(&Origin::Any);
    let mut headers = Vec::new();
    push(&mut headers, header::ACCESS_CONTROL_ALLOW_ORIGIN, if any { "*" } else { origin });
    if policy.credentials {
        push(&mut headers, header::ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
    }
    if !policy.expose.is_empty() {
        push(&mut headers, header::ACCESS_CONTROL_EXPOSE_HEADERS, &policy.expose.join(","));
    }
    headers
}

/// The headers of the answer to a preflight: a browser's question whether a page of `origin` may call a
/// path that has these methods.
///
/// ```
/// use chalice_rs_manifest::{Cors, Method};
/// use chalice_rs_wire::cors;
///
/// let headers = cors::preflight(&Cors::default(), &[Method::Put, Method::Options], "https://example.com");
/// assert!(headers.iter().any(|(_, value)| value == "PUT,OPTIONS"));
/// ```
pub fn preflight(policy: &Cors, methods: &[Method], origin: &str) -> Vec<(HeaderName, HeaderValue)> {
    let mut headers = headers(policy, origin);
    if headers.is_empty() {
        return headers;
    }
    let methods: Vec<&str> = methods.iter().map(|method| method.as_str()).collect();
    push(&mut headers, header::ACCESS_CONTROL_ALLOW_METHODS, &methods.join(","));
    push(&mut headers, header::ACCESS_CONTROL_ALLOW_HEADERS, &policy.allowed_headers().join(","));
    if let Some(seconds) = policy.max_age {
        push(&mut headers, header::ACCESS_CONTROL_MAX_AGE, &seconds.to_string());
    }
    headers
}

/// Whether answers differ by origin, so that a cache has to know it: `vary: Origin`.
///
/// ```
/// use chalice_rs_manifest::Cors;
/// use chalice_rs_wire::cors;
///
/// let one = Cors { origins: vec!["https://example.com".parse().unwrap()], ..Cors::default() };
/// assert!(cors::varies(&one) && !cors::varies(&Cors::default()));
/// ```
pub fn varies(policy: &Cors) -> bool {
    !policy.origins.contains(&Origin::Any)
}

fn push(headers: &mut Vec<(HeaderName, HeaderValue)>, name: HeaderName, value: &str) {
    // An origin is what the client sent, and came in a header; the others were checked at compile time.
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.push((name, value));
    }
}
