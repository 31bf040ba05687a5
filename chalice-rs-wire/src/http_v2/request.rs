//! The request: API Gateway's event, decoded once into borrowed fields, and encoded from them.

use std::borrow::Cow;
use std::fmt;
use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;

use super::{Headers, WireError};
use crate::Moment;
use crate::json::read::{Reader, Unexpected};
use crate::json::write as json;

/// Names and values in the order of the event.
pub type Pairs<'r> = Vec<(Cow<'r, str>, Cow<'r, str>)>;

/// One HTTP request, borrowed from the event wherever the JSON has no escapes.
///
/// Absent fields of the event are empty here.
///
/// ```
/// use chalice_rs_wire::http_v2::decode_request;
///
/// let event = br#"{
///     "version": "2.0", "routeKey": "GET /users/{id}", "rawPath": "/users/7", "pathParameters": {"id": "7"},
///     "requestContext": {"http": {"method": "GET", "path": "/users/7"}}
/// }"#;
/// let request = decode_request(event).unwrap();
/// assert_eq!((&*request.route_key, request.path_parameter("id")), ("GET /users/{id}", Some("7")));
/// ```
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
    pub headers: Headers<'r>,
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
///
/// ```
/// use chalice_rs_wire::http_v2::{RequestContext, Request};
///
/// let context = RequestContext { method: "GET".into(), stage: "$default".into(), ..RequestContext::default() };
/// assert_eq!(Request { context, ..Request::default() }.context.method, "GET");
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RequestContext<'r> {
    /// The account that owns the API; `anonymous` from a function URL.
    pub account_id: Cow<'r, str>,
    /// The API's id.
    pub api_id: Cow<'r, str>,
    /// Who calls, as the route's authorizer found it, in JSON: an object with `jwt`, `lambda` or `iam`.
    /// Empty where nobody asked. [`Caller`](super::Caller) reads it.
    pub authorizer: Cow<'r, str>,
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
    ///
    /// ```
    /// use chalice_rs_wire::http_v2::{Headers, Request};
    ///
    /// let headers = Headers::from(vec![("host".into(), "example.com".into())]);
    /// assert_eq!(Request { headers, ..Request::default() }.header("host"), Some("example.com"));
    /// ```
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)
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
        form_pairs(&self.raw_query)
    }

    /// The value of a path parameter.
    ///
    /// ```
    /// use chalice_rs_wire::http_v2::Request;
    ///
    /// let request = Request { path_parameters: vec![("id".into(), "7".into())], ..Request::default() };
    /// assert_eq!(request.path_parameter("id"), Some("7"));
    /// ```
    pub fn path_parameter(&self, name: &str) -> Option<&str> {
        self.path_parameters.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_ref())
    }
}

/// The names and values of a query or of an `application/x-www-form-urlencoded` body, decoded, in order,
/// repeats included. What is percent-encoded and no UTF-8 becomes `\u{fffd}`.
///
/// ```
/// use chalice_rs_wire::http_v2::form_pairs;
///
/// let pairs: Vec<_> = form_pairs("a=1+2&b=%E2%98%95").collect();
/// assert_eq!(pairs, [("a".into(), "1 2".into()), ("b".into(), "☕".into())]);
/// ```
pub fn form_pairs(text: &str) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    text.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(name), decoded(value))
    })
}

/// Reads an event: the function's half. Fields that we do not know are skipped; `null` is absent.
///
/// ```
/// use chalice_rs_wire::http_v2::decode_request;
///
/// let event = br#"{"version":"2.0","body":"aGk=","isBase64Encoded":true,"requestContext":{"http":{"method":"PUT"}}}"#;
/// assert_eq!(&*decode_request(event).unwrap().body, b"hi");
/// assert!(decode_request(b"{").is_err());
/// ```
pub fn decode_request(event: &[u8]) -> Result<Request<'_>, WireError> {
    // One check of the whole is cheaper than one for each string.
    let text =
        std::str::from_utf8(event).map_err(|error| WireError::Malformed { message: error.to_string() })?;
    let mut event = Event::default();
    event
        .read(&mut Reader::new(text))
        .map_err(|error| WireError::Malformed { message: error.describe(text) })?;
    let Event { mut request, version, body, is_base64, is_http } = event;
    let is_other = !matches!(version.as_ref(), "" | "2.0");
    if is_other || !is_http {
        return Err(WireError::OtherFormat { version: is_other.then(|| version.into_owned()) });
    }
    if request.raw_path.is_empty() {
        request.raw_path = request.context.path.clone();
    }
    request.body = match body {
        body if is_base64 => Cow::Owned(
            STANDARD.decode(body).map_err(|error| WireError::Base64 { message: error.to_string() })?,
        ),
        body => body,
    };
    Ok(request)
}

