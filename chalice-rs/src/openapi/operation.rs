//! One operation of the document while types describe themselves.

use std::collections::{BTreeMap, BTreeSet};

use http::StatusCode;
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value, json};

use super::schemas::{ErrorBody, Refusal, Schemas};

const JSON: &str = "application/json";

/// What is said about one route, one method.
///
/// ```
/// use chalice_rs::openapi::{DescribeArgument, Operation};
/// use chalice_rs::{Error, FromRequest, Request};
///
/// /// Which tenant a request is of.
/// struct Tenant<'r>(&'r str);
///
/// impl<'r> FromRequest<'r> for Tenant<'r> {
///     type Rejection = Error;
///
///     async fn from_request(request: &'r Request<'r>) -> Result<Self, Error> {
///         request.header("x-tenant").map(Tenant).ok_or_else(|| Error::bad_request("which tenant?"))
///     }
/// }
///
/// impl DescribeArgument for Tenant<'_> {
///     fn describe(operation: &mut Operation<'_>) {
///         operation.header::<String>("x-tenant");
///     }
/// }
/// # let _ = Tenant("").0;
/// ```
#[derive(Debug)]
pub struct Operation<'d> {
    schemas: &'d mut Schemas,
    notes: &'d mut BTreeSet<String>,
    parameters: BTreeMap<(&'static str, String), Value>,
    body: Option<Body>,
    answers: BTreeMap<Status, Answer>,
    is_hidden: bool,
    presence: Presence,
    /// The status that successes have instead of their own.
    success: Option<Status>,
}

/// The status of an answer, as far as its type says it.
///
/// ```
/// use chalice_rs::openapi::{DescribeAnswer, Operation, Status};
///
/// /// Somewhere else, now or for ever.
/// struct Elsewhere;
///
/// impl DescribeAnswer for Elsewhere {
///     fn describe(operation: &mut Operation<'_>) {
///         operation.answer(Status::Redirection, "It is somewhere else.");
///         operation.answer(Status::Is(410), "It is gone.");
///     }
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Status {
    /// This one.
    Is(u16),
    /// One from 200 to 299.
    Success,
    /// One from 300 to 399.
    Redirection,
    /// One that is not mentioned otherwise.
    Any,
}

impl From<StatusCode> for Status {
    fn from(code: StatusCode) -> Self {
        Self::Is(code.as_u16())
    }
}

impl Status {
    fn is_success(self) -> bool {
        match self {
            Self::Is(code) => (200..300).contains(&code),
            Self::Success => true,
            Self::Redirection | Self::Any => false,
        }
    }

    fn key(self) -> String {
        match self {
            Self::Is(code) => code.to_string(),
            Self::Success => "2XX".to_owned(),
            Self::Redirection => "3XX".to_owned(),
            Self::Any => "default".to_owned(),
        }
    }

