//! Which operation of AWS a request is, what it says, and what AWS's own description of the operation forbids.
//!
//! The descriptions are those that boto carries. MiniStack does not look at them, so without this a test would pass
//! with a function name of 200 letters.

use std::collections::BTreeMap;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::request::Parts;
use percent_encoding::percent_decode_str;
use regex::Regex;
use serde_json::{Map, Value, json};

use super::witness::Witness;

/// The services that the tool talks to, as boto and as signatures name them.
const SERVICES: [(&str, &str); 5] =
    [("apigatewayv2", "apigateway"), ("iam", "iam"), ("lambda", "lambda"), ("logs", "logs"), ("sts", "sts")];

/// The descriptions of all services.
#[derive(Debug)]
pub struct Models {
    services: BTreeMap<&'static str, Value>,
    patterns: BTreeMap<String, Regex>,
}

/// A request, recognised.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// As boto names it: `lambda`.
    pub service: &'static str,
    /// As AWS names it: `CreateFunction`.
    pub operation: String,
    /// The parameters, by their names on the wire.
    pub input: Value,
    /// The access key that signed it, which is the account in MiniStack.
    pub account: String,
}

impl Call {
    /// `lambda CreateFunction`, for lists.
    pub fn name(&self) -> String {
        format!("{} {}", self.service, self.operation)
    }

    /// Whether it changes anything.
    pub fn writes(&self) -> bool {
        const READS: [&str; 5] = ["Get", "List", "Describe", "Filter", "Lookup"];
        !READS.iter().any(|read| self.operation.starts_with(read))
    }

    /// A parameter that is text; empty when it is not there.
    pub fn text(&self, name: &str) -> &str {
        self.input[name].as_str().unwrap_or_default()
    }
}

impl Models {
    pub fn load(witness: &Witness) -> Self {
        let mut all = witness.models(&SERVICES.map(|(name, _)| name));
        let services: BTreeMap<_, _> = SERVICES.iter().map(|(name, _)| (*name, all[*name].take())).collect();
        let mut patterns = BTreeMap::new();
        for service in services.values() {
            for shape in service["shapes"].as_object().unwrap().values() {
                // Java's grammar. The few with look-around are not Rust's and are left out.
                if let Some(pattern) = shape["pattern"].as_str()
                    && let Ok(regex) = Regex::new(&format!("^(?:{pattern})$"))
                {
                    patterns.insert(pattern.to_owned(), regex);
                }
            }
        }
        Self { services, patterns }
    }

    /// The operation and its parameters. `None` is not a signed call of a service we know.
    pub fn recognise(&self, head: &Parts, body: &Bytes) -> Option<Call> {
        let authorization = head.headers.get("authorization")?.to_str().ok()?;
        let scope: Vec<&str> =
            authorization.split_once("Credential=")?.1.split(',').next()?.split('/').collect();
        let (account, signed_for) = (*scope.first()?, *scope.get(3)?);
        let (service, _) = SERVICES.iter().find(|(_, signing)| *signing == signed_for)?;
        let (operation, input) = match self.services[service]["metadata"]["protocol"].as_str()? {
            "json" => {
                let target = head.headers.get("x-amz-target")?.to_str().ok()?;
                (target.rsplit_once('.')?.1.to_owned(), serde_json::from_slice(body).ok()?)
            }
            "query" => self.query(service, body)?,
            _ => self.rest(service, head, body)?,
        };
        Some(Call { service, operation, input, account: account.to_owned() })
    }

    /// What AWS's description of the operation says against these parameters.
    pub fn problems(&self, call: &Call) -> Vec<String> {
        let mut problems = Vec::new();
        if let Some(shape) =
            self.services[call.service]["operations"][&call.operation]["input"]["shape"].as_str()
        {
            self.check(call.service, shape, &call.input, &call.operation, &mut problems);
        }
        problems
    }

    fn query(&self, service: &str, body: &Bytes) -> Option<(String, Value)> {
        let text = std::str::from_utf8(body).ok()?;
        let pairs: Vec<(String, String)> = text.split('&').filter_map(pair).collect();
        let operation = pairs.iter().find(|(name, _)| name == "Action")?.1.clone();
        let shape = self.services[service]["operations"][&operation]["input"]["shape"].as_str()?;
        let input = self.nested(service, shape, "", &pairs).unwrap_or_else(|| json!({}));
        Some((operation, input))
    }

