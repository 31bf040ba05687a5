//! The keys that a route, a blueprint and the app have in common: who may call, from which sites,
//! where it runs, what it is about.

use chalice_rs_manifest::authorizer::SCOPE_LIMIT;
use chalice_rs_manifest::{FunctionName, Guard, NameError, Rules};
use syn::ext::IdentExt;
use syn::{Ident, LitStr, Path};

use super::{cors, value};
use crate::args::{Args, Pair};
use crate::errors::Errors;

/// The keys, of which the app has all but `function`.
pub(super) const KEYS: [&str; 5] = [AUTHORIZER, SCOPES, cors::CORS, TAGS, FUNCTION];

const AUTHORIZER: &str = "authorizer";
const SCOPES: &str = "scopes";
const TAGS: &str = "tags";
pub(super) const FUNCTION: &str = "function";

/// What the keys say.
#[derive(Default)]
pub(crate) struct Said {
    pub(crate) rules: Rules,
    /// The authorizer as the user wrote it, for the compiler to find.
    pub(crate) authorizer: Option<Path>,
}

/// Reads all of them.
pub(super) fn said(args: &Args, errors: &mut Errors) -> Said {
    let (guard, authorizer) = match args.pair(AUTHORIZER) {
        Some(pair) => guard(pair, errors),
        None => (None, None),
    };
    let scopes = scopes(args, guard.as_ref(), errors);
    Said {
        rules: Rules {
            authorizer: guard,
            scopes,
            cors: cors::rule(args, errors),
            lambda: function(args, errors),
            tags: texts(args.texts(TAGS, "users", errors)),
        },
        authorizer,
    }
}

/// The name of an authorizer, by which routes name it.
pub(super) fn authorizer_name(name: &Ident, errors: &mut Errors) -> Option<FunctionName> {
    match name.unraw().to_string().parse() {
        Ok(name) => Some(name),
        Err(error) => {
            errors.add(name, &error, NameError::help(&error));
            None
        }
    }
}

fn guard(pair: &Pair, errors: &mut Errors) -> (Option<Guard>, Option<Path>) {
    let help = "write an authorizer's name, `authorizer = iam`, or `authorizer = none`";
    let path = value::path(&pair.value).filter(|path| {
        path.segments.iter().all(|segment| segment.arguments.is_empty()) && !path.segments.is_empty()
    });
    let Some(path) = path else {
        errors.add(&pair.value, "`authorizer` is no name", help);
        return (None, None);
    };
    if path.is_ident("none") {
        return (Some(Guard::None), None);
    }
    if path.is_ident("iam") {
        return (Some(Guard::Iam), None);
    }
    let name = path.segments.last().map(|last| last.ident.unraw().to_string()).unwrap_or_default();
    match name.parse::<FunctionName>() {
        Ok(name) => (Some(Guard::Named(name)), Some(path)),
        Err(error) => {
            errors.add(&pair.value, &error, error.help());
            (None, None)
        }
    }
}

fn scopes(args: &Args, guard: Option<&Guard>, errors: &mut Errors) -> Vec<String> {
    let scopes = texts(args.texts(SCOPES, "orders:read", errors));
    let Some(pair) = args.pair(SCOPES) else { return scopes };
    if scopes.len() > SCOPE_LIMIT {
        let message = format_args!("API Gateway takes {SCOPE_LIMIT} scopes for one route");
        errors.add(
            &pair.value,
            message,
            "of those listed a token needs one: leave the others to the handler",
        );
    }
    if let Some(without) = scopes.iter().find(|scope| scope.is_empty() || scope.contains(char::is_whitespace))
    {
        let message = format_args!("`{without}` is not a scope");
        errors.add(&pair.value, message, "a token separates its scopes by spaces: write them one by one");
    }
    if matches!(guard, Some(Guard::None | Guard::Iam)) {
        let message = "only the tokens of a JWT authorizer have scopes";
        errors.add(&pair.key, message, format_args!("remove `{SCOPES}`, or name a JWT authorizer"));
    }
    scopes
}

fn function(args: &Args, errors: &mut Errors) -> Option<FunctionName> {
    let text = args.text(FUNCTION, "heavy", errors)?;
    value::parsed(&text, str::parse, NameError::help, errors)
}

fn texts(texts: Option<Vec<LitStr>>) -> Vec<String> {
    texts.unwrap_or_default().iter().map(LitStr::value).collect()
}
