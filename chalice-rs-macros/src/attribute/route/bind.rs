//! Which argument gets what: path parameters by name, and extractors.
//!
//! Not here: what an extractor's type takes from a request; the compiler knows.

use chalice_rs_manifest::PathPattern;
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Lifetime, LitStr, Pat, PathArguments, Type};

use super::Bound;
use crate::errors::{Errors, nearest};
use crate::signature::{Argument, Signature, written};

/// Gives every path parameter its argument, by name; the other arguments are extractors.
pub(super) fn bind(
    path: &LitStr,
    pattern: &PathPattern,
    signature: &Signature,
    errors: &mut Errors,
) -> Vec<Bound> {
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
pub(crate) fn check_answer(signature: &Signature, errors: &mut Errors) {
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
