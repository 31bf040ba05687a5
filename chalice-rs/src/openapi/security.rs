//! Who may call, as OpenAPI says it.

use chalice_rs_manifest::{Authorizer, By, Guard, Identity, Jwt, Manifest, Route};
use serde_json::{Map, Value, json};

/// What a caller of one route has to show: each is enough, and has schemes that all are needed.
pub(crate) fn requirements(manifest: &Manifest, guard: &Guard, scopes: &[String]) -> Vec<Value> {
    let names = match guard {
        Guard::None => return Vec::new(),
        Guard::Iam => vec![IAM.to_owned()],
        Guard::Named(name) => manifest
            .authorizer(name)
            .map(|found| schemes(found).into_iter().map(|(name, _)| name).collect())
            .unwrap_or_default(),
    };
    let with = |scopes: Value| {
        let schemes: Map<String, Value> = names.iter().map(|name| (name.clone(), scopes.clone())).collect();
        Value::Object(schemes)
    };
    // One of the scopes is enough, and OpenAPI's lists mean all of them.
    match (names.as_slice(), scopes) {
        ([], _) => Vec::new(),
        (_, []) => vec![with(json!([]))],
        (_, scopes) => scopes.iter().map(|scope| with(json!([scope]))).collect(),
    }
}

/// All schemes that the routes use.
pub(crate) fn all(manifest: &Manifest, routes: &[&Route]) -> Map<String, Value> {
    let guards = || routes.iter().filter_map(|route| route.rules.authorizer.as_ref());
    let used = manifest
        .authorizers
        .iter()
        .filter(|authorizer| guards().any(|guard| *guard == Guard::Named(authorizer.name.clone())));
    let mut all: Map<String, Value> = used.flat_map(schemes).collect();
    if guards().any(|guard| *guard == Guard::Iam) {
        all.insert(IAM.to_owned(), iam());
    }
    all
}

/// The name of the scheme of requests that AWS identities sign.
const IAM: &str = "iam";

/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authtype.html>
fn iam() -> Value {
    json!({
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "description": "AWS Signature Version 4",
        "x-amazon-apigateway-authtype": "awsSigv4",
    })
}

fn schemes(authorizer: &Authorizer) -> Map<String, Value> {
    let name = authorizer.name.to_string();
    let mut schemes = match &authorizer.by {
        By::Jwt(jwt) => Map::from_iter([(name, token(jwt))]),
        By::Function(question) | By::Lambda { question, .. } => {
            let keys: Vec<(&Identity, Value)> =
                question.identity.iter().filter_map(|identity| Some((identity, key(identity)?))).collect();
            match keys.as_slice() {
                [(_, only)] => Map::from_iter([(name, only.clone())]),
                several => several
                    .iter()
                    .map(|(_, key)| {
                        (format!("{name}.{}", key["name"].as_str().unwrap_or_default()), key.clone())
                    })
                    .collect(),
            }
        }
    };
    if let Some(doc) = &authorizer.doc {
        for scheme in schemes.values_mut() {
            scheme["description"] = doc.as_str().into();
        }
    }
    schemes
}

/// An issuer that API Gateway trusts publishes where it is and what it has, as OpenID Connect says.
fn token(jwt: &Jwt) -> Value {
    if jwt.identity == Identity::authorization() {
        let issuer = jwt.issuer.trim_end_matches('/');
        return json!({
            "type": "openIdConnect",
            "openIdConnectUrl": format!("{issuer}/.well-known/openid-configuration"),
        });
    }
    key(&jwt.identity).unwrap_or_else(|| json!({ "type": "http", "scheme": "bearer", "bearerFormat": "JWT" }))
}

/// What a caller sends to be known by; `None` for what it does not send.
fn key(identity: &Identity) -> Option<Value> {
    let (place, name) = match identity {
        Identity::Header(name) => ("header", name),
        Identity::Query(name) => ("query", name),
        Identity::Context(_) | Identity::StageVariable(_) => return None,
    };
    Some(json!({ "type": "apiKey", "in": place, "name": name }))
}
