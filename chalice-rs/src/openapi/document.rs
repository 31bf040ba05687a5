//! The document: every route with its words, what its types say, and who may call it.
//!
//! Not here: what the types say; see `argument.rs` and `answer.rs`.

use std::collections::{BTreeMap, BTreeSet};

use chalice_rs_manifest::{Guard, Manifest, Method, PathPattern, Route, SectionError, Segment};
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::operation::{Operation, Status};
use super::schemas::Schemas;
use super::{registration, security};
use crate::declaration;

/// An OpenAPI 3.1 document.
///
/// ```standalone_crate
/// use chalice_rs::prelude::*;
///
/// /// Says how much is there.
/// #[get("/stock/<article>")]
/// fn stock(article: u32) -> String {
///     format!("{article} of them")
/// }
///
/// # fn main() {
/// let document = chalice_rs::openapi::document().unwrap();
/// assert_eq!(document.json()["openapi"], "3.1.0");
/// assert_eq!(document.json()["paths"]["/stock/{article}"]["get"]["operationId"], "stock");
/// assert!(document.notes().is_empty());
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Document {
    json: Value,
    notes: Vec<String>,
}

impl Document {
    /// The document.
    ///
    /// ```
    /// use chalice_rs::openapi::Document;
    ///
    /// fn paths(document: &Document) -> Vec<&String> {
    ///     document.json()["paths"].as_object().into_iter().flat_map(|paths| paths.keys()).collect()
    /// }
    /// # let _ = paths;
    /// ```
    pub fn json(&self) -> &Value {
        &self.json
    }

    /// What the document does not say, and how it could, for the author of the program.
    ///
    /// ```
    /// use chalice_rs::openapi::Document;
    ///
    /// /// For a test of yours: each type says what it is.
    /// fn check(document: &Document) {
    ///     assert!(document.notes().is_empty(), "{}", document.notes().join("\n"));
    /// }
    /// # let _ = check;
    /// ```
    pub fn notes(&self) -> &[String] {
        &self.notes
    }
}

/// The document of this program's routes.
///
/// An error is a record that this version of the library cannot read.
///
/// ```
/// let document = chalice_rs::openapi::document().unwrap();
/// assert_eq!(document.json()["openapi"], "3.1.0");
/// ```
pub fn document() -> Result<Document, SectionError> {
    let manifest = declaration::manifest()?;
    let descriptions = registration::all();
    let mut schemas = Schemas::new();
    let mut notes = BTreeSet::new();
    let ids = Ids::of(&manifest);
    let mut paths: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    let mut shown: Vec<&Route> = Vec::new();
    for route in &manifest.routes {
        let path = template(&route.path);
        if shadowed(&manifest, route) {
            notes.insert(format!("OpenAPI has no word for a rest of a path: `{}` is left out", route.path));
            continue;
        }
        let mut said = Operation::new(&mut schemas, &mut notes);
        match registration::find(&descriptions, route) {
            Some(describe) => describe(&mut said),
            None => said.answer(Status::Any, "An answer"),
        }
        let Some(described) = operation(&manifest, route, said) else { continue };
        shown.push(route);
        for method in methods(&manifest, route) {
            let mut operation = described.clone();
            operation.insert("operationId".to_owned(), ids.id(route, method).into());
            paths
                .entry(path.clone())
                .or_default()
                .insert(method.as_str().to_ascii_lowercase(), operation.into());
        }
    }

    let mut paths = json!(paths);
    let mut components = Map::new();
    let schemas = schemas.finish(&mut paths);
    let schemes = security::all(&manifest, &shown);
    for (name, of_a_kind) in [("schemas", schemas), ("securitySchemes", schemes)] {
        if !of_a_kind.is_empty() {
            components.insert(name.to_owned(), of_a_kind.into());
        }
    }
    let tags: BTreeSet<&String> = shown.iter().flat_map(|route| &route.rules.tags).collect();
    let app = manifest.app.clone().unwrap_or_default();
    let mut json = json!({
        "openapi": "3.1.0",
        "info": { "title": app.package, "version": app.version },
        "paths": paths,
    });
    if !components.is_empty() {
        json["components"] = components.into();
    }
    if !tags.is_empty() {
        json["tags"] = tags.into_iter().map(|tag| json!({ "name": tag })).collect();
    }
    Ok(Document { json, notes: notes.into_iter().collect() })
}

