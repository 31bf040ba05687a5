//! Answers that the client has already.

use std::hash::{DefaultHasher, Hasher};

use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_LENGTH, ETAG, HeaderName, HeaderValue, LAST_MODIFIED};

use super::Next;
use crate::{Request, Response};

/// A middleware that answers 304, without a body, where the client has the same answer already.
///
/// ```
/// use chalice_rs::{App, middleware};
///
/// fn app() -> App {
///     App::new().middleware(middleware::conditional)
/// }
/// # app();
/// ```
///
/// It looks at 200s to GET and HEAD. One without an `etag` gets one, made of its body; one with an `etag`
/// or a `last-modified` keeps it. Then `if-none-match` or, without that, `if-modified-since` is compared.
/// The handler runs in any case: what is saved is the way to the client.
///
/// An answer with `cache-control: no-store` is left alone. `if-match` is left to handlers: only they know
/// what there is before they change it.
///
/// Beside `compress` it is the inner one: `.middleware(compress).middleware(conditional)`.
pub async fn conditional(request: &Request<'_>, next: Next<'_>) -> Response {
    let mut answer = next.run(request).await;
    let is_read = matches!(request.method(), "GET" | "HEAD");
    if !is_read || answer.status != StatusCode::OK || tells_caches(&answer, "no-store") {
        return answer;
    }
    if answer.header(&ETAG).is_none() {
        answer.headers.extend(etag_of(&answer.body).map(|etag| (ETAG, etag)));
    }
    if is_known(request, &answer) {
        answer.status = StatusCode::NOT_MODIFIED;
        // The other headers stay, the content type too: a cache takes them over for what it has.
        answer.headers.retain(|(name, _)| *name != CONTENT_LENGTH);
        answer.body.clear();
    }
    answer
}

/// Whether a `cache-control` of the answer has this word.
pub(super) fn tells_caches(answer: &Response, word: &str) -> bool {
    let values = answer.headers.iter().filter(|(name, _)| *name == CACHE_CONTROL).map(|(_, value)| value);
    values.filter_map(|value| value.to_str().ok()).any(|value| value.contains(word))
}

/// The same body has the same tag in each copy of the program: the keys of this hash are constants.
fn etag_of(body: &[u8]) -> Option<HeaderValue> {
    let mut hasher = DefaultHasher::new();
    hasher.write(body);
    HeaderValue::try_from(format!("\"{:016x}-{:x}\"", hasher.finish(), body.len())).ok()
}

/// <https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2>
fn is_known(request: &Request<'_>, answer: &Response) -> bool {
    let own = |name: &HeaderName| answer.header(name).and_then(|value| value.to_str().ok());
    if let Some(known) = request.header("if-none-match") {
        return own(&ETAG).is_some_and(|etag| has_tag(known, etag));
    }
    // A date is compared as text: clients send back what they got.
    let since = request.header("if-modified-since");
    since.is_some_and(|since| own(&LAST_MODIFIED) == Some(since))
}

/// Whether the list has the tag, by the weak comparison: what stands in the quotes.
fn has_tag(list: &str, etag: &str) -> bool {
    if list.trim() == "*" {
        return true;
    }
    let Some(opaque) = etag.split('"').nth(1) else { return false };
    list.split('"').skip(1).step_by(2).any(|known| known == opaque)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_found_in_a_list_whether_weak_or_not() {
        for (list, etag, expected) in [
            (r#""a""#, r#""a""#, true),
            (r#"W/"a""#, r#""a""#, true),
            (r#""a""#, r#"W/"a""#, true),
            (r#""x", W/"a,b" ,"y""#, r#""a,b""#, true),
            ("*", r#""a""#, true),
            (r#""ab""#, r#""a""#, false),
            (r#"", ""#, r#""a""#, false),
            ("a", r#""a""#, false),
            ("", r#""a""#, false),
            (r#""a""#, "a", false),
            (r#"""#, r#""""#, true),
        ] {
            assert_eq!(has_tag(list, etag), expected, "{list} {etag}");
        }
    }
}