    /// The query protocol writes `Tags.member.1.Key=..`; the description says what is a list and what a structure.
    fn nested(&self, service: &str, shape: &str, prefix: &str, pairs: &[(String, String)]) -> Option<Value> {
        let shape = &self.services[service]["shapes"][shape];
        let inner = |name: &str| if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") };
        match shape["type"].as_str()? {
            "structure" => {
                let mut object = Map::new();
                for (name, member) in shape["members"].as_object()? {
                    if let Some(value) = self.nested(service, member["shape"].as_str()?, &inner(name), pairs)
                    {
                        object.insert(name.clone(), value);
                    }
                }
                (!object.is_empty()).then_some(Value::Object(object))
            }
            "list" => {
                let item = shape["member"]["shape"].as_str()?;
                let items: Vec<Value> = (1..)
                    .map_while(|index| self.nested(service, item, &inner(&format!("member.{index}")), pairs))
                    .collect();
                (!items.is_empty()).then_some(Value::Array(items))
            }
            kind => {
                let text = &pairs.iter().find(|(name, _)| name == prefix)?.1;
                Some(typed(kind, text))
            }
        }
    }

    fn rest(&self, service: &str, head: &Parts, body: &Bytes) -> Option<(String, Value)> {
        let model = &self.services[service];
        let (operation, captures) = model["operations"]
            .as_object()?
            .iter()
            .filter_map(|(name, operation)| {
                let http = &operation["http"];
                if http["method"].as_str()? != head.method.as_str() {
                    return None;
                }
                Some((name, captures(http["requestUri"].as_str()?, head.uri.path())?))
            })
            // `/tags/{arn}` is longer than it looks; the operation with fewest parameters is the most exact.
            .min_by_key(|(_, captures)| captures.len())?;
        let query: Vec<(String, String)> =
            head.uri.query().unwrap_or_default().split('&').filter_map(pair).collect();
        let shape =
            &model["shapes"][model["operations"][operation]["input"]["shape"].as_str().unwrap_or_default()];
        let mut input = Map::new();
        if !body.is_empty()
            && shape["payload"].is_null()
            && let Ok(Value::Object(object)) = serde_json::from_slice(body)
        {
            input = object;
        }
        for (name, member) in shape["members"].as_object().into_iter().flatten() {
            let wire = member["locationName"].as_str().unwrap_or(name);
            let kind = model["shapes"][member["shape"].as_str()?]["type"].as_str()?;
            let value = match member["location"].as_str() {
                Some("uri") => captures.get(wire).map(|text| typed(kind, text)),
                Some("querystring") if kind == "list" => {
                    let items: Vec<Value> = query
                        .iter()
                        .filter(|(name, _)| name == wire)
                        .map(|(_, value)| json!(value))
                        .collect();
                    (!items.is_empty()).then_some(Value::Array(items))
                }
                Some("querystring") => {
                    query.iter().find(|(name, _)| name == wire).map(|(_, value)| typed(kind, value))
                }
                _ => None,
            };
            if let Some(value) = value {
                input.insert(wire.to_owned(), value);
            }
        }
        Some((operation.clone(), Value::Object(input)))
    }

