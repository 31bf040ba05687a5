//! The answer to every request while the newest code does not work.

use chalice_rs_wire::gateway::Response;
use http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, StatusCode};

/// The compiler's message, as a page for a browser and as text for anything else.
pub fn broken(request: &HeaderMap, message: &str) -> Response {
    let message = anstream::adapter::strip_str(message).to_string();
    let accepts_html = request.get_all(ACCEPT).iter().any(|accept| {
        accept.to_str().is_ok_and(|accept| accept.split([',', ';']).any(|kind| kind.trim() == "text/html"))
    });
    let (content_type, body) = if accepts_html {
        ("text/html; charset=utf-8", html(&message))
    } else {
        ("text/plain; charset=utf-8", message)
    };
    let mut response = Response::new(body.into_bytes());
    *response.status_mut() = StatusCode::BAD_GATEWAY;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn html(message: &str) -> String {
    let escaped = message.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!(
        "<!doctype html>\n<meta charset=\"utf-8\">\n<title>does not compile</title>\n\
         <style>body{{margin:2rem;background:#1e1e1e;color:#ddd}}pre{{white-space:pre-wrap}}</style>\n\
         <pre>{escaped}</pre>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(accept: Option<&str>, content_type: &str, body: &str) {
        let mut headers = HeaderMap::new();
        if let Some(accept) = accept {
            headers.insert(ACCEPT, accept.parse().unwrap());
        }
        let response = broken(&headers, "\u{1b}[1merror\u{1b}[0m: `a<b>` & more");
        assert_eq!(response.status(), 502);
        assert_eq!(response.headers()[CONTENT_TYPE], content_type);
        let found = String::from_utf8(response.into_body()).unwrap();
        assert!(found.contains(body), "{found}");
    }

    #[test]
    fn a_browser_gets_a_page_and_a_program_gets_text() {
        let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        check(Some(browser), "text/html; charset=utf-8", "error: `a&lt;b&gt;` &amp; more");
        check(Some("*/*"), "text/plain; charset=utf-8", "error: `a<b>` & more");
        check(Some("application/json"), "text/plain; charset=utf-8", "error: `a<b>` & more");
        check(None, "text/plain; charset=utf-8", "error: `a<b>` & more");
    }
}
