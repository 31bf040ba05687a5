//! What every app is asked: payload 2.0 events as API Gateway sends them, and the answer each must give.
//!
//! The events have the size and shape of a browser's request behind a custom domain: 20 headers, 1.9 KB without
//! the body. <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>

use std::sync::Arc;

use serde_json::{Value, json};

use crate::failure::{Context, Failure, Outcome};

/// One request and the body that must come back.
pub(crate) struct Question {
    pub(crate) event: Arc<[u8]>,
    expected: Value,
}

impl Question {
    /// `GET /hello/{name}`, answered with a greeting.
    pub(crate) fn hello() -> Self {
        Self::get("/hello/{name}", "/hello/world")
    }

    /// The same for one of many routes.
    pub(crate) fn route(number: usize) -> Self {
        Self::get(&format!("/{}/{{name}}", segment(number)), &format!("/{}/world", segment(number)))
    }

    /// `POST /echo` with a document of about `size` bytes, answered with the same document.
    pub(crate) fn echo(size: usize) -> Self {
        let order = order(size);
        let body = order.to_string();
        let mut event = event("POST", "/echo", "/echo");
        event["headers"]["content-type"] = json!("application/json");
        event["headers"]["content-length"] = json!(body.len().to_string());
        event["body"] = json!(body);
        Self { event: event.to_string().into_bytes().into(), expected: order }
    }

    fn get(route: &str, path: &str) -> Self {
        let mut event = event("GET", route, path);
        event["pathParameters"] = json!({ "name": "world" });
        Self { event: event.to_string().into_bytes().into(), expected: json!({ "hello": "world" }) }
    }

    /// Accepts a payload only if status, content type and body are right.
    pub(crate) fn check(&self, payload: &[u8]) -> Outcome {
        let wrong = |what: &str| {
            let payload = String::from_utf8_lossy(payload);
            Failure::new(format!("the answer has {what}: {payload:.300}"))
        };
        let answer: Value = serde_json::from_slice(payload).context("the answer is not JSON")?;
        if answer["statusCode"] != 200 {
            return Err(wrong("the wrong status"));
        }
        if answer["isBase64Encoded"].as_bool() == Some(true) {
            return Err(wrong("a body in base64, although it is text"));
        }
        let is_json = content_type(&answer).is_some_and(|value| value.starts_with("application/json"));
        if !is_json {
            return Err(wrong("the wrong content type"));
        }
        let body = answer["body"].as_str().unwrap_or_default();
        match serde_json::from_str::<Value>(body) {
            Ok(document) if document == self.expected => Ok(()),
            _ => Err(wrong("the wrong body")),
        }
    }
}

/// The first segment of one of many routes; as long as real ones are.
pub(crate) fn segment(number: usize) -> String {
    format!("resource-{number:03}")
}

/// Header names may be spelled in any case, and stand in either of two fields.
fn content_type(answer: &Value) -> Option<&str> {
    ["headers", "multiValueHeaders"].iter().find_map(|field| {
        let headers = answer[*field].as_object()?;
        let (_, value) = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"))?;
        value.as_str().or_else(|| value[0].as_str())
    })
}

fn order(size: usize) -> Value {
    let mut order =
        json!({ "id": 8_675_309, "customer": "Ada \"Countess\" Lovelace", "express": true, "lines": [] });
    let mut length = order.to_string().len();
    let mut number = 0;
    while length < size {
        let note = (number % 2 == 0).then_some("wrap as a gift,\nwith the card");
        let line = json!({ "article": format!("punched card {number:05}"), "amount": 3, "price": 12.5, "note": note });
        length += line.to_string().len() + 1;
        number += 1;
        if let Some(lines) = order["lines"].as_array_mut() {
            lines.push(line);
        }
    }
    order
}

fn event(method: &str, route: &str, path: &str) -> Value {
    json!({
        "version": "2.0",
        "routeKey": format!("{method} {route}"),
        "rawPath": path,
        "rawQueryString": "",
        "cookies": ["session=3f1c9a6e8b2d47f0a5c4e7d1b9f8a6c2", "theme=dark"],
        "headers": {
            "accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
            "accept-encoding": "gzip, deflate, br, zstd",
            "accept-language": "en-GB,en;q=0.9,de;q=0.8",
            "authorization": format!("Bearer {}", "eyJhbGciOiJSUzI1NiIs".repeat(18)),
            "content-length": "0",
            "host": "api.example.com",
            "origin": "https://shop.example.com",
            "priority": "u=0, i",
            "referer": "https://shop.example.com/",
            "sec-ch-ua": "\"Chromium\";v=\"140\", \"Not=A?Brand\";v=\"24\"",
            "sec-ch-ua-mobile": "?0",
            "sec-ch-ua-platform": "\"Linux\"",
            "sec-fetch-dest": "empty",
            "sec-fetch-mode": "cors",
            "sec-fetch-site": "same-site",
            "user-agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
            "x-amzn-trace-id": "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700",
            "x-forwarded-for": "203.0.113.42",
            "x-forwarded-port": "443",
            "x-forwarded-proto": "https"
        },
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "a1b2c3d4e5",
            "domainName": "api.example.com",
            "domainPrefix": "api",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "203.0.113.42",
                "userAgent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
            },
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": format!("{method} {route}"),
            "stage": "$default",
            "time": "12/Mar/2026:19:03:58 +0000",
            "timeEpoch": 1_773_342_238_000_u64
        },
        "isBase64Encoded": false
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hello_event_has_the_size_of_a_real_one() {
        let length = Question::hello().event.len();
        assert!((1_700..2_100).contains(&length), "{length} bytes");
    }

    #[test]
    fn an_answer_passes_only_if_status_type_and_body_are_right() {
        let question = Question::hello();
        let right = r#"{"statusCode":200,"headers":{"Content-Type":"application/json"},"body":"{\"hello\":\"world\"}"}"#;
        assert!(question.check(right.as_bytes()).is_ok());
        for (from, to) in [("200", "500"), ("application/json", "text/plain"), ("world", "moon")] {
            assert!(question.check(right.replace(from, to).as_bytes()).is_err(), "accepts `{to}`");
        }
    }
}
