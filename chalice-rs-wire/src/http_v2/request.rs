//! The request: API Gateway's event, decoded once into borrowed fields, and encoded from them.

use std::borrow::Cow;
use std::fmt;
use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

use super::WireError;
use crate::Moment;
use crate::json;

/// Names and values in the order of the event.
pub type Pairs<'r> = Vec<(Cow<'r, str>, Cow<'r, str>)>;

/// One HTTP request, borrowed from the event wherever the JSON has no escapes.
///
/// Absent fields of the event are empty here.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Request<'r> {
    /// The key of the route that API Gateway matched: `GET /users/{id}`, `ANY /x` or `$default`.
    pub route_key: Cow<'r, str>,
    /// The path: percent-decoded by an HTTP API, still encoded from a function URL.
    pub raw_path: Cow<'r, str>,
    /// The query as the client sent it, without the `?`.
    pub raw_query: Cow<'r, str>,
    /// One `name=value` each.
    pub cookies: Vec<Cow<'r, str>>,
    /// Names are lower-case; repeated headers have been joined with `,`.
    pub headers: Pairs<'r>,
    /// The values of the route's `{name}`s, percent-decoded.
    pub path_parameters: Pairs<'r>,
    /// The stage's variables.
    pub stage_variables: Pairs<'r>,
    /// What API Gateway knows beside the request itself.
    pub context: RequestContext<'r>,
    /// The body, base64 undone.
    pub body: Cow<'r, [u8]>,
}

/// What API Gateway knows about a request beside the request itself.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RequestContext<'r> {
    /// The account that owns the API; `anonymous` from a function URL.
    pub account_id: Cow<'r, str>,
    /// The API's id.
    pub api_id: Cow<'r, str>,
    /// The host that the client called.
    pub domain_name: Cow<'r, str>,
    /// The first label of that host.
    pub domain_prefix: Cow<'r, str>,
    /// The method, upper-case.
    pub method: Cow<'r, str>,
    /// The path, percent-decoded, whoever sent the event.
    pub path: Cow<'r, str>,
    /// `HTTP/1.1`.
    pub protocol: Cow<'r, str>,
    /// The client's address.
    pub source_ip: Cow<'r, str>,
    /// The client's `User-Agent`.
    pub user_agent: Cow<'r, str>,
    /// API Gateway's id of the request.
    pub request_id: Cow<'r, str>,
    /// The stage; `$default` where it has no name.
    pub stage: Cow<'r, str>,
    /// When API Gateway received the request.
    pub time: Moment,
}

impl Request<'_> {
    /// The value of a header, by its lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_ref())
    }

    /// The names and values of the query, decoded, in order, repeats included.
    ///
    /// ```
    /// use chalice_rs_wire::http_v2::Request;
    ///
    /// let request = Request { raw_query: "a=1%2C2&a=x+y&b".into(), ..Request::default() };
    /// let pairs: Vec<_> = request.query_pairs().collect();
    /// assert_eq!(pairs, [("a".into(), "1,2".into()), ("a".into(), "x y".into()), ("b".into(), "".into())]);
    /// ```
    pub fn query_pairs(&self) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
        self.raw_query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name), decoded(value))
        })
    }

    /// The value of a path parameter.
    pub fn path_parameter(&self, name: &str) -> Option<&str> {
        self.path_parameters.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_ref())
    }
}

/// Reads an event: the function's half. Fields that we do not know are skipped; `null` is absent.
pub fn decode_request(event: &[u8]) -> Result<Request<'_>, WireError> {
    let malformed = |message: String| WireError::Malformed { message };
    // One check of the whole is cheaper than one for each string.
    let text = std::str::from_utf8(event).map_err(|error| malformed(error.to_string()))?;
    let event: Event<'_> = serde_json::from_str(text).map_err(|error| malformed(error.to_string()))?;

    let version = event.version.0;
    let (Some(context), true) = (event.request_context, version.is_empty() || version == "2.0") else {
        return Err(WireError::OtherFormat { version: (!version.is_empty()).then(|| version.into_owned()) });
    };
    let Some(http) = context.http else {
        return Err(WireError::OtherFormat { version: None });
    };

    let body = match event.is_base64_encoded {
        Some(true) => Cow::Owned(
            STANDARD
                .decode(event.body.0.as_bytes())
                .map_err(|error| WireError::Base64 { message: error.to_string() })?,
        ),
        Some(false) | None => match event.body.0 {
            Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
            Cow::Owned(text) => Cow::Owned(text.into_bytes()),
        },
    };
    let route_key = if event.route_key.0.is_empty() { context.route_key.0 } else { event.route_key.0 };
    let raw_path = if event.raw_path.0.is_empty() { http.path.0.clone() } else { event.raw_path.0 };
    Ok(Request {
        route_key,
        raw_path,
        raw_query: event.raw_query_string.0,
        cookies: event.cookies.unwrap_or_default().into_iter().map(|cookie| cookie.0).collect(),
        headers: event.headers.0,
        path_parameters: event.path_parameters.0,
        stage_variables: event.stage_variables.0,
        context: RequestContext {
            account_id: context.account_id.0,
            api_id: context.api_id.0,
            domain_name: context.domain_name.0,
            domain_prefix: context.domain_prefix.0,
            method: http.method.0,
            path: http.path.0,
            protocol: http.protocol.0,
            source_ip: http.source_ip.0,
            user_agent: http.user_agent.0,
            request_id: context.request_id.0,
            stage: context.stage.0,
            time: Moment::from_epoch_millis(context.time_epoch.unwrap_or_default()),
        },
        body,
    })
}

