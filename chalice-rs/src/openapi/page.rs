//! The document as a page for people: one file, without a script and without anything from elsewhere.
//!
//! Not here: where it is served; see `docs.rs`.

use std::fmt::{self, Write};

use serde_json::{Map, Value};

const CSS: &str = include_str!("page.css");

/// What stands before the name of a schema where another one names it.
const PLACE: &str = "#/components/schemas/";

/// The page. `link` is where the document is, as seen from the page.
pub(super) fn page(document: &Value, link: &str) -> String {
    let mut html = String::new();
    // Writing to a `String` does not fail.
    let _ = write(&mut html, document, link);
    html
}

fn write(html: &mut String, document: &Value, link: &str) -> fmt::Result {
    let (title, version) = (text(&document["info"]["title"]), text(&document["info"]["version"]));
    write!(
        html,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n{CSS}</style>\n</head>\n<body>\n\
         <h1>{title} <small>{version}</small></h1>\n<p><a href=\"{}\">OpenAPI document</a></p>\n",
        escaped(link)
    )?;
    let operations = operations(document);
    let tags = document["tags"].as_array().into_iter().flatten().map(|tag| tag["name"].as_str());
    for tag in tags.chain([None]) {
        let mut of_tag = operations.iter().filter(|operation| operation.is_under(tag)).peekable();
        if of_tag.peek().is_some() {
            writeln!(html, "<h2>{}</h2>", escaped(tag.unwrap_or("Routes")))?;
        }
        of_tag.try_for_each(|operation| operation.write(html))?;
    }
    let schemas = entries(&document["components"]["schemas"]);
    if !schemas.is_empty() {
        writeln!(html, "<h2>Types</h2>")?;
    }
    for (name, schema) in schemas {
        let name = escaped(name);
        writeln!(html, "<details id=\"type-{name}\"><summary><code>{name}</code></summary><div>")?;
        described(html, schema)?;
        write_schema(html, schema)?;
        writeln!(html, "</div></details>")?;
    }
    writeln!(html, "</body>\n</html>")
}

/// One method of one path.
struct Operation<'d> {
    method: String,
    path: &'d str,
    said: &'d Value,
}

fn operations(document: &Value) -> Vec<Operation<'_>> {
    let paths = entries(&document["paths"]).into_iter();
    let all = paths.flat_map(|(path, methods)| {
        entries(methods).into_iter().map(move |(method, said)| Operation {
            method: method.to_uppercase(),
            path,
            said,
        })
    });
    all.collect()
}

impl Operation<'_> {
    /// Whether it stands under this heading; without a tag, under the last one.
    fn is_under(&self, tag: Option<&str>) -> bool {
        let first = self.said["tags"].as_array().and_then(|tags| tags.first()).and_then(Value::as_str);
        first == tag
    }

    fn write(&self, html: &mut String) -> fmt::Result {
        let Self { method, path, said } = self;
        writeln!(
            html,
            "<details id=\"{}\"><summary><code><span class=\"method\">{}</span> {}</code> {}</summary><div>",
            text(&said["operationId"]),
            escaped(method),
            escaped(path),
            text(&said["summary"])
        )?;
        described(html, said)?;
        let callers: Vec<String> = said["security"].as_array().into_iter().flatten().map(caller).collect();
        if !callers.is_empty() {
            writeln!(html, "<p>Callers show {}.</p>", callers.join(", or "))?;
        }
        if let Some(parameters) = said["parameters"].as_array() {
            writeln!(html, "<h3>Parameters</h3><table><tr><th>name<th>in<th>type<th></tr>")?;
            for parameter in parameters {
                row(
                    html,
                    &[
                        &format!(
                            "<code>{}</code>{}",
                            text(&parameter["name"]),
                            optional(&parameter["required"])
                        ),
                        &text(&parameter["in"]),
                        &kind(&parameter["schema"]),
                        &text(&parameter["description"]),
                    ],
                )?;
            }
            writeln!(html, "</table>")?;
        }
        let body = &said["requestBody"];
        if body.is_object() {
            writeln!(html, "<h3>Body{}</h3>", optional(&body["required"]))?;
            contents(html, body)?;
        }
        writeln!(html, "<h3>Answers</h3><table><tr><th>status<th>content<th></tr>")?;
        for (status, answer) in entries(&said["responses"]) {
            let contents: Vec<String> = entries(&answer["content"]).into_iter().map(content).collect();
            row(
                html,
                &[
                    &format!("<code>{}</code>", escaped(status)),
                    &contents.join("<br>"),
                    &text(&answer["description"]),
                ],
            )?;
        }
        writeln!(html, "</table></div></details>")
    }
}

