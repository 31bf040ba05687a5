//! The schemas of a document: what is sent and what is answered, each type once.
//!
//! A type may be written in another way than it is read (a field that is only ever read, one with a
//! default). Both ways have a generator of their own here; where they differ in the end, what is
//! answered gets a name of its own.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::percent_decode_str;
use schemars::generate::{Contract, SchemaSettings};
use schemars::transform::{ReplaceBoolSchemas, Transform};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value};

/// Where a document has its schemas.
const PLACE: &str = "#/components/schemas/";

/// Where those of answers are until it is known how they are called.
const ANSWERS: &str = "#/components/answers/";

/// The body of each error; `error.rs` writes it.
pub(crate) struct ErrorBody;

impl JsonSchema for ErrorBody {
    fn schema_name() -> Cow<'static, str> {
        "Error".into()
    }

    fn schema_id() -> Cow<'static, str> {
        concat!(module_path!(), "::ErrorBody").into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "description": "What went wrong.",
            "properties": {
                "Code": { "type": "string", "description": "What kind of error it is." },
                "Message": { "type": "string", "description": "What to tell a person." },
            },
            "required": ["Code", "Message"],
        })
    }
}

/// The body of what API Gateway refuses by itself.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-jwt.html>
pub(crate) struct Refusal;

impl JsonSchema for Refusal {
    fn schema_name() -> Cow<'static, str> {
        "Refusal".into()
    }

    fn schema_id() -> Cow<'static, str> {
        concat!(module_path!(), "::Refusal").into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "description": "Who calls may not.",
            "properties": { "message": { "type": "string" } },
            "required": ["message"],
        })
    }
}

/// Both generators.
#[derive(Debug)]
pub(crate) struct Schemas {
    sent: SchemaGenerator,
    answered: SchemaGenerator,
}

impl Schemas {
    pub(crate) fn new() -> Self {
        let generator = |contract, place: &'static str| {
            let settings = SchemaSettings::draft2020_12().with(|settings| {
                settings.definitions_path = place.trim_end_matches('/').into();
                settings.meta_schema = None;
                settings.contract = contract;
                settings.transforms.push(Box::new(plain()));
            });
            settings.into_generator()
        };
        let mut schemas = Self {
            sent: generator(Contract::Deserialize, PLACE),
            answered: generator(Contract::Serialize, ANSWERS),
        };
        // First, so that a user's type of the same name is the one that gets a number.
        schemas.answered::<ErrorBody>();
        schemas.sent.subschema_for::<ErrorBody>();
        schemas
    }

    /// The schema of something that is sent.
    pub(crate) fn sent<T: JsonSchema + ?Sized>(&mut self) -> Value {
        transformed(self.sent.subschema_for::<T>())
    }

    /// The schema of something that is answered.
    pub(crate) fn answered<T: JsonSchema + ?Sized>(&mut self) -> Value {
        transformed(self.answered.subschema_for::<T>())
    }

    /// The schema of something that is sent, with its fields in it and not somewhere else.
    pub(crate) fn fields<T: JsonSchema>(&mut self) -> Value {
        transformed(T::json_schema(&mut self.sent))
    }

    /// All schemas that the document names, with the document's references to them set right.
    pub(crate) fn finish(mut self, document: &mut Value) -> Map<String, Value> {
        let sent = self.sent.take_definitions(true);
        let answered = self.answered.take_definitions(true);
        let apart = apart(&sent, &answered);
        let names: BTreeMap<String, String> =
            answered.keys().map(|name| (name.clone(), answered_name(name, &apart, &sent))).collect();

        let mut all: BTreeMap<String, Value> = sent.into_iter().collect();
        for (name, mut schema) in answered {
            rename(&mut schema, &names);
            all.entry(names[&name].clone()).or_insert(schema);
        }
        rename(document, &names);
        let mut used = BTreeSet::new();
        collect(document, &all, &mut used);
        all.into_iter().filter(|(name, _)| used.contains(name)).collect()
    }
}

/// OpenAPI's tools know objects for schemas, not `true` and `false`.
fn plain() -> ReplaceBoolSchemas {
    let mut plain = ReplaceBoolSchemas::default();
    plain.skip_additional_properties = true;
    plain
}

fn transformed(mut schema: Schema) -> Value {
    plain().transform(&mut schema);
    schema.to_value()
}

/// The names under which two different things are, by themselves or by what they refer to.
fn apart(sent: &Map<String, Value>, answered: &Map<String, Value>) -> BTreeSet<String> {
    let same_place = |schema: &Value| {
        let mut schema = schema.clone();
        references(&mut schema, &mut |reference| *reference = reference.replacen(ANSWERS, PLACE, 1));
        schema
    };
    let mut apart: BTreeSet<String> = answered
        .iter()
        .filter(|(name, schema)| sent.get(*name).is_some_and(|other| *other != same_place(schema)))
        .map(|(name, _)| name.clone())
        .collect();
    loop {
        let before = apart.len();
        for (name, schema) in answered {
            let mut refers = false;
            references(&mut schema.clone(), &mut |reference| {
                refers |= reference.strip_prefix(ANSWERS).is_some_and(|name| apart.contains(name));
            });
            if refers && sent.contains_key(name) {
                apart.insert(name.clone());
            }
        }
        if apart.len() == before {
            return apart;
        }
    }
}

fn answered_name(name: &str, apart: &BTreeSet<String>, sent: &Map<String, Value>) -> String {
    if !apart.contains(name) {
        return name.to_owned();
    }
    let mut other = format!("{name}Answer");
    while sent.contains_key(&other) {
        other.push('_');
    }
    other
}

fn rename(value: &mut Value, names: &BTreeMap<String, String>) {
    references(value, &mut |reference| {
        if let Some(name) = reference.strip_prefix(ANSWERS) {
            *reference = format!("{PLACE}{}", names.get(name).map_or(name, String::as_str));
        }
    });
}

/// The names of all schemas that can be reached.
fn collect(value: &Value, all: &BTreeMap<String, Value>, used: &mut BTreeSet<String>) {
    let mut found = Vec::new();
    references(&mut value.clone(), &mut |reference| {
        // The tool refuses names that need this; it has to see them.
        let name = reference.strip_prefix(PLACE).map(|name| percent_decode_str(name).decode_utf8_lossy());
        found.extend(name.map(Cow::into_owned));
    });
    for name in found {
        if let Some(schema) = all.get(&name)
            && used.insert(name)
        {
            collect(schema, all, used);
        }
    }
}

/// Visits each `$ref`.
fn references(value: &mut Value, visit: &mut impl FnMut(&mut String)) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(reference) if name == "$ref" => visit(reference),
                    value => references(value, visit),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| references(value, visit)),
        _ => {}
    }
}
