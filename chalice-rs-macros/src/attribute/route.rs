//! `#[route("/path/<name>", methods = ["GET"])]`: a function that answers HTTP requests.

use chalice_rs_manifest::{Method, PathPattern, Record, Route, Source};
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Lifetime, LitStr, Pat, PathArguments, Type};

use super::{Place, only_keys};
use crate::args::{Args, Value};
use crate::errors::{Errors, nearest};
use crate::expand;
use crate::signature::{Argument, Color, Signature, written};

/// How the attribute is called.
pub(crate) const NAME: &str = "route";

const METHODS: &str = "methods";
const PATH: &str = "path";

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
    /// The error that is to be answered.
    Error,
}

/// The whole expansion.
pub(crate) fn attribute(args: TokenStream, item: TokenStream, place: Place) -> TokenStream {
    let mut errors = Errors::default();
    let args = Args::parse(args, &mut errors);
    let path = path(&args, &mut errors);
    let methods = methods(&args, &mut errors);
    // Without a path beside it, `path = ..` is a slip of its own; `path` has reported it.
    let keys: &[&str] = if args.values.is_empty() { &[METHODS, PATH] } else { &[METHODS] };
    only_keys(NAME, keys, &args, &mut errors);
    let endpoint = signature(&item, &mut errors).and_then(|signature| {
        let (text, pattern) = path?;
        let arguments = bind(&text, &pattern, &signature, &mut errors);
        check_answer(&signature, &mut errors);
        let route = Route {
            path: pattern,
            methods: methods?,
            function: signature.shown().to_string(),
            source: Source { module: String::new(), file: place.file, line: place.line },
            doc: signature.doc(),
            ..Route::default()
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
            errors.add(value, message, "put a second `#[route(..)]` on the function");
        }
    }
    let Some(value) = args.values.get(at) else {
        match args.pairs.iter().find(|pair| pair.key == PATH) {
            Some(pair) => {
                let message = "the path has no key";
                errors.add(&pair.key, message, format_args!("write `#[route({})]`", written(&pair.value)));
            }
            None => {
                errors.add_here("the route has no path", r#"write it as text: `#[route("/users/<id>")]`"#)
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
    let names: Vec<Option<String>> = signature.arguments.iter().map(Argument::name).collect();
    let named = |name: &str| names.iter().position(|found| found.as_deref() == Some(name));
    // `_id` takes `<id>`, so that a parameter that the function does not read needs no lint attribute.
    let index_of = |parameter: &str| named(parameter).or_else(|| named(&format!("_{parameter}")));

    let (bound, unbound): (Vec<&str>, Vec<&str>) =
        pattern.parameters().partition(|parameter| index_of(parameter).is_some());
    let parameter_of = |index: usize| bound.iter().find(|parameter| index_of(parameter) == Some(index));
    let free: Vec<&Argument> = signature
        .arguments
        .iter()
        .enumerate()
        .filter(|(index, _)| parameter_of(*index).is_none())
        .map(|(_, argument)| argument)
        .collect();
    for parameter in unbound {
        missing(parameter, path, &free, signature, errors);
    }

    signature
        .arguments
        .iter()
        .enumerate()
        .map(|(index, argument)| {
            let argument = argument.clone();
            match parameter_of(index) {
                Some(parameter) => {
                    check_parameter(parameter, &argument, errors);
                    Bound::Parameter { parameter: (*parameter).to_owned(), argument }
                }
                None => Bound::Extractor { argument },
            }
        })
        .collect()
}

/// Says that a path parameter has no argument, and which of the `free` ones may be meant.
fn missing(parameter: &str, path: &LitStr, free: &[&Argument], signature: &Signature, errors: &mut Errors) {
    let name = as_argument(parameter);
    let patterns = free.iter().filter(|argument| argument.name().is_none());
    if let Some(pattern) = patterns.into_iter().find(|argument| mentions(&argument.pattern, parameter)) {
        let message = format_args!("`{}` is a pattern; path parameters go by name", pattern.shown());
        errors.add(
            pattern,
            message,
            format_args!("write `{name}: String`, or a type that is read from text"),
        );
        return;
    }
    let names: Vec<(String, &&Argument)> =
        free.iter().filter_map(|argument| Some((argument.name()?, argument))).collect();
    let close = nearest(parameter, names.iter().map(|(name, _)| name.as_str()));
    match names.iter().find(|(name, _)| Some(name.as_str()) == close) {
        Some((close, argument)) => {
            let message = format_args!("argument `{close}` is not in the path `{}`", path.value());
            errors.add(argument, message, format_args!("did you mean `{name}`?"));
        }
        None => {
            let function = signature.shown();
            let message = format_args!("path parameter `{parameter}` has no argument in `{function}`");
            errors.add(path, message, format_args!("add `{name}: String` to the arguments"));
        }
    }
}

/// Whether the pattern binds `name`, or nearly: what matters is that the user thought of it.
fn mentions(pattern: &Pat, name: &str) -> bool {
    fn any(tokens: TokenStream, name: &str) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Ident(ident) => ident.unraw() == name,
            TokenTree::Group(group) => any(group.stream(), name),
            TokenTree::Punct(_) | TokenTree::Literal(_) => false,
        })
    }
    any(pattern.to_token_stream(), name)
}

/// `r#type` for `type`: the name as an argument is written.
fn as_argument(parameter: &str) -> String {
    match syn::parse_str::<Ident>(parameter) {
        Ok(_) => parameter.to_owned(),
        Err(_) => format!("r#{parameter}"),
    }
}

fn check_parameter(parameter: &str, argument: &Argument, errors: &mut Errors) {
    let name = as_argument(parameter);
    if let Type::Path(path) = &argument.ty
        && let Some(last) = path.path.segments.last()
        && last.ident == "Option"
    {
        let inner = match &last.arguments {
            PathArguments::AngleBracketed(inner) => written(&inner.args),
            _ => "String".to_owned(),
        };
        let message = format_args!("path parameter `{parameter}` is never absent");
        let help = format_args!("write `{name}: {inner}`; a path without it is a route of its own");
        errors.add(&argument.ty, message, help);
    }
    if let Some(Some(lifetime)) = borrowed_text(&argument.ty)
        && lifetime.ident == "static"
    {
        let message = format_args!("path parameter `{parameter}` lives no longer than its request");
        errors.add(&argument.ty, message, format_args!("write `{name}: &str`"));
    }
}

/// An answer leaves the function's request behind.
pub(super) fn check_answer(signature: &Signature, errors: &mut Errors) {
    if let Some(ty) = &signature.output
        && let Some(lifetime) = borrowed_text(ty)
        && lifetime.is_none_or(|lifetime| lifetime.ident != "static")
    {
        let message = format_args!("the answer of `{}` borrows from the request", signature.shown());
        errors.add(ty, message, "write `-> String`, or `-> &'static str` for text that is in the program");
    }
}

/// The lifetime of `&str`, if the type is one.
pub(crate) fn borrowed_text(ty: &Type) -> Option<Option<&Lifetime>> {
    match ty {
        Type::Reference(reference) if reference.mutability.is_none() => match &*reference.elem {
            Type::Path(path) if path.path.is_ident("str") => Some(reference.lifetime.as_ref()),
            _ => None,
        },
        _ => None,
    }
}