/// Writes an event as an HTTP API does: the gateway's half.
///
/// Header names are lower-cased, repeated headers joined with `,` and the `cookie` header moved to
/// `cookies`; empty maps and an empty body are left out; the body is text or base64 by its content
/// type. Paths and path parameters are taken as they are: decoding them is the caller's.
pub fn encode_request(request: &Request<'_>) -> Vec<u8> {
    let context = &request.context;
    let mut out = Vec::with_capacity(2048 + request.body.len());
    out.extend_from_slice(br#"{"version":"2.0","#);
    field(&mut out, "routeKey", &request.route_key);
    field(&mut out, "rawPath", &request.raw_path);
    field(&mut out, "rawQueryString", &request.raw_query);

    let headers = joined_headers(&request.headers);
    let cookies: Vec<&str> = request
        .headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("cookie"))
        .flat_map(|(_, value)| value.split(';'))
        .chain(request.cookies.iter().map(|cookie| cookie.as_ref()))
        .map(str::trim)
        .filter(|cookie| !cookie.is_empty())
        .collect();
    if !cookies.is_empty() {
        out.extend_from_slice(br#""cookies":["#);
        for cookie in cookies {
            json::push_str(&mut out, cookie);
            out.push(b',');
        }
        close(&mut out, b"],");
    }
    out.extend_from_slice(br#""headers":{"#);
    for (name, value) in &headers {
        field(&mut out, name, value);
    }
    close(&mut out, b"},");
    map(&mut out, "queryStringParameters", &joined_query(request));

    out.extend_from_slice(br#""requestContext":{"#);
    field(&mut out, "accountId", &context.account_id);
    field(&mut out, "apiId", &context.api_id);
    field(&mut out, "domainName", &context.domain_name);
    field(&mut out, "domainPrefix", &context.domain_prefix);
    out.extend_from_slice(br#""http":{"#);
    field(&mut out, "method", &context.method);
    field(&mut out, "path", &context.path);
    field(&mut out, "protocol", &context.protocol);
    field(&mut out, "sourceIp", &context.source_ip);
    field(&mut out, "userAgent", &context.user_agent);
    close(&mut out, b"},");
    field(&mut out, "requestId", &context.request_id);
    field(&mut out, "routeKey", &request.route_key);
    field(&mut out, "stage", &context.stage);
    write_to(&mut out, format_args!(r#""time":"{}","#, context.time.common_log()));
    write_to(&mut out, format_args!(r#""timeEpoch":{}}},"#, context.time.epoch_millis));

    map(&mut out, "pathParameters", &request.path_parameters);
    map(&mut out, "stageVariables", &request.stage_variables);
    let content_type =
        headers.iter().find(|(name, _)| name == "content-type").map(|(_, value)| value.as_ref());
    match std::str::from_utf8(&request.body) {
        Ok("") => out.extend_from_slice(br#""isBase64Encoded":false}"#),
        Ok(text) if is_text(content_type) => {
            field(&mut out, "body", text);
            out.extend_from_slice(br#""isBase64Encoded":false}"#);
        }
        _ => {
            field(&mut out, "body", &STANDARD.encode(&request.body));
            out.extend_from_slice(br#""isBase64Encoded":true}"#);
        }
    }
    out
}

/// Whether API Gateway hands a body of this type to the function as text. Measured on AWS: few types
/// are, and a missing type is not.
fn is_text(content_type: Option<&str>) -> bool {
    let Some(content_type) = content_type else { return false };
    let (essence, parameters) = content_type.split_once(';').unwrap_or((content_type, ""));
    let essence = essence.trim().to_ascii_lowercase();
    let is_text_type = essence.starts_with("text/")
        || matches!(
            essence.as_str(),
            "application/json" | "application/xml" | "application/javascript" | "application/graphql"
        );
    let has_other_charset =
        parameters.split(';').filter_map(|parameter| parameter.split_once('=')).any(|(name, value)| {
            name.trim().eq_ignore_ascii_case("charset")
                && !value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        });
    is_text_type && !has_other_charset
}

fn joined_headers<'h>(headers: &'h Pairs<'_>) -> Vec<(String, Cow<'h, str>)> {
    let mut joined: Vec<(String, Cow<'h, str>)> = Vec::with_capacity(headers.len());
    for (name, value) in headers {
        let name = name.to_ascii_lowercase();
        if name == "cookie" {
            continue;
        }
        match joined.iter_mut().find(|(found, _)| *found == name) {
            Some((_, values)) => {
                let values = values.to_mut();
                values.push(',');
                values.push_str(value);
            }
            None => joined.push((name, Cow::Borrowed(value))),
        }
    }
    joined
}

/// The query as `queryStringParameters` has it: repeats joined with `,`.
fn joined_query<'q>(request: &'q Request<'_>) -> Pairs<'q> {
    let mut joined: Pairs<'q> = Vec::new();
    for (name, value) in request.query_pairs() {
        match joined.iter_mut().find(|(found, _)| *found == name) {
            Some((_, values)) => {
                let values = values.to_mut();
                values.push(',');
                values.push_str(&value);
            }
            None => joined.push((name, value)),
        }
    }
    joined
}

/// A name or a value of a query: percent-decoded, `+` a space.
fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains(['%', '+']) {
        return Cow::Borrowed(text);
    }
    let spaced = text.replace('+', " ");
    Cow::Owned(percent_decode_str(&spaced).decode_utf8_lossy().into_owned())
}

fn map(out: &mut Vec<u8>, name: &str, pairs: &Pairs<'_>) {
    if pairs.is_empty() {
        return;
    }
    json::push_str(out, name);
    out.extend_from_slice(b":{");
    for (name, value) in pairs {
        field(out, name, value);
    }
    close(out, b"},");
}

fn field(out: &mut Vec<u8>, name: &str, value: &str) {
    json::push_str(out, name);
    out.push(b':');
    json::push_str(out, value);
    out.push(b',');
}

/// Puts `end` in the place of the last comma, or after an opening bracket.
fn close(out: &mut Vec<u8>, end: &[u8]) {
    if out.last() == Some(&b',') {
        out.pop();
    }
    out.extend_from_slice(end);
}

fn write_to(out: &mut Vec<u8>, text: fmt::Arguments<'_>) {
    out.write_fmt(text).expect("writing to a Vec never fails");
}

/// The event as it stands in JSON.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
struct Event<'r> {
    #[serde(borrow)]
    version: Text<'r>,
    #[serde(borrow)]
    route_key: Text<'r>,
    #[serde(borrow)]
    raw_path: Text<'r>,
    #[serde(borrow)]
    raw_query_string: Text<'r>,
    #[serde(borrow)]
    cookies: Option<Vec<Text<'r>>>,
    #[serde(borrow)]
    headers: Map<'r>,
    #[serde(borrow)]
    request_context: Option<EventContext<'r>>,
    #[serde(borrow)]
    path_parameters: Map<'r>,
    #[serde(borrow)]
    stage_variables: Map<'r>,
    #[serde(borrow)]
    body: Text<'r>,
    is_base64_encoded: Option<bool>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct EventContext<'r> {
    #[serde(borrow)]
    account_id: Text<'r>,
    #[serde(borrow)]
    api_id: Text<'r>,
    #[serde(borrow)]
    domain_name: Text<'r>,
    #[serde(borrow)]
    domain_prefix: Text<'r>,
    #[serde(borrow)]
    http: Option<EventHttp<'r>>,
    #[serde(borrow)]
    request_id: Text<'r>,
    #[serde(borrow)]
    route_key: Text<'r>,
    #[serde(borrow)]
    stage: Text<'r>,
    time_epoch: Option<u64>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct EventHttp<'r> {
    #[serde(borrow)]
    method: Text<'r>,
    #[serde(borrow)]
    path: Text<'r>,
    #[serde(borrow)]
    protocol: Text<'r>,
    #[serde(borrow)]
    source_ip: Text<'r>,
    #[serde(borrow)]
    user_agent: Text<'r>,
}

/// A string, borrowed where it has no escapes; `null` is the empty one.
#[derive(Default)]
struct Text<'r>(Cow<'r, str>);

impl<'de: 'r, 'r> Deserialize<'de> for Text<'r> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;

        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or null")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }

            fn visit_unit<E>(self) -> Result<Text<'de>, E> {
                Ok(Text::default())
            }
        }

        deserializer.deserialize_any(TextVisitor)
    }
}

/// An object of strings; `null` is the empty one.
#[derive(Default)]
struct Map<'r>(Pairs<'r>);

impl<'de: 'r, 'r> Deserialize<'de> for Map<'r> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MapVisitor;

        impl<'de> Visitor<'de> for MapVisitor {
            type Value = Map<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of strings or null")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Map<'de>, A::Error> {
                let mut pairs = Vec::new();
                while let Some((name, value)) = entries.next_entry::<Text<'de>, Text<'de>>()? {
                    if pairs.is_empty() {
                        // A browser sends about twenty headers; a route has few parameters.
                        pairs.reserve(8);
                    }
                    pairs.push((name.0, value.0));
                }
                Ok(Map(pairs))
            }

            fn visit_unit<E>(self) -> Result<Map<'de>, E> {
                Ok(Map::default())
            }
        }

        deserializer.deserialize_any(MapVisitor)
    }
}