/// What a caller has to show, as one of the ways.
fn caller(requirement: &Value) -> String {
    let schemes = entries(requirement).into_iter().map(|(name, scopes)| {
        let scopes: Vec<String> = scopes.as_array().into_iter().flatten().map(text).collect();
        match scopes.as_slice() {
            [] => format!("<code>{}</code>", escaped(name)),
            scopes => format!("<code>{}</code> with <code>{}</code>", escaped(name), scopes.join(" ")),
        }
    });
    schemes.collect::<Vec<_>>().join(" and ")
}

fn contents(html: &mut String, of: &Value) -> fmt::Result {
    for entry in entries(&of["content"]) {
        writeln!(html, "<p>{}</p>", content(entry))?;
        if entry.1["schema"]["properties"].is_object() {
            write_schema(html, &entry.1["schema"])?;
        }
    }
    Ok(())
}

fn content((media_type, content): (&str, &Value)) -> String {
    format!("<code>{}</code>: {}", escaped(media_type), kind(&content["schema"]))
}

/// The fields of an object, or the values of an enum; nothing for what its name says.
fn write_schema(html: &mut String, schema: &Value) -> fmt::Result {
    let fields = entries(&schema["properties"]);
    if !fields.is_empty() {
        let required: Vec<&Value> = schema["required"].as_array().into_iter().flatten().collect();
        writeln!(html, "<table><tr><th>field<th>type<th></tr>")?;
        for (name, field) in fields {
            let is_required = required.iter().any(|one| *one == name);
            row(
                html,
                &[
                    &format!("<code>{}</code>{}", escaped(name), optional(&is_required.into())),
                    &kind(field),
                    &text(&field["description"]),
                ],
            )?;
        }
        writeln!(html, "</table>")?;
    } else if schema.get("$ref").is_none() {
        writeln!(html, "<p>{}</p>", kind(schema))?;
    }
    for variant in variants(schema).iter().filter(|variant| variant["properties"].is_object()) {
        described(html, variant)?;
        write_schema(html, variant)?;
    }
    Ok(())
}

/// A type in a few words.
fn kind(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|reference| reference.strip_prefix(PLACE)) {
        let name = escaped(name);
        return format!("<a href=\"#type-{name}\">{name}</a>");
    }
    let values = schema["enum"].as_array().map_or_else(Vec::new, |values| values.iter().collect());
    let values: Vec<&Value> = values.into_iter().chain(schema.get("const")).collect();
    if !values.is_empty() {
        let values: Vec<String> =
            values.iter().map(|value| format!("<code>{}</code>", escaped(&value.to_string()))).collect();
        return values.join(" or ");
    }
    let variants = variants(schema);
    if !variants.is_empty() {
        return variants.iter().map(kind).collect::<Vec<_>>().join(" or ");
    }
    let types = match &schema["type"] {
        Value::Array(types) => types.iter().map(text).collect::<Vec<_>>().join(" or "),
        one => text(one),
    };
    match (types.as_str(), schema["format"].as_str()) {
        ("", _) => "anything".to_owned(),
        ("array", _) => format!("list of {}", kind(&schema["items"])),
        (_, Some(format)) => format!("{types} <span class=\"soft\">{}</span>", escaped(format)),
        (_, None) => types,
    }
}

fn variants(schema: &Value) -> &[Value] {
    let of = |key: &str| schema[key].as_array().map(Vec::as_slice);
    of("anyOf").or_else(|| of("oneOf")).or_else(|| of("allOf")).unwrap_or_default()
}

fn described(html: &mut String, value: &Value) -> fmt::Result {
    match value["description"].as_str() {
        Some(description) => writeln!(html, "<p class=\"text\">{}</p>", escaped(description)),
        None => Ok(()),
    }
}

fn optional(required: &Value) -> &'static str {
    if *required == true { "" } else { " <span class=\"soft\">optional</span>" }
}

fn row(html: &mut String, cells: &[&str]) -> fmt::Result {
    writeln!(html, "<tr>{}</tr>", cells.iter().map(|cell| format!("<td>{cell}")).collect::<String>())
}

fn entries(value: &Value) -> Vec<(&str, &Value)> {
    let fields = value.as_object().into_iter().flat_map(Map::iter);
    fields.map(|(name, value)| (name.as_str(), value)).collect()
}

fn text(value: &Value) -> String {
    escaped(value.as_str().unwrap_or_default())
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    escaped
}
