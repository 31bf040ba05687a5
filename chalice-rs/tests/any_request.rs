//! Whatever comes in: random requests, and their events with some of it changed. Each is answered, nothing
//! panics, and the process goes on.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use chalice_rs::prelude::*;
use chalice_rs::test::Client;
use chalice_rs::{Bearer, BodyLimit, HeaderMap, IamIdentity};
use chalice_rs_wire::Moment;
use chalice_rs_wire::http_v2::{Pairs, Request as Event, RequestContext, decode_response, encode_request};
use proptest::collection::vec;
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    A,
    B,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "what counts is whether they can be made")]
struct Fields<'r> {
    a: Option<i16>,
    #[serde(default)]
    b: BTreeSet<Kind2>,
    c: Option<(u8, Cow<'r, str>)>,
    d: Option<Vec<f32>>,
    e: Option<Kind>,
    f: Option<bool>,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
struct Kind2(char);

#[route("/query/<id>", methods = ["ANY"])]
fn query(id: u16, Query(query): Query<Fields<'_>>, lists: Query<BTreeMap<String, Vec<String>>>) -> String {
    format!("{id} {query:?} {lists:?}")
}

#[route("/form", methods = ["POST"])]
fn form(form: Option<Form<Fields<'_>>>, pairs: Query<Vec<(String, String)>>) -> String {
    format!("{form:?} {pairs:?}")
}

#[route("/files", methods = ["POST"])]
async fn files(mut form: Multipart<'_>) -> Result<String, Error> {
    let mut shown = String::new();
    while let Some(field) = form.next_field().await? {
        shown += &format!("{field:?} {:?}", field.text());
    }
    Ok(shown)
}

#[route("/json/<path..>", methods = ["POST"])]
async fn json(path: &str, body: Result<Json<Fields<'_>>, chalice_rs::rejection::JsonRejection>) -> String {
    format!("{path} {body:?}")
}

#[route("/rest", methods = ["ANY"])]
fn rest(
    request: &Request<'_>,
    headers: Headers<'_>,
    map: HeaderMap,
    cookies: Cookies<'_>,
    bearer: Option<Header<Bearer<'_>>>,
    body: Option<BodyLimit<String, 64>>,
) -> Json<Value> {
    let _ = format!("{request:?} {headers:?} {map:?} {cookies:?} {bearer:?} {body:?} {:?}", request.time());
    Json(request.to_json())
}

#[route("/caller", methods = ["ANY"])]
fn caller(
    claims: Result<Claims<Fields<'_>>, chalice_rs::rejection::ClaimsRejection>,
    context: Option<Authorized<Fields<'_>>>,
    identity: Option<IamIdentity>,
) -> String {
    format!("{claims:?} {context:?} {identity:?}")
}

/// The request is answered, and by no panic.
fn check(event: &[u8]) -> Result<(), TestCaseError> {
    let payload = CLIENT.invoke(event);
    let shown = String::from_utf8_lossy(event);
    let parsed: Value = serde_json::from_slice(&payload).map_err(|error| {
        TestCaseError::fail(format!("{error}\n  event: {shown}\n  payload: {}", payload.escape_ascii()))
    })?;
    prop_assert!(parsed["statusCode"].is_u64(), "{}\n  {}", shown, parsed);
    let answer = decode_response(&payload);
    prop_assert!(answer.is_ok(), "{}\n  {}", shown, parsed);
    prop_assert!(
        !parsed["body"].as_str().unwrap_or_default().contains("[\"panicked"),
        "{}\n  {}",
        shown,
        parsed
    );
    Ok(())
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        // What means something to somebody who reads it.
        r#"[a-f0-9=&+%;,"\\/ .\[\]{}:-]{0,24}"#,
        "\\PC{0,8}",
        any::<String>(),
    ]
}

fn pairs(names: &'static [&'static str]) -> impl Strategy<Value = Vec<(String, String)>> {
    let name = prop_oneof![3 => proptest::sample::select(names).prop_map(str::to_owned), 1 => text()];
    vec((name, text()), 0..5)
}

fn query_text() -> impl Strategy<Value = String> {
    let pair = ("[a-fé]{1,2}|%6[1-6]", "[0-9]{1,3}|[ab]|true|-1|%[0-9A-F]{2}|\\PC{0,3}");
    prop_oneof![
        text(),
        vec(pair.prop_map(|(name, value)| format!("{name}={value}")), 0..6).prop_map(|p| p.join("&"))
    ]
}