    fn check(&self, service: &str, name: &str, value: &Value, at: &str, problems: &mut Vec<String>) {
        let shape = &self.services[service]["shapes"][name];
        match (shape["type"].as_str().unwrap_or_default(), value) {
            ("structure", Value::Object(object)) => {
                for (name, member) in shape["members"].as_object().into_iter().flatten() {
                    let wire = member["locationName"].as_str().unwrap_or(name);
                    let required = shape["required"].as_array().is_some_and(|all| all.contains(&json!(name)));
                    match object.get(wire) {
                        // A body that is one parameter, and headers, are not read here.
                        None if required
                            && !matches!(member["location"].as_str(), Some("header" | "headers")) =>
                        {
                            problems.push(format!("`{at}.{wire}` is required"));
                        }
                        Some(inner) if !inner.is_null() => {
                            let shape = member["shape"].as_str().unwrap_or_default();
                            self.check(service, shape, inner, &format!("{at}.{wire}"), problems);
                        }
                        _ => {}
                    }
                }
            }
            ("list", Value::Array(items)) => {
                within(shape, items.len() as f64, at, problems);
                for item in items {
                    self.check(
                        service,
                        shape["member"]["shape"].as_str().unwrap_or_default(),
                        item,
                        at,
                        problems,
                    );
                }
            }
            ("map", Value::Object(entries)) => {
                within(shape, entries.len() as f64, at, problems);
                for (key, inner) in entries {
                    self.check(
                        service,
                        shape["key"]["shape"].as_str().unwrap_or_default(),
                        &json!(key),
                        at,
                        problems,
                    );
                    let at = format!("{at}.{key}");
                    self.check(
                        service,
                        shape["value"]["shape"].as_str().unwrap_or_default(),
                        inner,
                        &at,
                        problems,
                    );
                }
            }
            ("string", Value::String(text)) => {
                let length = text.chars().count() as f64;
                within(shape, length, at, problems);
                // API Gateway's description has its limits in the names of the types only.
                if let Some((least, most)) = limits(name, "StringWithLengthBetween") {
                    within(&json!({ "min": least, "max": most }), length, at, problems);
                }
                if shape["enum"].as_array().is_some_and(|all| !all.contains(value)) {
                    problems.push(format!("`{at}` cannot be `{text}`"));
                }
                let pattern = shape["pattern"].as_str().and_then(|pattern| self.patterns.get(pattern));
                if pattern.is_some_and(|pattern| !pattern.is_match(text)) {
                    problems.push(format!("`{at}` does not match {}: `{text}`", shape["pattern"]));
                }
            }
            ("integer" | "long", Value::Number(number)) => {
                let number = number.as_f64().unwrap_or(f64::NAN);
                within(shape, number, at, problems);
                if let Some((least, most)) = limits(name, "IntegerWithLengthBetween") {
                    within(&json!({ "min": least, "max": most }), number, at, problems);
                }
            }
            ("blob", Value::String(text)) => {
                if BASE64_STANDARD.decode(text).is_err() {
                    problems.push(format!("`{at}` is not base64"));
                }
            }
            ("boolean", Value::Bool(_)) | ("double" | "float" | "timestamp", Value::Number(_)) => {}
            (kind, other) => problems.push(format!("`{at}` must be of type {kind}, not `{other}`")),
        }
    }
}

/// `StringWithLengthBetween1And64` says 1 and 64.
fn limits(name: &str, prefix: &str) -> Option<(u32, u32)> {
    let (least, most) = name.strip_prefix(prefix)?.split_once("And")?;
    Some((least.parse().ok()?, most.parse().ok()?))
}

fn within(shape: &Value, size: f64, at: &str, problems: &mut Vec<String>) {
    if shape["min"].as_f64().is_some_and(|least| size < least)
        || shape["max"].as_f64().is_some_and(|most| size > most)
    {
        problems.push(format!("`{at}` must be between {} and {}, not {size}", shape["min"], shape["max"]));
    }
}

fn pair(text: &str) -> Option<(String, String)> {
    let (name, value) = text.split_once('=').or(Some((text, ""))).filter(|(name, _)| !name.is_empty())?;
    let decode = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    Some((decode(name), decode(value)))
}

fn typed(kind: &str, text: &str) -> Value {
    match kind {
        "integer" | "long" => text.parse::<i64>().map_or(json!(text), |number| json!(number)),
        "boolean" => text.parse::<bool>().map_or(json!(text), |truth| json!(truth)),
        _ => json!(text),
    }
}

/// The parameters in a path, if it has the form of the template.
fn captures(template: &str, path: &str) -> Option<BTreeMap<String, String>> {
    let template: Vec<&str> = template.split('?').next()?.trim_end_matches('/').split('/').collect();
    let segments: Vec<&str> = path.trim_end_matches('/').split('/').collect();
    if template.len() != segments.len() {
        return None;
    }
    let mut found = BTreeMap::new();
    for (wanted, segment) in template.into_iter().zip(segments) {
        match wanted.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(name) => {
                let value = percent_decode_str(segment).decode_utf8_lossy().into_owned();
                found.insert(name.trim_end_matches('+').to_owned(), value);
            }
            None if wanted == segment => {}
            None => return None,
        }
    }
    Some(found)
}