/// Writes an event as an HTTP API does: the gateway's half.
///
/// Header names are lower-cased, repeated headers joined with `,` and the `cookie` header moved to
/// `cookies`; empty maps and an empty body are left out; the body is text or base64 by its content
/// type. Paths and path parameters are taken as they are: decoding them is the caller's.
///
/// ```
/// use chalice_rs_wire::http_v2::{Request, decode_request, encode_request};
///
/// let request = Request { raw_query: "a=1".into(), ..Request::default() };
/// assert_eq!(decode_request(&encode_request(&request)).unwrap().raw_query, "a=1");
/// ```
pub fn encode_request(request: &Request<'_>) -> Vec<u8> {
    let context = &request.context;
    let mut out = Vec::with_capacity(2048 + request.body.len());
    out.extend_from_slice(br#"{"version":"2.0","#);
    let headers = joined_headers(&request.headers);
    field(&mut out, "routeKey", &request.route_key);
    field(&mut out, "rawPath", &request.raw_path);
    field(&mut out, "rawQueryString", &request.raw_query);

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
    if !context.authorizer.is_empty() {
        out.extend_from_slice(br#""authorizer":"#);
        out.extend_from_slice(context.authorizer.as_bytes());
        out.push(b',');
    }
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

fn joined_headers<'h>(headers: &'h Headers<'_>) -> Vec<(String, Cow<'h, str>)> {
    let mut joined: Vec<(String, Cow<'h, str>)> = Vec::with_capacity(headers.len());
    for (name, value) in headers.iter() {
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

/// What the event says, before it is known whether it is one of ours.
#[derive(Default)]
struct Event<'r> {
    request: Request<'r>,
    version: Cow<'r, str>,
    body: Cow<'r, [u8]>,
    is_base64: bool,
    /// Whether there is a `requestContext.http`, which HTTP requests alone have.
    is_http: bool,
}

impl<'r> Event<'r> {
    fn read(&mut self, reader: &mut Reader<'r>) -> Result<(), Unexpected> {
        reader.object(|reader, name| {
            let request = &mut self.request;
            match name.as_ref() {
                "version" => self.version = reader.string()?,
                "routeKey" => request.route_key = reader.string()?,
                "rawPath" => request.raw_path = reader.string()?,
                "rawQueryString" => request.raw_query = reader.string()?,
                "cookies" => reader.array(|reader| {
                    request.cookies.push(reader.string()?);
                    Ok(())
                })?,
                "headers" => request.headers = Headers::of_object(reader.strings()?),
                "pathParameters" => request.path_parameters = pairs(reader, 2)?,
                "stageVariables" => request.stage_variables = pairs(reader, 4)?,
                "requestContext" => self.read_context(reader)?,
                "body" => self.body = reader.string_bytes()?,
                "isBase64Encoded" => self.is_base64 = reader.boolean()?,
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        reader.end()
    }

    fn read_context(&mut self, reader: &mut Reader<'r>) -> Result<(), Unexpected> {
        let Request { context, route_key, .. } = &mut self.request;
        reader.object(|reader, name| {
            match name.as_ref() {
                "accountId" => context.account_id = reader.string()?,
                "apiId" => context.api_id = reader.string()?,
                // Taken as it stands: only who asks for it pays for reading it.
                "authorizer" => context.authorizer = Cow::Borrowed(reader.raw()?),
                "domainName" => context.domain_name = reader.string()?,
                "domainPrefix" => context.domain_prefix = reader.string()?,
                "http" => reader.object(|reader, name| {
                    self.is_http = true;
                    match name.as_ref() {
                        "method" => context.method = reader.string()?,
                        "path" => context.path = reader.string()?,
                        "protocol" => context.protocol = reader.string()?,
                        "sourceIp" => context.source_ip = reader.string()?,
                        "userAgent" => context.user_agent = reader.string()?,
                        _ => reader.skip()?,
                    }
                    Ok(())
                })?,
                "requestId" => context.request_id = reader.string()?,
                "routeKey" if route_key.is_empty() => *route_key = reader.string()?,
                "stage" => context.stage = reader.string()?,
                "timeEpoch" => context.time = Moment::from_epoch_millis(reader.whole_number()?),
                _ => reader.skip()?,
            }
            Ok(())
        })
    }
}

/// Reads an object of strings; `likely` is how many there are as a rule.
fn pairs<'r>(reader: &mut Reader<'r>, likely: usize) -> Result<Pairs<'r>, Unexpected> {
    let mut pairs = Vec::new();
    reader.object(|reader, name| {
        if pairs.is_empty() {
            pairs.reserve(likely);
        }
        pairs.push((name, reader.string()?));
        Ok(())
    })?;
    Ok(pairs)
}