/// What goes for each method of a route, of which the types have said theirs.
fn operation(manifest: &Manifest, route: &Route, mut operation: Operation<'_>) -> Option<Map<String, Value>> {
    for name in route.path.parameters() {
        operation.unknown_path(name);
    }
    let guard = route.rules.authorizer.as_ref().unwrap_or(&Guard::None);
    let refusals: &[StatusCode] = match guard {
        Guard::None => &[],
        // A signature that is missing is refused as one that may not call.
        Guard::Iam => &[StatusCode::FORBIDDEN],
        Guard::Named(_) => &[StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN],
    };
    refusals.iter().for_each(|status| operation.refusal(*status));
    operation.error(StatusCode::INTERNAL_SERVER_ERROR, None);

    let mut operation = operation.finish()?;
    let (summary, description) = words(route.doc.as_deref().unwrap_or_default());
    for (key, text) in [("summary", summary), ("description", description)] {
        if !text.is_empty() {
            operation.insert(key.to_owned(), text.into());
        }
    }
    if !route.rules.tags.is_empty() {
        operation.insert("tags".to_owned(), json!(route.rules.tags));
    }
    let requirements = security::requirements(manifest, guard, &route.rules.scopes);
    if !requirements.is_empty() {
        operation.insert("security".to_owned(), requirements.into());
    }
    Some(operation)
}

/// The first paragraph, as one line; and the rest.
fn words(doc: &str) -> (String, String) {
    let (first, rest) = doc.trim().split_once("\n\n").unwrap_or((doc.trim(), ""));
    let summary: Vec<&str> = first.lines().map(str::trim).collect();
    (summary.join(" "), rest.trim().to_owned())
}

/// The path as OpenAPI spells it, which has no word for the rest of a path.
fn template(path: &PathPattern) -> String {
    path.api_gateway().replace("+}", "}")
}

/// Whether another route has the same path but for the greedy segment's greed.
fn shadowed(manifest: &Manifest, route: &Route) -> bool {
    let is_greedy = |path: &PathPattern| matches!(path.segments().last(), Some(Segment::Greedy(_)));
    let shape = |path: &PathPattern| path.shape().replace("{+}", "{}");
    is_greedy(&route.path)
        && manifest
            .routes
            .iter()
            .any(|other| !is_greedy(&other.path) && shape(&other.path) == shape(&route.path))
}

/// The methods that a route answers, each by its name.
fn methods<'m>(manifest: &'m Manifest, route: &'m Route) -> impl Iterator<Item = Method> + 'm {
    /// What clients send to a route that takes every method.
    const OF_ANY: [Method; 5] = [Method::Get, Method::Post, Method::Put, Method::Patch, Method::Delete];
    let has_own = move |method: &Method| {
        manifest.routes.iter().any(|other| other.path == route.path && other.methods.contains(method))
    };
    let is_any = route.methods.contains(&Method::Any);
    let any = OF_ANY.into_iter().filter(move |method| is_any && !has_own(method));
    route.methods.iter().copied().filter(|method| *method != Method::Any).chain(any)
}

/// The name of each operation, which client generators make a function of.
struct Ids {
    /// How often each function's name is an operation's.
    functions: BTreeMap<String, usize>,
    /// How often each function's name with a method is.
    with_method: BTreeMap<String, usize>,
}

impl Ids {
    fn of(manifest: &Manifest) -> Self {
        let mut ids = Self { functions: BTreeMap::new(), with_method: BTreeMap::new() };
        for route in &manifest.routes {
            for method in methods(manifest, route) {
                *ids.functions.entry(route.function.clone()).or_default() += 1;
                *ids.with_method.entry(with_method(route, method)).or_default() += 1;
            }
        }
        ids
    }

    /// As short as it can be.
    fn id(&self, route: &Route, method: Method) -> String {
        let with_method = with_method(route, method);
        if self.functions.get(&route.function) == Some(&1) {
            route.function.clone()
        } else if self.with_method.get(&with_method) == Some(&1) {
            with_method
        } else {
            let path = template(&route.path);
            let words: Vec<&str> = path
                .split(|char: char| !char.is_ascii_alphanumeric())
                .filter(|word| !word.is_empty())
                .collect();
            format!("{with_method}_{}", words.join("_"))
        }
    }
}

fn with_method(route: &Route, method: Method) -> String {
    format!("{}_{}", route.function, method.as_str().to_ascii_lowercase())
}