/// A body with the media type it claims.
fn body() -> impl Strategy<Value = (String, Vec<u8>)> {
    let multipart = vec((text(), vec(any::<u8>(), 0..20)), 0..3).prop_map(|fields| {
        let mut body = Vec::new();
        for (name, content) in fields {
            body.extend(format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n").bytes());
            body.extend(content);
            body.extend(b"\r\n");
        }
        body.extend(b"--x--\r\n");
        body
    });
    let json = prop_oneof![
        text().prop_map(String::into_bytes),
        pairs(&["a", "b", "c", "d", "e", "f"]).prop_map(|pairs| {
            let object: serde_json::Map<String, Value> =
                pairs.into_iter().map(|(name, value)| (name, Value::from(value))).collect();
            Value::Object(object).to_string().into_bytes()
        }),
    ];
    prop_oneof![
        (Just("multipart/form-data; boundary=x".to_owned()), multipart),
        (Just("application/x-www-form-urlencoded".to_owned()), query_text().prop_map(String::into_bytes)),
        (Just("application/json".to_owned()), json),
        (text(), vec(any::<u8>(), 0..100)),
    ]
}

/// Who calls, as an event has it.
fn authorizer() -> impl Strategy<Value = String> {
    let names = &["a", "b", "c", "d", "e", "f"];
    let object = || pairs(names).prop_map(|pairs| pairs.into_iter().collect::<BTreeMap<String, String>>());
    prop_oneof![
        Just(String::new()),
        object()
            .prop_map(|claims| serde_json::json!({ "jwt": { "claims": claims, "scopes": null } }).to_string()),
        object().prop_map(|context| serde_json::json!({ "lambda": context }).to_string()),
        object().prop_map(|identity| serde_json::json!({ "iam": identity }).to_string()),
        other_value().prop_map(|value| serde_json::json!({ "jwt": { "claims": value } }).to_string()),
    ]
}

const KEYS: [(&str, &str); 9] = [
    ("ANY /query/{id}", "/query/7"),
    ("POST /form", "/form"),
    ("POST /files", "/files"),
    ("POST /json/{path+}", "/json/a/b"),
    ("ANY /rest", "/rest"),
    ("ANY /caller", "/caller"),
    ("$default", "/query/8"),
    ("$default", "/json/%2F"),
    ("GET /nowhere", "/nowhere"),
];

fn event() -> impl Strategy<Value = Vec<u8>> {
    let headers = pairs(&["authorization", "cookie", "host", "x-a"]);
    let parameters = pairs(&["id", "path"]);
    let place =
        (proptest::sample::select(&KEYS[..]), prop_oneof![Just("POST"), Just("GET"), Just("")], text());
    let rest = (query_text(), body(), text(), any::<u64>(), authorizer());
    (place, headers, parameters, vec(text(), 0..3), rest).prop_map(
        |(
            (key, method, path),
            mut headers,
            mut parameters,
            cookies,
            (query, body, text, time, authorizer),
        )| {
            let (key, known_path) = key;
            headers.push(("content-type".to_owned(), body.0));
            parameters.push(("id".to_owned(), "7".to_owned()));
            let owned = |pairs: Vec<(String, String)>| -> Pairs<'static> {
                pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect()
            };
            encode_request(&Event {
                route_key: key.into(),
                raw_path: if path.len() % 2 == 0 { known_path.into() } else { path.as_str().into() },
                raw_query: query.into(),
                cookies: cookies.into_iter().map(Into::into).collect(),
                headers: owned(headers).into(),
                path_parameters: owned(parameters),
                stage_variables: Vec::new(),
                context: RequestContext {
                    method: method.into(),
                    authorizer: authorizer.into(),
                    path: known_path.into(),
                    domain_name: text.as_str().into(),
                    source_ip: text.as_str().into(),
                    stage: if time % 2 == 0 { "$default".into() } else { text.as_str().into() },
                    time: Moment::from_epoch_millis(time),
                    ..RequestContext::default()
                },
                body: body.1.into(),
            })
        },
    )
}

/// Any JSON value, to stand where another was.
fn other_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
        Just(Value::Array(vec![Value::Null])),
        Just(serde_json::json!({ "a": { "b": [1] } })),
    ]
}

/// What becomes of a value in an event.
#[derive(Debug, Clone)]
enum Change {
    Remove,
    Replace(Value),
}

