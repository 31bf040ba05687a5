//! How a route's path and methods are written: the values of the attribute, and what was meant by odd
//! ones.
//!
//! Not here: the grammar of a path; see [`PathPattern`].

use chalice_rs_manifest::{Method, PathPattern};
use syn::LitStr;

use super::{Form, METHODS, PATH};
use crate::args::{Args, Value};
use crate::errors::{Errors, nearest};
use crate::signature::written;

/// The path, which stands first.
pub(super) fn path(form: Form, args: &Args, errors: &mut Errors) -> Option<(LitStr, PathPattern)> {
    let looks_like_one = |value: &Value| matches!(value, Value::Text(text) if text.value().starts_with('/'));
    let at = args.values.iter().position(looks_like_one).unwrap_or_default();
    for (index, value) in args.values.iter().enumerate().filter(|(index, _)| *index != at) {
        let shown = written(value);
        if shown == METHODS {
            let message = format_args!("the key `{METHODS}` has no value");
            errors.add(value, message, format_args!("write `{METHODS} = [\"GET\"]`"));
        } else if let Some(methods) = methods_meant(value) {
            let message = format_args!("`{shown}` has no key");
            errors.add(value, message, format_args!("did you mean `{METHODS} = {methods}`?"));
        } else if index < at {
            errors.add(value, format_args!("`{shown}` stands before the path"), "remove it");
        } else {
            let message = format_args!("a route has one path, and `{shown}` is a second");
            let help = format_args!("put a second `#[{}(..)]` on the function", form.name());
            errors.add(value, message, help);
        }
    }
    let Some(value) = args.values.get(at) else {
        match args.pairs.iter().find(|pair| pair.key == PATH) {
            Some(pair) => {
                let message = "the path has no key";
                let help = format_args!("write `#[{}({})]`", form.name(), written(&pair.value));
                errors.add(&pair.key, message, help);
            }
            None => {
                let help = format_args!("write it as text: `#[{}(\"/users/<id>\")]`", form.name());
                errors.add_here("the route has no path", help);
            }
        }
        return None;
    };
    let Value::Text(text) = value else {
        let message = format_args!("`{}` is not a path", written(value));
        let help = match methods_meant(value) {
            Some(methods) => {
                format!("put the path first: `#[route(\"/users\", {METHODS} = {methods})]`")
            }
            None => r#"write it as text, in quotes: `"/users/<id>"`"#.to_owned(),
        };
        errors.add(value, message, help);
        return None;
    };
    match PathPattern::parse(&text.value()) {
        Ok(pattern) => Some((text.clone(), pattern)),
        Err(mistakes) => {
            for mistake in mistakes {
                errors.add(text, &mistake, mistake.help());
            }
            None
        }
    }
}

/// The methods, GET without a word.
pub(super) fn methods(args: &Args, errors: &mut Errors) -> Option<Vec<Method>> {
    let Some(pair) = args.pairs.iter().find(|pair| pair.key == METHODS) else {
        return Some(vec![Method::Get]);
    };
    let Value::List(items, _) = &pair.value else {
        let message = format_args!("`{METHODS}` is not a list");
        let methods = methods_meant(&pair.value).unwrap_or_else(|| r#"["GET"]"#.to_owned());
        errors.add(&pair.value, message, format_args!("write `{METHODS} = {methods}`"));
        return None;
    };
    if items.is_empty() {
        let message = format_args!("`{METHODS}` is empty");
        errors.add(
            &pair.value,
            message,
            format_args!("name at least one, or leave `{METHODS}` out: the default is `[\"GET\"]`"),
        );
        return None;
    }
    let mut methods = Vec::new();
    for item in items {
        let Value::Text(text) = item else {
            let message = format_args!("`{}` is not text", written(item));
            let help = match method_meant(&written(item)) {
                Some(method) => format!("put it in quotes: `\"{method}\"`"),
                None => r#"write each method in quotes: `"GET"`"#.to_owned(),
            };
            errors.add(item, message, help);
            continue;
        };
        match text.value().parse::<Method>() {
            Ok(method) if methods.contains(&method) => {
                errors.add(
                    text,
                    format_args!("the method `{method}` is there twice"),
                    "remove one of the two",
                );
            }
            Ok(method) => methods.push(method),
            Err(unknown) => {
                let help = match method_meant(&unknown.0) {
                    Some(method) if method.as_str().eq_ignore_ascii_case(&unknown.0) => unknown.help(),
                    Some(method) => format!("did you mean `{method}`?"),
                    None => unknown.help(),
                };
                errors.add(text, &unknown, help);
            }
        }
    }
    if methods.contains(&Method::Any) && methods.len() > 1 {
        errors.add(
            &pair.value,
            "`ANY` stands beside other methods",
            format_args!("it covers them all: write `{METHODS} = [\"ANY\"]`, or leave `ANY` out"),
        );
    }
    Some(methods)
}

/// The list that was probably meant by one method in an odd spelling.
fn methods_meant(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(format!("[\"{}\"]", method_meant(&text.value())?)),
        Value::List(..) => Some(written(value)),
        Value::Nested(inner, _) => Some(format!("[{}]", written(inner))),
        Value::Other(_) => Some(format!("[\"{}\"]", method_meant(&written(value))?)),
    }
}

fn method_meant(text: &str) -> Option<Method> {
    let upper = text.to_ascii_uppercase();
    nearest(&upper, Method::ALL.map(Method::as_str))?.parse().ok()
}
