//! Smaller answers.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use http::StatusCode;
use http::header::{
    CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderName, HeaderValue, VARY,
};

use super::Next;
use super::conditional::tells_caches;
use crate::{Request, Response};

/// A middleware that compresses answers with gzip, for clients that take it.
///
/// ```
/// use chalice_rs::{App, middleware};
///
/// fn app() -> App {
///     App::new().middleware(middleware::compress)
/// }
/// # app();
/// ```
///
/// `accept-encoding` decides, with its q-values. Bodies below 1 KB, bodies that gzip does not make smaller,
/// media types that are compressed already, and answers with a `content-encoding`, a `content-range` or
/// `cache-control: no-transform` go as they are. An answer whose form depends on the client says so in
/// `vary`, and its `etag` becomes a weak one.
///
/// Lambda's 6 MB are counted after compression. A compressed body goes through API Gateway as base64, which
/// makes it a third larger on that way, and reaches the client as it is.
pub async fn compress(request: &Request<'_>, next: Next<'_>) -> Response {
    let mut answer = next.run(request).await;
    if !may_be_compressed(&answer) {
        return answer;
    }
    vary(&mut answer);
    let accepted = request.header("accept-encoding").is_some_and(takes_gzip);
    if accepted
        && answer.body.len() >= WORTHWHILE
        && let Some(body) = gzip(&answer.body)
    {
        answer.body = body;
        answer.headers.retain(|(name, _)| *name != CONTENT_LENGTH);
        answer.headers.push((CONTENT_ENCODING, HeaderValue::from_static("gzip")));
        weaken_etag(&mut answer);
    }
    answer
}

/// Below this many bytes the answer is one packet in any case.
const WORTHWHILE: usize = 1024;

fn gzip(body: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 3), Compression::default());
    encoder.write_all(body).ok()?;
    let compressed = encoder.finish().ok()?;
    (compressed.len() < body.len()).then_some(compressed)
}

fn may_be_compressed(answer: &Response) -> bool {
    let text = |name: &HeaderName| answer.header(name).and_then(|value| value.to_str().ok());
    let has_content = !matches!(answer.status, StatusCode::NO_CONTENT | StatusCode::PARTIAL_CONTENT);
    has_content
        && answer.header(&CONTENT_ENCODING).is_none()
        && answer.header(&CONTENT_RANGE).is_none()
        && !tells_caches(answer, "no-transform")
        && text(&CONTENT_TYPE).is_some_and(is_compressible)
}

fn is_compressible(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let Some((kind, subtype)) = essence.split_once('/') else { return false };
    match kind {
        "text" => true,
        "application" => {
            matches!(
                subtype,
                "json"
                    | "xml"
                    | "javascript"
                    | "x-javascript"
                    | "ecmascript"
                    | "graphql"
                    | "jsonl"
                    | "x-ndjson"
                    | "yaml"
                    | "toml"
                    | "sql"
                    | "wasm"
                    | "rtf"
                    | "x-www-form-urlencoded"
                    | "vnd.ms-fontobject"
            ) || has_text_suffix(subtype)
        }
        "image" => matches!(subtype, "bmp" | "x-icon" | "vnd.microsoft.icon") || has_text_suffix(subtype),
        "font" => matches!(subtype, "ttf" | "otf" | "collection"),
        _ => has_text_suffix(subtype),
    }
}

fn has_text_suffix(subtype: &str) -> bool {
    ["+json", "+xml", "+yaml", "+text"].iter().any(|suffix| subtype.ends_with(suffix))
}

/// Whether the client wants gzip, and not rather the thing itself.
/// <https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3>
fn takes_gzip(accept_encoding: &str) -> bool {
    let (mut gzip, mut identity, mut any) = (None, None, None);
    for item in accept_encoding.split(',') {
        let mut parts = item.split(';').map(str::trim);
        let coding = parts.next().unwrap_or_default();
        let quality = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        let quality: f32 = quality.map_or(1.0, |quality| quality.trim().parse().unwrap_or(0.0));
        match coding {
            _ if coding.eq_ignore_ascii_case("gzip") || coding.eq_ignore_ascii_case("x-gzip") => {
                gzip = Some(quality);
            }
            _ if coding.eq_ignore_ascii_case("identity") => identity = Some(quality),
            "*" => any = Some(quality),
            _ => {}
        }
    }
    let gzip = gzip.or(any).unwrap_or(0.0);
    gzip > 0.0 && identity.is_none_or(|identity| gzip >= identity)
}

fn vary(answer: &mut Response) {
    let values = answer.headers.iter().filter(|(name, _)| *name == VARY);
    let said = values.filter_map(|(_, value)| value.to_str().ok()).flat_map(|value| value.split(','));
    let is_said = said.map(str::trim).any(|name| name == "*" || name.eq_ignore_ascii_case("accept-encoding"));
    if !is_said {
        answer.headers.push((VARY, HeaderValue::from_static("accept-encoding")));
    }
}

/// Another form of the same: the bytes differ, so that the tag cannot promise them any more.
fn weaken_etag(answer: &mut Response) {
    for (_, value) in answer.headers.iter_mut().filter(|(name, _)| *name == ETAG) {
        if let Ok(strong) = value.to_str()
            && strong.starts_with('"')
            && let Ok(weak) = HeaderValue::try_from(format!("W/{strong}"))
        {
            *value = weak;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_q_values_decide() {
        for (header, expected) in [
            ("gzip", true),
            ("gzip, deflate, br", true),
            ("br;q=1.0, GZIP;q=0.5", true),
            ("x-gzip", true),
            ("*", true),
            ("gzip;q=0", false),
            ("gzip; q=0.0, *", false),
            ("*;q=0", false),
            ("br", false),
            ("", false),
            ("identity", false),
            ("identity;q=1, gzip;q=0.5", false),
            ("identity;q=0.5, gzip;q=0.8", true),
            ("gzip;q=nonsense", false),
        ] {
            assert_eq!(takes_gzip(header), expected, "{header}");
        }
    }

    #[test]
    fn what_is_compressed_already_is_told_from_what_is_not() {
        for content_type in [
            "text/html; charset=utf-8",
            "Application/JSON",
            "application/problem+json",
            "image/svg+xml",
            "application/wasm",
            "font/ttf",
        ] {
            assert!(is_compressible(content_type), "{content_type}");
        }
        for content_type in
            ["image/png", "application/zip", "application/octet-stream", "video/mp4", "font/woff2", "json"]
        {
            assert!(!is_compressible(content_type), "{content_type}");
        }
    }
}