fn change() -> impl Strategy<Value = (usize, Change)> {
    let change = prop_oneof![Just(Change::Remove), other_value().prop_map(Change::Replace)];
    (any::<usize>(), change)
}

/// Changes the value that `number` chooses among all of them.
fn apply(event: &mut Value, number: usize, change: &Change) {
    fn paths(value: &Value, path: &str, found: &mut Vec<String>) {
        let Value::Object(object) = value else { return };
        for (name, value) in object {
            let path = format!("{path}/{}", name.replace('~', "~0").replace('/', "~1"));
            paths(value, &path, found);
            found.push(path);
        }
    }
    let mut found = Vec::new();
    paths(event, "", &mut found);
    if found.is_empty() {
        return;
    }
    let path = &found[number % found.len()];
    let (parent, name) = path.rsplit_once('/').expect("each path has a slash");
    let name = name.replace("~1", "/").replace("~0", "~");
    let Some(Value::Object(parent)) = event.pointer_mut(parent) else { return };
    match change {
        Change::Remove => drop(parent.remove(&name)),
        Change::Replace(value) => drop(parent.insert(name, value.clone())),
    }
}

/// One for all: what a request leaves behind would show in the next one's answer.
static CLIENT: LazyLock<Client> = LazyLock::new(|| Client::new(App::new()).debug());

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn any_request_is_answered(event in event()) {
        check(&event)?;
    }

    #[test]
    fn an_event_with_other_values_in_it_is_answered(event in event(), changes in vec(change(), 1..5)) {
        let mut event: Value = serde_json::from_slice(&event).expect("an event is JSON");
        for (number, change) in &changes {
            apply(&mut event, *number, change);
        }
        check(event.to_string().as_bytes())?;
    }

    #[test]
    fn an_event_with_other_bytes_in_it_is_answered(
        event in event(),
        changes in vec((any::<usize>(), any::<u8>()), 0..6),
        cut in any::<usize>(),
    ) {
        let mut event = event;
        let len = event.len();
        for (at, byte) in changes {
            event[at % len] = byte;
        }
        check(&event)?;
        event.truncate(cut % len);
        check(&event)?;
    }

    #[test]
    fn bytes_that_are_no_event_are_answered(event in vec(any::<u8>(), 0..200)) {
        check(&event)?;
    }

    #[test]
    fn a_form_with_files_comes_out_as_it_went_in(
        fields in vec(("[a-z \"é;=]{1,8}", proptest::option::of("[a-z.\"☕;]{0,8}"), vec(any::<u8>(), 0..40)), 0..5),
    ) {
        let mut body = Vec::new();
        for (name, file, content) in &fields {
            let quoted = |text: &str| text.replace('"', "%22");
            body.extend(format!("--a-b\r\nContent-Disposition: form-data; name=\"{}\"", quoted(name)).bytes());
            if let Some(file) = file {
                body.extend(format!("; filename=\"{}\"", quoted(file)).bytes());
            }
            body.extend(b"\r\n\r\n");
            body.extend(content);
            body.extend(b"\r\n");
        }
        body.extend(b"--a-b--\r\n");
        let answer = CLIENT
            .post("/listed")
            .header("content-type", "multipart/form-data; boundary=a-b")
            .body(body)
            .send();
        prop_assert_eq!(answer.json::<Vec<Listed>>(), fields);
    }

    #[test]
    fn a_query_comes_out_as_it_went_in(pairs in vec(("\\PC{0,6}", "\\PC{0,6}"), 0..8)) {
        let request = pairs.iter().fold(CLIENT.get("/pairs"), |request, (name, value)| request.query(name, value));
        prop_assert_eq!(request.send().json::<Vec<(String, String)>>(), pairs);
    }
}

/// A field's name, its file's name and its content.
type Listed = (String, Option<String>, Vec<u8>);

#[route("/listed", methods = ["POST"])]
fn listed(form: Multipart<'_>) -> Result<Json<Vec<Listed>>, Error> {
    let fields = form.map(|field| {
        let field = field?;
        Ok((field.name().to_owned(), field.file_name().map(str::to_owned), field.bytes().to_vec()))
    });
    fields.collect::<Result<Vec<_>, Error>>().map(Json)
}

#[route("/pairs")]
fn pair_list(Query(pairs): Query<Vec<(String, String)>>) -> Json<Vec<(String, String)>> {
    Json(pairs)
}
