//! What the app answers: one table for the test client, `cargo chalice local` and a deploy.
//!
//! Each row is a few requests, one after the other, and what comes back for each. All places are held to the same
//! answers. Where the sandbox is not like AWS, the row says so, with the reason, and with what it answers instead.
//!
//! What no request to one deployed app can show has its test elsewhere:
//!
//! | | |
//! |---|---|
//! | a second deploy, which knows what AWS says and nothing else, writes nothing; a route more, less or changed | `cargo-chalice/tests/aws/deploy.rs` |
//! | a deploy that was killed or disturbed at any call, and run again; `delete` after it | `cargo-chalice/tests/aws/faults.rs` |
//! | `logs --follow` pauses between looks; what `invoke` exits with | `cargo-chalice/tests/aws/logs.rs` |
//! | a handler that does not answer in time; a process that ends | `cargo-chalice/tests/local/main.rs` |
//! | what the API's documentation says of parameters and comments | `tests.rs`, beside this file |
//!
//! HTTP APIs have no API keys, so nothing here asks for one.
//!
//! Long because it is a table.

use http::header::{HeaderName, HeaderValue};
use http::{HeaderMap, Method, Request, Response};
use serde_json::{Value, json};

/// Where the app runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(dead_code, reason = "each program that has the table runs it in one place")]
pub(crate) enum Place {
    Client,
    Local,
    Sandbox,
}

/// A behaviour, with what shows it.
pub(crate) struct Row {
    name: &'static str,
    steps: Vec<Step>,
}

