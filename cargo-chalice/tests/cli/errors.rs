//! All errors of the tool, read from its source: each says what to do next.

use std::path::Path;

use syn::{Attribute, Fields, Item};

/// Errors without a help, each with the reason.
const NO_HELP: &[(&str, &str)] =
    &[("CompileError::DoesNotCompile", "nothing is printed: the compiler has said it all")];

/// Names with which a text may begin although they are upper-case.
const NAMES: &[&str] = &["AWS", "Lambda", "MiniStack", "Python"];

/// One error: an enum's variant, or a struct.
struct Found {
    name: String,
    message: String,
    diagnostic: String,
}

#[test]
fn every_error_has_a_code_and_a_help_and_reads_like_one() {
    let errors = errors();
    assert!(errors.len() > 40, "only {} errors were found", errors.len());
    for Found { name, message, diagnostic } in &errors {
        if diagnostic.contains("transparent") {
            continue;
        }
        assert!(diagnostic.contains("code (chalice ::"), "`{name}` has no code: {diagnostic}");
        let excused = NO_HELP.iter().any(|(excused, _)| excused == name);
        assert_eq!(diagnostic.contains("help ("), !excused, "the help of `{name}`");
        let text = message.trim_matches('"');
        let first = text.chars().next().unwrap_or_default();
        let named = NAMES.iter().any(|name| text.starts_with(name));
        assert!(!first.is_uppercase() || named, "`{name}`: {message}");
        assert!(!text.ends_with('.'), "`{name}`: {message}");
    }
}

#[test]
fn no_two_errors_share_a_code() {
    let code = |found: &Found| {
        let (_, rest) = found.diagnostic.split_once("code (")?;
        Some(rest.split_once(')')?.0.to_owned())
    };
    let mut codes: Vec<String> = errors().iter().filter_map(code).collect();
    codes.sort();
    let all = codes.len();
    codes.dedup();
    assert_eq!(codes.len(), all, "a code stands twice");
}

fn errors() -> Vec<Found> {
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut |text| {
        let file = syn::parse_file(text).expect("Rust");
        for item in &file.items {
            match item {
                Item::Enum(item) if derives_diagnostic(&item.attrs) => {
                    for variant in &item.variants {
                        let name = format!("{}::{}", item.ident, variant.ident);
                        found.push(Found::of(name, &variant.attrs));
                    }
                }
                Item::Struct(item)
                    if derives_diagnostic(&item.attrs) && !matches!(item.fields, Fields::Unit) =>
                {
                    found.push(Found::of(item.ident.to_string(), &item.attrs));
                }
                _ => {}
            }
        }
    });
    found
}

impl Found {
    fn of(name: String, attributes: &[Attribute]) -> Self {
        Self { name, message: tokens(attributes, "error"), diagnostic: tokens(attributes, "diagnostic") }
    }
}

fn derives_diagnostic(attributes: &[Attribute]) -> bool {
    tokens(attributes, "derive").contains("Diagnostic")
}

/// The tokens in an attribute's brackets; empty when there is none.
fn tokens(attributes: &[Attribute], name: &str) -> String {
    let attribute = attributes.iter().find(|attribute| attribute.path().is_ident(name));
    attribute
        .and_then(|attribute| attribute.meta.require_list().ok())
        .map_or_else(String::new, |list| list.tokens.to_string())
}

fn walk(folder: &Path, visit: &mut impl FnMut(&str)) {
    for entry in folder.read_dir().expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            walk(&path, visit);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            visit(&std::fs::read_to_string(&path).expect("a file"));
        }
    }
}