    fn words(self) -> String {
        let reason = |code| StatusCode::from_u16(code).ok()?.canonical_reason();
        match self {
            Self::Is(code) => reason(code).unwrap_or("An answer").to_owned(),
            Self::Success => "Success".to_owned(),
            Self::Redirection => "See elsewhere".to_owned(),
            Self::Any => "Any other answer".to_owned(),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Presence {
    Required,
    Optional,
}

#[derive(Debug)]
struct Body {
    presence: Presence,
    content: Map<String, Value>,
}

#[derive(Debug, Default)]
struct Answer {
    /// What is said, each once.
    words: Vec<String>,
    content: Map<String, Value>,
    headers: Map<String, Value>,
}

impl<'d> Operation<'d> {
    pub(crate) fn new(schemas: &'d mut Schemas, notes: &'d mut BTreeSet<String>) -> Self {
        Self {
            schemas,
            notes,
            parameters: BTreeMap::new(),
            body: None,
            answers: BTreeMap::new(),
            is_hidden: false,
            presence: Presence::Required,
            success: None,
        }
    }

    /// Each field of `T` is a parameter of the query.
    ///
    /// ```
    /// use chalice_rs::JsonSchema;
    /// use chalice_rs::openapi::Operation;
    ///
    /// #[derive(JsonSchema)]
    /// struct Paging {
    ///     cursor: Option<String>,
    /// }
    ///
    /// fn describe(operation: &mut Operation<'_>) {
    ///     operation.query::<Paging>();
    /// }
    /// # let _ = describe;
    /// ```
    pub fn query<T: JsonSchema>(&mut self) {
        let fields = self.schemas.fields::<T>();
        let required: Vec<&str> =
            fields["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        for (name, schema) in fields["properties"].as_object().into_iter().flatten() {
            let presence = match required.contains(&name.as_str()) {
                true => self.presence,
                false => Presence::Optional,
            };
            self.parameter("query", name, presence, present(schema.clone()));
        }
    }

    /// A header of the request.
    ///
    /// OpenAPI has no place for `Accept`, `Authorization` and `Content-Type` among the parameters.
    ///
    /// ```
    /// use chalice_rs::openapi::Operation;
    ///
    /// fn describe(operation: &mut Operation<'_>) {
    ///     operation.header::<u32>("x-api-version");
    /// }
    /// # let _ = describe;
    /// ```
    pub fn header<T: JsonSchema>(&mut self, name: &str) {
        let elsewhere = ["accept", "authorization", "content-type"];
        if elsewhere.iter().any(|other| name.eq_ignore_ascii_case(other)) {
            return;
        }
        let schema = self.schemas.sent::<T>();
        self.parameter("header", name, self.presence, schema);
    }

    /// A cookie of the request.
    ///
    /// ```
    /// use chalice_rs::openapi::Operation;
    ///
    /// fn describe(operation: &mut Operation<'_>) {
    ///     operation.cookie::<String>("session");
    /// }
    /// # let _ = describe;
    /// ```
    pub fn cookie<T: JsonSchema>(&mut self, name: &str) {
        let schema = self.schemas.sent::<T>();
        self.parameter("cookie", name, self.presence, schema);
    }

    /// A parameter of the path.
    pub(crate) fn path<T: JsonSchema>(&mut self, name: &str) {
        let mut schema = self.schemas.fields::<T>();
        let any_text = json!({ "type": "string" });
        if schema != any_text {
            self.error(StatusCode::BAD_REQUEST, None);
        }
        // What is parsed from text is no object, whatever its JSON is.
        if schema["type"] == "object" || schema["type"] == "array" {
            schema = any_text;
        }
        self.parameter("path", name, Presence::Required, schema);
    }

    /// A parameter of the path that is parsed into what has no schema.
    pub(crate) fn parsed_path(&mut self, name: &str) {
        self.path::<String>(name);
        self.error(StatusCode::BAD_REQUEST, None);
    }

    /// A parameter of the path of which nothing is known.
    pub(crate) fn unknown_path(&mut self, name: &str) {
        if !self.parameters.contains_key(&("path", name.to_owned())) {
            self.path::<String>(name);
        }
    }

    fn parameter(&mut self, place: &'static str, name: &str, presence: Presence, mut schema: Value) {
        // A field's doc comment is the parameter's.
        let description = schema.as_object_mut().and_then(|schema| schema.remove("description"));
        let mut parameter = json!({ "name": name, "in": place, "schema": schema });
        if presence == Presence::Required {
            parameter["required"] = true.into();
        }
        if let Some(description) = description {
            parameter["description"] = description;
        }
        self.parameters.insert((place, name.to_owned()), parameter);
    }

    /// The body is a `T`, written as this media type.
    ///
    /// ```
    /// use chalice_rs::JsonSchema;
    /// use chalice_rs::openapi::Operation;
    ///
    /// #[derive(JsonSchema)]
    /// struct Note {
    ///     text: String,
    /// }
    ///
    /// fn describe(operation: &mut Operation<'_>) {
    ///     operation.body::<Note>("application/yaml");
    /// }
    /// # let _ = describe;
    /// ```
    pub fn body<T: JsonSchema>(&mut self, media_type: &str) {
        let schema = self.schemas.sent::<T>();
        self.body_with(media_type, schema);
    }

    /// The body is something of this media type.
    ///
    /// ```
    /// use chalice_rs::openapi::Operation;
    /// use chalice_rs::schemars::json_schema;
    ///
    /// fn describe(operation: &mut Operation<'_>) {
    ///     operation.body_of("image/png", json_schema!({ "type": "string", "format": "binary" }));
    /// }
    /// # let _ = describe;
    /// ```
    pub fn body_of(&mut self, media_type: &str, schema: Schema) {
        self.body_with(media_type, schema.to_value());
    }

    fn body_with(&mut self, media_type: &str, schema: Value) {
        let body = self.body.get_or_insert_with(|| Body { presence: self.presence, content: Map::new() });
        body.content.insert(media_type.to_owned(), json!({ "schema": schema }));
    }

    /// An answer that has this status, and no content unless [`content`](Self::content) says so.
    /// The words are what a reader is told about it.
    ///
    /// ```
    /// use chalice_rs::StatusCode;
    /// use chalice_rs::openapi::Operation;
    ///
    /// fn describe(operation: &mut Operation<'_>) {
    ///     operation.answer(StatusCode::ACCEPTED, "It will be done.");
    /// }
    /// # let _ = describe;
    /// ```
    pub fn answer(&mut self, status: impl Into<Status>, words: &str) {
        let answer = self.answer_of(status.into());
        if !answer.words.iter().any(|said| said == words) {
            answer.words.push(words.to_owned());
        }
    }

    /// The answer of this status is a `T`, written as this media type.
    ///
    /// ```
    /// use chalice_rs::openapi::Operation;
    /// use chalice_rs::{JsonSchema, StatusCode};
    ///
    /// #[derive(JsonSchema)]
    /// struct Note {
    ///     text: String,
    /// }
    ///
    /// fn describe(operation: &mut Operation<'_>) {
    ///     operation.content::<Note>(StatusCode::OK, "application/yaml");
    /// }
    /// # let _ = describe;
    /// ```
    pub fn content<T: JsonSchema>(&mut self, status: impl Into<Status>, media_type: &str) {
        let schema = self.schemas.answered::<T>();
        self.content_with(status.into(), media_type, schema);
    }

    /// The answer of this status is something of this media type.
    ///
    /// ```
    /// use chalice_rs::StatusCode;
    /// use chalice_rs::openapi::Operation;
    /// use chalice_rs::schemars::json_schema;
    ///
    /// fn describe(operation: &mut Operation<'_>) {
    ///     operation.content_of(StatusCode::OK, "text/csv", json_schema!({ "type": "string" }));
    /// }
    /// # let _ = describe;
    /// ```
    pub fn content_of(&mut self, status: impl Into<Status>, media_type: &str, schema: Schema) {
        self.content_with(status.into(), media_type, schema.to_value());
    }

    fn content_with(&mut self, status: Status, media_type: &str, schema: Value) {
        let content = &mut self.answer_of(status).content;
        match content.get_mut(media_type).map(|content| &mut content["schema"]) {
            None => {
                content.insert(media_type.to_owned(), json!({ "schema": schema }));
            }
            Some(before) if *before == schema => {}
            // Two types for one status: either may come.
            Some(before) => match before.get_mut("anyOf").and_then(Value::as_array_mut) {
                Some(any) if any.contains(&schema) => {}
                Some(any) => any.push(schema),
                None => *before = json!({ "anyOf": [before.take(), schema] }),
            },
        }
    }

    /// The answer of this status has a header.
    ///
    /// ```
    /// use chalice_rs::StatusCode;
    /// use chalice_rs::openapi::Operation;
    ///
    /// fn describe(operation: &mut Operation<'_>) {
    ///     operation.answer(StatusCode::CREATED, "It is there now.");
    ///     operation.answer_header::<String>(StatusCode::CREATED, "Location");
    /// }
    /// # let _ = describe;
    /// ```
    pub fn answer_header<T: JsonSchema>(&mut self, status: impl Into<Status>, name: &str) {
        let schema = self.schemas.answered::<T>();
        self.answer_of(status.into()).headers.insert(name.to_owned(), json!({ "schema": schema }));
    }

    /// An error with our body, and its `Code` if that is known.
    ///
    /// ```
    /// use chalice_rs::StatusCode;
    /// use chalice_rs::openapi::Operation;
    ///
    /// fn describe(operation: &mut Operation<'_>) {
    ///     operation.error(StatusCode::CONFLICT, Some("Taken"));
    /// }
    /// # let _ = describe;
    /// ```
    pub fn error(&mut self, status: impl Into<Status>, code: Option<&str>) {
        let status = status.into();
        let schema = self.schemas.answered::<ErrorBody>();
        self.content_with(status, JSON, schema);
        if let Some(code) = code {
            self.answer(status, &format!("`{code}`"));
        }
    }

    /// What `describe` says, as something that may be absent.
    ///
    /// ```
    /// use chalice_rs::openapi::Operation;
    ///
    /// fn describe(operation: &mut Operation<'_>) {
    ///     operation.optional(|operation| operation.header::<String>("x-tenant"));
    /// }
    /// # let _ = describe;
    /// ```
    pub fn optional(&mut self, describe: impl FnOnce(&mut Self)) {
        let before = std::mem::replace(&mut self.presence, Presence::Optional);
        describe(self);
        self.presence = before;
    }

    /// What `describe` says, with successes of another status.
    ///
    /// ```
    /// use chalice_rs::openapi::{DescribeAnswer, Operation};
    /// use chalice_rs::{Json, StatusCode};
    ///
    /// /// What is in it has been made by this request.
    /// struct Created<T>(T);
    ///
    /// impl DescribeAnswer for Created<Json<u32>> {
    ///     fn describe(operation: &mut Operation<'_>) {
    ///         operation.with_success(StatusCode::CREATED, <Json<u32> as DescribeAnswer>::describe);
    ///     }
    /// }
    /// ```
    pub fn with_success(&mut self, status: impl Into<Status>, describe: impl FnOnce(&mut Self)) {
        let before = self.success.replace(status.into());
        describe(self);
        self.success = before;
    }

    /// Leaves the route out of the document.
    ///
    /// ```
    /// use chalice_rs::openapi::{DescribeAnswer, Operation};
    ///
    /// /// An answer for machines of ours alone.
    /// struct Pulse;
    ///
    /// impl DescribeAnswer for Pulse {
    ///     fn describe(operation: &mut Operation<'_>) {
    ///         operation.hide();
    ///     }
    /// }
    /// ```
    pub fn hide(&mut self) {
        self.is_hidden = true;
    }

    /// Something that the author of the program may want to know.
    pub(crate) fn note(&mut self, note: String) {
        self.notes.insert(note);
    }

    /// What goes for each argument of some type.
    pub(crate) fn argument_ended(&mut self, takes_body: bool) {
        if takes_body {
            if self.body.is_none() {
                self.body_with("*/*", json!({}));
            }
            self.error(StatusCode::PAYLOAD_TOO_LARGE, None);
        }
    }

    /// API Gateway refuses by itself.
    pub(crate) fn refusal(&mut self, status: StatusCode) {
        let schema = self.schemas.answered::<Refusal>();
        self.content_with(status.into(), JSON, schema);
    }

    fn answer_of(&mut self, status: Status) -> &mut Answer {
        let status = match self.success {
            Some(other) if status.is_success() => other,
            _ => status,
        };
        self.answers.entry(status).or_default()
    }

    /// The operation as it stands in the document; `None` if it does not.
    pub(crate) fn finish(self) -> Option<Map<String, Value>> {
        if self.is_hidden {
            return None;
        }
        let mut operation = Map::new();
        if !self.parameters.is_empty() {
            operation.insert("parameters".to_owned(), self.parameters.into_values().collect());
        }
        if let Some(Body { presence, content }) = self.body {
            let mut body = json!({ "content": content });
            if presence == Presence::Required {
                body["required"] = true.into();
            }
            operation.insert("requestBody".to_owned(), body);
        }
        let answers: Map<String, Value> =
            self.answers.into_iter().map(|(status, answer)| (status.key(), answer.finish(status))).collect();
        operation.insert("responses".to_owned(), answers.into());
        Some(operation)
    }
}

/// The schema without `null`: a parameter that is none is left out.
fn present(mut schema: Value) -> Value {
    if let Some(types) = schema.get_mut("type").filter(|types| types.is_array()) {
        let mut left: Vec<Value> = types.as_array_mut().map(std::mem::take).unwrap_or_default();
        left.retain(|one| one != "null");
        *types = if left.len() == 1 { left.remove(0) } else { left.into() };
    }
    if let Some(any) = schema.get_mut("anyOf").and_then(Value::as_array_mut) {
        any.retain(|one| one["type"] != "null");
        if let [only] = any.as_slice()
            && let (Value::Object(only), Some(fields)) = (only.clone(), schema.as_object_mut())
        {
            fields.remove("anyOf");
            fields.extend(only);
        }
    }
    schema
}

impl Answer {
    fn finish(self, status: Status) -> Value {
        let words = if self.words.is_empty() { status.words() } else { self.words.join(", ") };
        let mut answer = json!({ "description": words });
        if !self.content.is_empty() {
            answer["content"] = self.content.into();
        }
        if !self.headers.is_empty() {
            answer["headers"] = self.headers.into();
        }
        answer
    }
}