/// A request and its answer.
struct Step {
    request: Request<Vec<u8>>,
    expected: Expected,
    /// Why the sandbox answers something else, and what.
    in_sandbox: Option<(&'static str, Expected)>,
}

#[derive(Clone)]
struct Expected {
    status: u16,
    /// All values of each of these headers; none, where it must not be there.
    headers: Vec<(&'static str, Vec<&'static str>)>,
    /// Headers that differ from one answer to the next, and are there.
    present: Vec<&'static str>,
    body: Body,
}

#[derive(Clone)]
enum Body {
    /// Nobody cares.
    Any,
    Bytes(Vec<u8>),
    /// Bytes that begin with these.
    Starts(&'static [u8]),
    Json(Value),
    /// JSON with these values at these places.
    Holds(Vec<(&'static str, Value)>),
}

/// Sends all requests, and fails with every answer that is not as it should be.
pub(crate) fn check_all(place: Place, send: impl Fn(&Request<Vec<u8>>) -> Response<Vec<u8>> + Sync) {
    let rows = rows();
    let failures: Vec<String> = std::thread::scope(|scope| {
        // A few rows at a time: each of the sandbox's processes serves one request at a time.
        let threads: Vec<_> = rows
            .chunks(rows.len().div_ceil(4))
            .map(|rows| {
                scope.spawn(|| rows.iter().flat_map(|row| row.check(place, &send)).collect::<Vec<_>>())
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert!(failures.is_empty(), "{} answers are wrong:\n\n{}", failures.len(), failures.join("\n\n"));
}

impl Row {
    fn check(&self, place: Place, send: &impl Fn(&Request<Vec<u8>>) -> Response<Vec<u8>>) -> Vec<String> {
        let wrong = |step: &Step| {
            let answer = send(&step.request);
            let problem = match &step.in_sandbox {
                Some((reason, _)) if place == Place::Sandbox && step.expected.problem(&answer).is_none() => {
                    format!("the sandbox answers like AWS; it is not true any more that {reason}")
                }
                Some((_, expected)) if place == Place::Sandbox => expected.problem(&answer)?,
                _ => step.expected.problem(&answer)?,
            };
            Some(format!(
                "{}: {} {}\n  {problem}\n  {} {:?}\n  {}",
                self.name,
                step.request.method(),
                step.request.uri(),
                answer.status(),
                answer.headers(),
                String::from_utf8_lossy(&answer.body()[..answer.body().len().min(500)])
            ))
        };
        self.steps.iter().filter_map(wrong).collect()
    }
}

impl Expected {
    /// This status, with anything.
    fn status(status: u16) -> Self {
        Self { status, headers: Vec::new(), present: Vec::new(), body: Body::Any }
    }

    fn problem(&self, answer: &Response<Vec<u8>>) -> Option<String> {
        if answer.status() != self.status {
            return Some(format!("the status should be {}", self.status));
        }
        for (name, values) in &self.headers {
            let found: Vec<&HeaderValue> = answer.headers().get_all(*name).iter().collect();
            if found != *values {
                return Some(format!("`{name}` should be {values:?}"));
            }
        }
        if let Some(absent) = self.present.iter().find(|name| !answer.headers().contains_key(**name)) {
            return Some(format!("`{absent}` should be there"));
        }
        match &self.body {
            Body::Any => None,
            Body::Bytes(bytes) => (answer.body() != bytes)
                .then(|| format!("the body should be {:?}", String::from_utf8_lossy(bytes))),
            Body::Starts(bytes) => (!answer.body().starts_with(bytes))
                .then(|| format!("the body should begin with {}", bytes.escape_ascii())),
            Body::Json(json) => (serde_json::from_slice::<Value>(answer.body()).ok().as_ref() != Some(json))
                .then(|| format!("the body should be {json}")),
            Body::Holds(places) => {
                let json: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
                let wrong = places.iter().find(|(place, value)| json.pointer(place) != Some(value));
                wrong.map(|(place, value)| format!("`{place}` should be {value}"))
            }
        }
    }
}

impl Step {
    fn header(mut self, name: &'static str, value: &str) -> Self {
        let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
        self.request.headers_mut().append(HeaderName::from_static(name), value);
        self
    }

    fn body(self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.untyped(body).header("content-type", content_type)
    }

    fn untyped(mut self, body: impl Into<Vec<u8>>) -> Self {
        *self.request.body_mut() = body.into();
        self
    }

    fn gives(mut self, status: u16) -> Self {
        self.expected.status = status;
        self
    }

    fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.expected.headers.push((name, vec![value]));
        self
    }

    fn with_all(mut self, name: &'static str, values: &[&'static str]) -> Self {
        self.expected.headers.push((name, values.to_vec()));
        self
    }

    fn without(self, name: &'static str) -> Self {
        self.with_all(name, &[])
    }

    fn with_any(mut self, name: &'static str) -> Self {
        self.expected.present.push(name);
        self
    }

    fn bytes(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.expected.body = Body::Bytes(body.into());
        self
    }

    fn starts(mut self, with: &'static [u8]) -> Self {
        self.expected.body = Body::Starts(with);
        self
    }

    fn text(self, body: &str) -> Self {
        self.with("content-type", "text/plain; charset=utf-8").bytes(body)
    }

    fn json(mut self, body: Value) -> Self {
        self.expected.body = Body::Json(body);
        self.with("content-type", "application/json")
    }

    fn holds<const N: usize>(mut self, places: [(&'static str, Value); N]) -> Self {
        self.expected.body = Body::Holds(places.to_vec());
        self.with("content-type", "application/json")
    }

    fn error(self, status: u16, code: &str, message: &str) -> Self {
        self.gives(status).json(json!({ "Code": code, "Message": message }))
    }

    /// The answer of API Gateway itself.
    fn gateway(self, status: u16, message: &str) -> Self {
        self.gives(status).json(json!({ "message": message }))
    }

    fn in_sandbox(mut self, reason: &'static str, change: impl Fn(Self) -> Self) -> Self {
        let expected = self.expected.clone();
        self.expected = Expected::status(expected.status);
        let mut changed = change(self);
        let other = std::mem::replace(&mut changed.expected, expected);
        changed.in_sandbox = Some((reason, other));
        changed
    }
}

fn request(method: Method, target: &str) -> Step {
    let mut request = Request::new(Vec::new());
    *request.method_mut() = method;
    *request.uri_mut() = target.parse().unwrap();
    *request.headers_mut() = HeaderMap::new();
    Step { request, expected: Expected::status(200), in_sandbox: None }
}

fn get(target: &str) -> Step {
    request(Method::GET, target)
}

fn post(target: &str) -> Step {
    request(Method::POST, target)
}

fn put(target: &str) -> Step {
    request(Method::PUT, target)
}

fn row<const N: usize>(name: &'static str, steps: [Step; N]) -> Row {
    Row { name, steps: steps.into() }
}

const JSON: &str = "application/json";
const INTERNAL: &str = "An internal server error occurred.";

/// The table.
fn rows() -> Vec<Row> {
    [routing(), bodies(), inputs(), answers(), errors(), guards(), sharing()].into_iter().flatten().collect()
}

fn routing() -> Vec<Row> {
    vec![
        row("the root answers with JSON", [get("/").json(json!({ "hello": "world" }))]),
        row(
            "a long path without parameters is found",
            [get("/deep/down/where/no/parameter/is").json(json!({ "nested": true }))],
        ),
        row(
            "a path parameter becomes an argument",
            [
                get("/names/foo").json(json!({ "name": "foo" })),
                get("/names/bar").json(json!({ "name": "bar" })),
            ],
        ),
        row("an exact path wins over a parameter", [get("/names/exactly").text("the exact one")]),
        row(
            "a parameter wins over the rest of a path, which takes several segments",
            [
                get("/files/index/7").json(json!({ "page": 7 })),
                get("/files/index/7/8").json(json!({ "path": "index/7/8" })),
                get("/files/a").json(json!({ "path": "a" })),
            ],
        ),
        row(
            "a parameter is percent-decoded, and a plus is a plus",
            [
                get("/names/a%20b+c").json(json!({ "name": "a b+c" })),
                get("/names/%E2%98%95").json(json!({ "name": "☕" })),
                get("/names/a%25b")
                    .json(json!({ "name": "a%b" }))
                    .in_sandbox("it leaves an escaped percent sign as it is", |step| {
                        step.json(json!({ "name": "a%25b" }))
                    }),
            ],
        ),
        row(
            "an escaped slash is a slash",
            [
                get("/files/a%2Fb").json(json!({ "path": "a/b" })),
                get("/names/a%2Fb").gateway(404, "Not Found"),
            ],
        ),
        row(
            "a parameter that does not parse is a 400 that names it",
            [get("/files/index/300").error(
                400,
                "BadRequestError",
                "path parameter `page`: number too large to fit in target type",
            )],
        ),
        row(
            "a slash at the end is another path",
            [
                get("/names/foo/").gateway(404, "Not Found"),
                get("/shared/")
                    .gateway(404, "Not Found")
                    .in_sandbox("it drops a slash after the only segment", |step| {
                        step.json(json!({ "function": "shared_get" })).gives(200)
                    }),
            ],
        ),
        row("a path without a route is a 404", [get("/nowhere").gateway(404, "Not Found")]),
        row(
            "POST alone answers POST alone",
            [
                post("/only/post").json(json!({ "success": true })),
                get("/only/post").gateway(404, "Not Found"),
            ],
        ),
        row(
            "PUT alone answers PUT alone",
            [put("/only/put").json(json!({ "success": true })), get("/only/put").gateway(404, "Not Found")],
        ),
        row(
            "two functions share a path",
            [
                get("/shared").json(json!({ "function": "shared_get" })),
                post("/shared").json(json!({ "function": "shared_post" })),
            ],
        ),
        row(
            "one function has two methods",
            [
                get("/methods").json(json!({ "method": "GET" })),
                post("/methods").json(json!({ "method": "POST" })),
            ],
        ),
        row(
            "ANY answers every method",
            [
                request(Method::DELETE, "/methods/any").json(json!({ "method": "DELETE" })),
                request(Method::PATCH, "/methods/any").json(json!({ "method": "PATCH" })),
            ],
        ),
        row(
            "HEAD is answered where GET is, without a body",
            [
                request(Method::HEAD, "/names/foo").with("content-type", JSON).bytes(""),
                request(Method::HEAD, "/only/post").gives(404),
            ],
        ),
        row(
            "a route of another file, under its blueprint's prefix",
            [get("/annex").json(json!({ "message": "success" }))],
        ),
    ]
}

fn bodies() -> Vec<Row> {
    let multipart = "--x\r\ncontent-disposition: form-data; name=\"title\"\r\n\r\nCats\r\n\
        --x\r\ncontent-disposition: form-data; name=\"photo\"; filename=\"cat.png\"\r\n\
        content-type: image/png\r\n\r\nme\0w\r\n--x--\r\n";
    let binary = b"\xde\xad\xbe\xef".as_slice();
    vec![
        row(
            "JSON comes in and goes out",
            [post("/json").body(JSON, r#"{"hello":"world"}"#).json(json!({ "json": { "hello": "world" } }))],
        ),
        row(
            "a charset does not make it other than JSON, nor does the case",
            [
                post("/json").body("application/json; charset=utf-8", "1").json(json!({ "json": 1 })),
                post("/json").body("Application/JSON", "1").json(json!({ "json": 1 })),
            ],
        ),
        row(
            "JSON by a name of its own is JSON",
            [post("/json").body("application/vnd.api+json", "1").json(json!({ "json": 1 }))],
        ),
        row(
            "JSON without a content type is JSON",
            [post("/json/note").untyped(r#"{"text":"tea"}"#).text("tea")],
        ),
        row(
            "what is no JSON is a 400 with line and column",
            [post("/json").body(JSON, "{\n  oops").error(
                400,
                "BadRequestError",
                "the body is not valid JSON: key must be a string at line 2 column 3",
            )],
        ),
        row(
            "no body is no JSON",
            [post("/json").body(JSON, "").gives(400).holds([("/Code", json!("BadRequestError"))])],
        ),
        row(
            "JSON of another shape is a 400 that names the field",
            [post("/json/note").body(JSON, "{}").error(
                400,
                "BadRequestError",
                "the body is not valid: missing field `text` at line 1 column 2",
            )],
        ),
        row(
            "JSON that nobody reads is not looked at",
            [post("/json/unread").body(JSON, "{oops").text("nobody looked at it")],
        ),
        row(
            "another content type than JSON is a 415",
            [post("/json")
                .body("text/xml", "<a/>")
                .gives(415)
                .holds([("/Code", json!("UnsupportedMediaType"))])],
        ),
        row(
            "a content type does not matter where nothing takes the body",
            [get("/").header("content-type", "text/html").json(json!({ "hello": "world" }))],
        ),
        row(
            "a form's fields come as lists",
            [post("/form")
                .body("application/x-www-form-urlencoded", "foo=bar&foo=b%C3%A4z+x")
                .json(json!({ "parsed": { "foo": ["bar", "bäz x"] } }))],
        ),
        row(
            "a form with a file",
            [post("/upload").body("multipart/form-data; boundary=x", multipart).json(json!([
                { "name": "title", "file": null, "type": null, "bytes": b"Cats" },
                { "name": "photo", "file": "cat.png", "type": "image/png", "bytes": b"me\0w" },
            ]))],
        ),
        row(
            "bytes come in and go out, whatever they call themselves",
            [
                post("/bytes")
                    .body("application/octet-stream", binary)
                    .with("content-type", "application/octet-stream")
                    .bytes(binary),
                post("/bytes")
                    .body("application/x-of-our-own", binary)
                    .with("content-type", "application/x-of-our-own")
                    .bytes(binary),
            ],
        ),
        row(
            "a browser gets an image as it is",
            [get("/image")
                .header("accept", "text/html,application/xhtml+xml;q=0.9,image/webp,*/*;q=0.8")
                .with("content-type", "image/png")
                .bytes(binary)],
        ),
        row(
            "no body is an empty one",
            [post("/length").json(json!({ "length": 0 })), post("/text").json(json!({ "text": "" }))],
        ),
        row(
            "text is UTF-8",
            [
                post("/text").body("text/plain", "grüße ☕ 𝄞").json(json!({ "text": "grüße ☕ 𝄞" })),
                post("/text")
                    .body("application/octet-stream", b"\xff\xfe".as_slice())
                    .gives(400)
                    .holds([("/Code", json!("BadRequestError"))]),
            ],
        ),
        row(
            "a body of almost six megabytes arrives",
            [post("/length").body("text/plain", vec![b'x'; 6_000_000]).json(json!({ "length": 6_000_000 }))],
        ),
        row(
            "a body of over six megabytes does not reach the function",
            [post("/length")
                .body("text/plain", vec![b'x'; 6_400_000])
                .gateway(413, "Request Entity Too Large")
                .in_sandbox("it has no limit", |step| step.gives(200).json(json!({ "length": 6_400_000 })))],
        ),
    ]
}

fn inputs() -> Vec<Row> {
    vec![
        row(
            "a name that is repeated in the query keeps all its values, in order",
            [get("/query?a=1&b=&a=2,3").json(json!([["a", "1"], ["b", ""], ["a", "2,3"]]))],
        ),
        row(
            "the query is decoded, pluses too",
            [get("/query?caf%C3%A9=a+b%2Bc%26").json(json!([["café", "a b+c&"]]))],
        ),
        row(
            "a query parameter that is missing or does not parse is a 400 that names it",
            [
                get("/query/page?page=3").json(json!({ "page": 3 })),
                get("/query/page").error(400, "BadRequestError", "query parameter `page` is missing"),
                get("/query/page?page=three").error(
                    400,
                    "BadRequestError",
                    "query parameter `page`: invalid digit found in string",
                ),
            ],
        ),
        row(
            "a header that is repeated keeps its values",
            [get("/headers/x-tag").header("x-tag", "one").header("x-tag", "two").json(json!(["one", "two"]))],
        ),
        row(
            "a header's name has no case",
            [get("/headers/X-Tag").header("x-tag", "one").json(json!(["one"]))],
        ),
        row(
            "a header may be UTF-8",
            [get("/headers/x-drink").header("x-drink", "café").json(json!(["café"]))],
        ),
        row(
            "cookies come one by one",
            [get("/cookies")
                .header("cookie", "theme=dark; id=a=b")
                .json(json!({ "theme": "dark", "id": "a=b" }))],
        ),
        row(
            "a program can look at all of its request",
            [get("/request/7?a=%20b&a=c").header("x-a", "1").header("cookie", "d=e").holds([
                ("/id", json!(7)),
                ("/method", json!("GET")),
                ("/path", json!("/request/7")),
                ("/raw_path", json!("/request/7")),
                ("/route_key", json!("GET /request/{id}")),
                ("/path_parameters", json!({ "id": "7" })),
                ("/query", json!({ "a": [" b", "c"] })),
                ("/headers/x-a", json!("1")),
                ("/cookies", json!({ "d": "e" })),
                ("/client_address", json!("127.0.0.1")),
                ("/stage", json!("$default")),
                ("/has time left", json!(true)),
            ])],
        ),
    ]
}

fn answers() -> Vec<Row> {
    vec![
        row(
            "a status, a header and two cookies",
            [get("/answer")
                .gives(204)
                .with("content-type", "text/plain")
                .with_all("set-cookie", &["key=value", "foo=bar"])
                .bytes("")],
        ),
        row(
            "a redirect is not followed by anybody on the way",
            [get("/redirect").gives(302).with("location", "/names/new")],
        ),
        row(
            "a page with a cookie",
            [get("/kinds/page")
                .with("content-type", "text/html; charset=utf-8")
                .with("set-cookie", "seen=1; Path=/; HttpOnly")
                .bytes("<p>hello</p>")],
        ),
        row(
            "nothing, somewhere else, and something that may not be there",
            [
                request(Method::DELETE, "/kinds/page").gives(204).bytes(""),
                get("/kinds/elsewhere").gives(303).with("location", "/kinds/page"),
                get("/kinds/maybe/true").text("there"),
                get("/kinds/maybe/false").gives(404),
            ],
        ),
        row(
            "what the client has is not sent again",
            [get("/kinds/maybe/true").header("if-none-match", "*").gives(304).with_any("etag").bytes("")],
        ),
        row(
            "a client that takes gzip gets it, and the others get the thing itself",
            [
                get("/kinds/long")
                    .header("accept-encoding", "br;q=1, gzip;q=0.5")
                    .with("content-encoding", "gzip")
                    .with("vary", "accept-encoding")
                    .starts(b"\x1f\x8b"),
                get("/kinds/long").without("content-encoding").text(&"tea ".repeat(1000)),
            ],
        ),
        row(
            "every answer has a request id, that of API Gateway as well",
            [
                get("/").with_any("apigw-requestid"),
                get("/errors/panic").gives(500).with_any("apigw-requestid"),
                get("/nowhere").gives(404).with_any("apigw-requestid"),
            ],
        ),
        row(
            "an answer of almost six megabytes arrives, and a larger one is a 500",
            [
                get("/answers/large/6000000").with("content-type", "text/plain; charset=utf-8"),
                get("/answers/large/7000000").error(500, "InternalServerError", INTERNAL),
            ],
        ),
    ]
}

fn errors() -> Vec<Row> {
    vec![
        row(
            "each error has its status, code and message",
            [
                get("/errors/400").error(400, "BadRequestError", "Bad request."),
                get("/errors/401").error(401, "UnauthorizedError", "Who are you?"),
                get("/errors/403").error(403, "ForbiddenError", "Not for you."),
                get("/errors/404").error(404, "NotFoundError", "There is no such thing."),
                get("/errors/405").error(405, "MethodNotAllowedError", "Not like this."),
                get("/errors/408").error(408, "RequestTimeoutError", "Too slow."),
                get("/errors/409").error(409, "ConflictError", "It is there already."),
                get("/errors/422").error(422, "UnprocessableEntityError", "That makes no sense."),
                get("/errors/429").error(429, "TooManyRequestsError", "Not so fast."),
                get("/errors/500").error(500, "InternalServerError", "Our fault."),
                get("/errors/507").error(507, "InsufficientStorageError", "Something else."),
            ],
        ),
        row(
            "an error of the app's own has its own status and code",
            [get("/errors/own").error(418, "Teapot", "short and stout")],
        ),
        row(
            "any other error is a 500 that says nothing",
            [get("/errors/cause").error(500, "InternalServerError", INTERNAL)],
        ),
        row(
            "a panic is a 500 that says nothing, and the next request is served",
            [
                get("/errors/panic").error(500, "InternalServerError", INTERNAL),
                get("/").json(json!({ "hello": "world" })),
            ],
        ),
        row(
            "a value that cannot be JSON is a 500",
            [get("/errors/no-json").error(500, "InternalServerError", INTERNAL)],
        ),
        row(
            "a header that HTTP does not allow is a 500, and no second header",
            [get("/errors/header").error(500, "InternalServerError", INTERNAL).without("set-cookie")],
        ),
    ]
}

fn guards() -> Vec<Row> {
    let forbidden = |step: Step| step.gateway(403, "Forbidden");
    vec![
        row(
            "without what identifies it a request is a 401, and no authorizer is asked",
            [
                get("/guarded").gateway(401, "Unauthorized"),
                get("/guarded/by-key").gateway(401, "Unauthorized"),
            ],
        ),
        row(
            "who may call gets the route, and the route gets who it is",
            [
                get("/guarded").header("authorization", "yes").json(json!({ "foo": "bar" })),
                get("/guarded/by-key?key=open%20sesame").json(json!({ "foo": "gold" })),
            ],
        ),
        row(
            "who may not call is a 403",
            [
                forbidden(get("/guarded").header("authorization", "no")),
                forbidden(get("/guarded").header("authorization", "refuse")),
                forbidden(get("/guarded/by-key?key=open")),
            ],
        ),
        row(
            "an authorizer that panics lets nobody in",
            [get("/guarded").header("authorization", "panic").gateway(500, "Internal Server Error")],
        ),
        row(
            "one method of a path is guarded and the other is not",
            [
                get("/guarded/half").json(json!({ "known": false })),
                post("/guarded/half").gateway(401, "Unauthorized"),
                post("/guarded/half").header("authorization", "yes").json(json!({ "foo": "bar" })),
            ],
        ),
        row(
            "what is remembered for one route goes for that route alone",
            [
                get("/guarded").header("authorization", "yes").json(json!({ "foo": "bar" })),
                forbidden(get("/guarded/other").header("authorization", "yes")),
                get("/guarded").header("authorization", "yes").json(json!({ "foo": "bar" })),
            ],
        ),
        row(
            "without a token, or with one that is none, a request is a 401",
            [get("/guarded/by-token").gateway(401, "Unauthorized")],
        ),
    ]
}

fn sharing() -> Vec<Row> {
    const HEADERS: &str = "Authorization,Content-Type,X-Amz-Date,X-Amz-Security-Token,X-Api-Key";
    let preflight = |target: &str, origin: &str| {
        request(Method::OPTIONS, target)
            .header("origin", origin)
            .header("access-control-request-method", "PUT")
    };
    let refused = |step: Step| step.gives(403);
    let reason = "it answers OPTIONS itself where the API has no CORS of its own";
    vec![
        row("a page of any site may read what all may read, errors too", [
            get("/shared-with/all").header("origin", "https://a.example").with("access-control-allow-origin", "*").text("for all"),
            get("/shared-with/all?wrong").header("origin", "https://a.example").with("access-control-allow-origin", "*")
                .error(400, "BadRequestError", "not like this"),
            post("/shared-with/json").header("origin", "https://a.example").body("text/xml", "<a/>")
                .gives(415).with("access-control-allow-origin", "*"),
            post("/shared-with/json").header("origin", "https://a.example").body(JSON, "0")
                .error(500, "InternalServerError", INTERNAL).with("access-control-allow-origin", "*"),
        ]),
        row("a browser may ask before it calls", [
            preflight("/shared-with/all", "https://a.example").gives(204)
                .with("access-control-allow-origin", "*")
                .with("access-control-allow-headers", HEADERS)
                .with("access-control-allow-methods", "GET,POST,PUT,OPTIONS")
                .in_sandbox(reason, refused),
        ]),
        row("a policy is for its origin, with what else it says", [
            get("/shared-with/one").header("origin", "https://foo.example.com")
                .with("access-control-allow-origin", "https://foo.example.com")
                .with("access-control-allow-credentials", "true")
                .with("access-control-expose-headers", "X-Special-Header")
                .text("for one"),
            preflight("/shared-with/one", "https://foo.example.com").gives(204)
                .with("access-control-allow-origin", "https://foo.example.com")
                .with("access-control-allow-headers", "Authorization,Content-Type,X-Amz-Date,X-Amz-Security-Token,X-Api-Key,X-Special-Header")
                .with("access-control-allow-methods", "GET,POST,PUT,OPTIONS")
                .with("access-control-expose-headers", "X-Special-Header")
                .with("access-control-max-age", "600")
                .with("access-control-allow-credentials", "true")
                .in_sandbox(reason, refused),
        ]),
        row("a page of another site is told nothing", [
            get("/shared-with/one").header("origin", "https://b.example").without("access-control-allow-origin").text("for one"),
            preflight("/shared-with/one", "https://b.example").gives(204).without("access-control-allow-origin")
                .in_sandbox(reason, refused),
        ]),
        row("an origin may be a pattern", [
            get("/shared-with/below").header("origin", "https://x.example.com").with("access-control-allow-origin", "https://x.example.com"),
            get("/shared-with/below").header("origin", "https://example.com").without("access-control-allow-origin"),
        ]),
        row("who is no page is told nothing of pages", [
            get("/shared-with/all").without("access-control-allow-origin").text("for all"),
        ]),
        row("a route without a policy says nothing to browsers", [
            get("/").header("origin", "https://a.example").without("access-control-allow-origin"),
        ]),
    ]
}
