//! `#[mount("/legacy")]`: a function that makes a service of `tower`, which answers everything below a
//! path.

use chalice_rs_manifest::{Method, PathPattern, Record, Route, Source};
use proc_macro2::{Ident, TokenStream};
use syn::{LitStr, Path, Type};

use super::rules::{self, Said};
use super::{Place, only_keys};
use crate::args::{Args, Value};
use crate::errors::Errors;
use crate::expand;
use crate::signature::{Argument, Color, Signature, written};

/// How the attribute is called.
const NAME: &str = "mount";

/// What stands after the mount's path for all that is below it.
const BELOW: &str = "/<path..>";

/// A valid mount: the two routes it is for API Gateway, and how its function is called.
pub(crate) struct Valid {
    /// The records, each with the key API Gateway knows it by.
    pub(crate) routes: Vec<(Record, String)>,
    /// The authorizer as the user wrote it, for the compiler to find.
    pub(crate) authorizer: Option<Path>,
    pub(crate) function: Ident,
    pub(crate) color: Color,
    pub(crate) arguments: Vec<Argument>,
    /// The type after `->`.
    pub(crate) output: Type,
}

impl Valid {
    /// Whether the function returns a `Result`, by whatever path or alias: their names end so.
    pub(crate) fn is_fallible(&self) -> bool {
        let Type::Path(path) = &self.output else { return false };
        path.path.segments.last().is_some_and(|last| last.ident == "Result")
    }
}

/// The whole expansion.
pub(crate) fn attribute(args: TokenStream, item: TokenStream, place: Place) -> TokenStream {
    let mut errors = Errors::default();
    let args = Args::parse(args, &mut errors);
    let path = path(&args, &mut errors);
    only_keys(&format!("#[{NAME}]"), &rules::KEYS, &args, &mut errors);
    let Said { rules, authorizer } = rules::said(&args, &mut errors);
    let valid = Signature::parse(&item, NAME, &mut errors).and_then(|signature| {
        let shown = signature.shown().to_string();
        if signature.output.is_none() {
            let message = format_args!("`{shown}` returns nothing to mount");
            errors.add(&signature.name, message, "write `-> axum::Router`, or another service of `tower`");
        }
        let path = path?;
        // The grammar takes what is below each good path.
        let below = PathPattern::parse(BELOW).unwrap_or_default().under(&path);
        let routes = [path, below].map(|path| {
            let route = Route {
                path,
                methods: vec![Method::Any],
                function: shown.clone(),
                source: Source { module: String::new(), file: place.file.clone(), line: place.line },
                doc: signature.doc(),
                rules: rules.clone(),
            };
            let key = route.keys().collect();
            (Record::Route(route), key)
        });
        Some(Valid {
            routes: routes.into(),
            authorizer,
            function: signature.name,
            color: signature.color,
            arguments: signature.arguments,
            output: signature.output?,
        })
    });
    expand::mount(item, valid, errors)
}

fn path(args: &Args, errors: &mut Errors) -> Option<PathPattern> {
    let help = format_args!("write `#[{NAME}(\"/legacy\")]`").to_string();
    for second in args.values.iter().skip(1) {
        let message = format_args!("a mount has one path, and `{}` is a second", written(second));
        errors.add(second, message, "mount the service twice, by two functions");
    }
    let text: &LitStr = match args.values.first() {
        Some(Value::Text(text)) => text,
        Some(other) => {
            errors.add(other, format_args!("`{}` is not a path", written(other)), help);
            return None;
        }
        None => {
            errors.add_here("the mount has no path", help);
            return None;
        }
    };
    let path = match PathPattern::parse(&text.value()) {
        Ok(path) => path,
        Err(mistakes) => {
            for mistake in mistakes {
                errors.add(text, &mistake, mistake.help());
            }
            return None;
        }
    };
    if let Some(parameter) = path.parameters().next() {
        let message = format_args!("the path of the mount has the parameter `{parameter}`");
        let help = "end the path before it: the service gets everything below, and takes it apart itself";
        errors.add(text, message, help);
        return None;
    }
    Some(path)
}
