//! `#[route("/path/<name>", methods = ["GET"])]`: a function that answers HTTP requests.

use chalice_rs_manifest::{Method, PathPattern, Record, Route, Source};
use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;
use syn::{LitStr, Type};

use super::{Place, only_keys};
use crate::args::{Args, Value};
use crate::errors::{Errors, nearest};
use crate::expand;
use crate::signature::{Argument, Color, Signature, written};

/// How the attribute is called.
pub(crate) const NAME: &str = "route";

const METHODS: &str = "methods";

/// A valid route: what is declared, and how its function is called.
pub(crate) struct Endpoint {
    pub(crate) record: Record,
    /// The keys API Gateway knows the route by.
    pub(crate) keys: Vec<String>,
    pub(crate) function: Ident,
    pub(crate) color: Color,
    /// The lifetimes that the function declares, which mean nothing outside of it.
    pub(crate) lifetimes: Vec<Ident>,
    pub(crate) arguments: Vec<Bound>,
    /// The type after `->`.
    pub(crate) output: Option<Type>,
}

/// An argument, and where its value comes from.
pub(crate) enum Bound {
    /// From the path parameter `parameter`.
    Parameter { parameter: String, argument: Argument },
    /// From the request, as the argument's type says.
    Extractor { argument: Argument },
}

/// The whole expansion.
pub(crate) fn attribute(args: TokenStream, item: TokenStream, place: Place) -> TokenStream {
    let mut errors = Errors::default();
    let args = Args::parse(args, &mut errors);
    let path = path(&args, &mut errors);
    let methods = methods(&args, &mut errors);
    only_keys(NAME, &[METHODS], &args, &mut errors);
    let endpoint = signature(&item, &mut errors).and_then(|signature| {
        let (text, pattern) = path?;
        let arguments = bind(&text, &pattern, &signature, &mut errors);
        let route = Route {
            path: pattern,
            methods: methods?,
            function: signature.shown().to_string(),
            source: Source { module: String::new(), file: place.file, line: place.line },
            doc: signature.doc(),
        };
        Some(Endpoint {
            keys: route.keys().collect(),
            record: Record::Route(route),
            function: signature.name,
            color: signature.color,
            lifetimes: signature.lifetimes,
            arguments,
            output: signature.output,
        })
    });
    expand::route(item, endpoint, errors)
}

/// A function can have several routes; the last of its attributes reports what is wrong with it.
fn signature(item: &TokenStream, errors: &mut Errors) -> Option<Signature> {
    let mut found = Errors::default();
    let signature = Signature::parse(item, NAME, &mut found);
    let another_follows = signature.as_ref().is_some_and(|signature| {
        signature
            .attributes
            .iter()
            .any(|attribute| attribute.path().segments.last().is_some_and(|last| last.ident == NAME))
    });
    if another_follows && !found.is_empty() {
        // Nothing of this route can be expanded, and the reason is about to be said.
        return None;
    }
    errors.append(found);
    signature
}

fn path(args: &Args, errors: &mut Errors) -> Option<(LitStr, PathPattern)> {
    let mut values = args.values.iter();
    let Some(first) = values.next() else {
        let message = "the route has no path";
        errors.add_here(message, r#"put it first, as text: `#[route("/users/<id>")]`"#);
        return None;
    };
    for value in values {
        let help = match methods_meant(value) {
            Some(methods) => format!("did you mean `{METHODS} = {methods}`?"),
            None => "put a second `#[route(..)]` on the function".to_owned(),
        };
        errors.add(value, "a route has one path", help);
    }
    let Value::Text(text) = first else {
        let message = format_args!("`{}` is not a path", written(first));
        let help = match methods_meant(first) {
            Some(methods) => format!(
                "the path comes first, the methods after it: `#[route(\"/path\", {METHODS} = {methods})]`"
            ),
            None => r#"write the path as text, in quotes: `"/users/<id>"`"#.to_owned(),
        };
        errors.add(first, message, help);
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

fn methods(args: &Args, errors: &mut Errors) -> Option<Vec<Method>> {
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
        Value::Other(_) => Some(format!("[\"{}\"]", method_meant(&written(value))?)),
    }
}

fn method_meant(text: &str) -> Option<Method> {
    let upper = text.to_ascii_uppercase();
    nearest(&upper, Method::ALL.map(Method::as_str))?.parse().ok()
}

/// Gives every path parameter its argument, by name; the other arguments are extractors.
fn bind(path: &LitStr, pattern: &PathPattern, signature: &Signature, errors: &mut Errors) -> Vec<Bound> {
    let parameters: Vec<&str> = pattern.parameters().collect();
    let named = |name: &str| signature.arguments.iter().find(|argument| argument.name.unraw() == name);
    // `_id` takes `<id>`, so that a parameter that the function does not read needs no lint attribute.
    let unread = |name: &str| named(&format!("_{name}"));
    let bound_to = |argument: &Argument| {
        parameters.iter().find(|parameter| {
            named(parameter).or_else(|| unread(parameter)).is_some_and(|found| found.name == argument.name)
        })
    };

    for parameter in parameters.iter().filter(|parameter| named(parameter).or(unread(parameter)).is_none()) {
        let function = signature.shown();
        let message = format!("path parameter `{parameter}` has no argument in `{function}`");
        let free: Vec<(String, &Argument)> = signature
            .arguments
            .iter()
            .filter(|argument| bound_to(argument).is_none())
            .map(|argument| (argument.name.unraw().to_string(), argument))
            .collect();
        match nearest(parameter, free.iter().map(|(name, _)| name.as_str())) {
            Some(close) => {
                let argument =
                    free.iter().find(|(name, _)| name == close).map(|(_, argument)| &argument.name);
                let message = format!("argument `{close}` is not in the path `{}`", path.value());
                errors.add(argument, message, format_args!("did you mean `{parameter}`?"));
            }
            None => {
                errors.add(
                    path,
                    message,
                    format_args!("add `{}: String` to the arguments", as_argument(parameter)),
                );
            }
        }
    }

    signature
        .arguments
        .iter()
        .map(|argument| {
            let argument = Argument { name: argument.name.clone(), ty: argument.ty.clone() };
            match bound_to(&argument) {
                Some(parameter) => {
                    if is_option(&argument.ty) {
                        let message = format_args!("path parameter `{parameter}` is never absent");
                        let help = "take the type inside the `Option`; a second `#[route(..)]` on the \
                                    function cannot leave it out either";
                        errors.add(&argument.ty, message, help);
                    }
                    Bound::Parameter { parameter: (*parameter).to_owned(), argument }
                }
                None => Bound::Extractor { argument },
            }
        })
        .collect()
}

/// `r#type` for `type`: the name as an argument is written.
fn as_argument(parameter: &str) -> String {
    match syn::parse_str::<Ident>(parameter) {
        Ok(_) => parameter.to_owned(),
        Err(_) => format!("r#{parameter}"),
    }
}

fn is_option(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Option"))
}
