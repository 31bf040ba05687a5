//! What a careful author writes on bare `lambda_runtime`: types with just the fields that are needed.

use serde::{Deserialize, Serialize};

/// The part of a payload 2.0 event that these apps look at.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    pub route_key: String,
    #[serde(default)]
    pub path_parameters: PathParameters,
    #[serde(default)]
    pub body: String,
}

#[derive(Default, Deserialize)]
pub struct PathParameters {
    #[serde(default)]
    pub name: String,
}

/// The answer, as payload 2.0 wants it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    status_code: u16,
    headers: Headers,
    body: String,
}

#[derive(Serialize)]
struct Headers {
    #[serde(rename = "content-type")]
    content_type: &'static str,
}

#[derive(Serialize)]
pub struct Greeting {
    pub hello: String,
}

/// A document as the answer.
pub fn json(document: &impl Serialize) -> Result<Answer, lambda_runtime::Error> {
    let headers = Headers { content_type: "application/json" };
    Ok(Answer { status_code: 200, headers, body: serde_json::to_string(document)? })
}
