//! `blueprint! { prefix = "/users", .. }`: what the routes of a module have in common.

use chalice_rs_manifest::{Blueprint, PathPattern, Record, Source};
use proc_macro2::TokenStream;
use syn::{Expr, Path};

use super::rules::{self, Said};
use super::{Place, only_keys, value};
use crate::args::{Args, Value};
use crate::errors::Errors;
use crate::expand;
use crate::signature::written;

const SHOWN: &str = "blueprint!";

const PREFIX: &str = "prefix";
const MIDDLEWARE: &str = "middleware";

/// A valid blueprint.
pub(crate) struct Valid {
    pub(crate) record: Record,
    pub(crate) prefix: String,
    /// The middleware, the outermost first: functions, and calls that make one.
    pub(crate) middleware: Vec<Expr>,
    /// The authorizer as the user wrote it, for the compiler to find.
    pub(crate) authorizer: Option<Path>,
}

/// The whole expansion.
pub(crate) fn items(args: TokenStream, place: Place) -> TokenStream {
    let mut errors = Errors::default();
    let args = Args::parse(args, &mut errors);
    for found in &args.values {
        let help = match found {
            Value::Text(text) => format!("write `{PREFIX} = \"{}\"`", text.value()),
            _ => format!("write `{PREFIX} = \"/users\"`"),
        };
        errors.add(found, format_args!("`{}` has no key", written(found)), help);
    }
    let keys: Vec<&str> = [PREFIX, MIDDLEWARE].into_iter().chain(rules::KEYS).collect();
    only_keys(SHOWN, &keys, &args, &mut errors);
    let Said { rules, authorizer } = rules::said(&args, &mut errors);
    let prefix = prefix(&args, &mut errors);
    let middleware = middleware(&args, &mut errors);
    let source = Source { module: String::new(), file: place.file, line: place.line };
    expand::blueprint(
        Valid {
            prefix: prefix.to_string(),
            record: Record::Blueprint(Blueprint { prefix, source, rules }),
            middleware,
            authorizer,
        },
        errors,
    )
}

fn prefix(args: &Args, errors: &mut Errors) -> PathPattern {
    let Some(text) = args.text(PREFIX, "/users", errors) else { return PathPattern::default() };
    let prefix = match PathPattern::parse(&text.value()) {
        Ok(prefix) => prefix,
        Err(mistakes) => {
            for mistake in mistakes {
                errors.add(&text, &mistake, mistake.help());
            }
            return PathPattern::default();
        }
    };
    if let Some(parameter) = prefix.parameters().next() {
        let message = format_args!("the prefix has the parameter `{parameter}`");
        errors.add(
            &text,
            message,
            "write it in the path of each route: a parameter goes to an argument there",
        );
    }
    prefix
}

fn middleware(args: &Args, errors: &mut Errors) -> Vec<Expr> {
    let Some(pair) = args.pair(MIDDLEWARE) else { return Vec::new() };
    let one = std::slice::from_ref(&pair.value);
    let items = match &pair.value {
        Value::List(items, _) => items,
        _ => one,
    };
    let mut middleware = Vec::new();
    for item in items {
        match value::expression(item) {
            Some(made @ (Expr::Path(_) | Expr::Call(_))) => middleware.push(made),
            _ => {
                let message = format_args!("`{}` is no function, and no call that makes one", written(item));
                let help = format_args!("write `{MIDDLEWARE} = [audit]`, or `[metrics(\"Shop\")]`");
                errors.add(item, message, help);
            }
        }
    }
    middleware
}
