//! `#[route("/path/<name>", methods = ["GET"])]`: a function that answers HTTP requests.

mod bind;
mod written_as;

use chalice_rs_manifest::{CorsRule, Method, Record, Route, Rules, Source};
use proc_macro2::{Ident, TokenStream};
use syn::Type;

use super::rules::{self, Said};
use super::{Place, only_keys};
use crate::args::Args;
use crate::errors::Errors;
use crate::expand;
use crate::signature::{Argument, Color, Signature};
use bind::bind;
use written_as::{methods, path};

pub(crate) use bind::{borrowed_text, check_answer};

/// How the attribute is called.
pub(crate) const NAME: &str = "route";

const METHODS: &str = "methods";
const PATH: &str = "path";

/// A valid route: what is declared, and how its function is called.
pub(crate) struct Endpoint {
    pub(crate) record: Record,
    /// The keys API Gateway knows the route by.
    pub(crate) keys: Vec<String>,
    /// The authorizer as the user wrote it, for the compiler to find.
    pub(crate) authorizer: Option<syn::Path>,
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

/// The attribute as it was written: `#[route]` with its methods as a key, or the short form of one
/// method.
#[derive(Clone, Copy)]
pub(crate) enum Form {
    Route,
    Short(Method),
}

impl Form {
    /// The attribute's name.
    fn name(self) -> String {
        match self {
            Self::Route => NAME.to_owned(),
            Self::Short(method) => method.as_str().to_ascii_lowercase(),
        }
    }
}

/// The whole expansion.
pub(crate) fn attribute(form: Form, args: TokenStream, item: TokenStream, place: Place) -> TokenStream {
    let mut errors = Errors::default();
    let args = Args::parse(args, &mut errors);
    let path = path(form, &args, &mut errors);
    let methods = match form {
        Form::Route => methods(&args, &mut errors),
        Form::Short(method) => Some(vec![method]),
    };
    let mut keys = match form {
        Form::Route => vec![METHODS],
        Form::Short(_) => Vec::new(),
    };
    keys.extend(rules::KEYS);
    // Without a path beside it, `path = ..` is a slip of its own; `path` has reported it.
    if args.values.is_empty() {
        keys.push(PATH);
    }
    only_keys(&format!("#[{}]", form.name()), &keys, &args, &mut errors);
    let Said { rules, authorizer } = rules::said(&args, &mut errors);
    options_beside_cors(&args, &rules, methods.as_deref(), &mut errors);
    let endpoint = signature(form, &item, &mut errors).and_then(|signature| {
        let (text, pattern) = path?;
        let arguments = bind(&text, &pattern, &signature, &mut errors);
        check_answer(&signature, &mut errors);
        let route = Route {
            path: pattern,
            methods: methods?,
            function: signature.shown().to_string(),
            source: Source { module: String::new(), file: place.file, line: place.line },
            doc: signature.doc(),
            rules,
        };
        Some(Endpoint {
            keys: route.keys().collect(),
            record: Record::Route(route),
            authorizer,
            function: signature.name,
            color: signature.color,
            lifetimes: signature.lifetimes,
            arguments,
            output: signature.output,
        })
    });
    expand::route(item, endpoint, errors)
}

/// Browsers are answered already where there is a policy.
fn options_beside_cors(args: &Args, rules: &Rules, methods: Option<&[Method]>, errors: &mut Errors) {
    if let Some(CorsRule::Allow(_)) = rules.cors
        && methods.is_some_and(|methods| methods.contains(&Method::Options))
        && let Some(pair) = args.pair("cors")
    {
        let message = "the route answers OPTIONS, and so does its `cors`";
        errors.add(&pair.key, message, "remove OPTIONS from the methods, or `cors`");
    }
}

/// A function can have several routes; the last of its attributes reports what is wrong with it.
fn signature(form: Form, item: &TokenStream, errors: &mut Errors) -> Option<Signature> {
    let mut found = Errors::default();
    let signature = Signature::parse(item, &form.name(), &mut found);
    let another_follows = signature.as_ref().is_some_and(|signature| {
        signature
            .attributes
            .iter()
            .any(|attribute| attribute.path().segments.last().is_some_and(|last| is_route(&last.ident)))
    });
    if another_follows && !found.is_empty() {
        // Nothing of this route can be expanded, and the reason is about to be said.
        return None;
    }
    errors.append(found);
    signature
}

/// Whether an attribute of this name is one of ours that declares a route.
fn is_route(name: &Ident) -> bool {
    let shorts = Method::ALL.into_iter().filter(|method| *method != Method::Any).map(Form::Short);
    shorts.chain([Form::Route]).any(|form| name == &form.name())
}
