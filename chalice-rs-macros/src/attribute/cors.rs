//! `cors = ..` and `cors(..)`: which pages may call.
//!
//! Not here: whether API Gateway or the function answers them; only all routes together decide that.

use chalice_rs_manifest::cors::{CorsError, MAX_AGE_LIMIT};
use chalice_rs_manifest::{Cors, CorsRule, Origin};
use proc_macro2::TokenStream;

use super::{only_keys, value};
use crate::args::{Args, Value};
use crate::errors::Errors;

/// The key.
pub(super) const CORS: &str = "cors";

const ORIGINS: &str = "origins";
const HEADERS: &str = "headers";
const EXPOSE: &str = "expose";
const CREDENTIALS: &str = "credentials";
const MAX_AGE: &str = "max_age";

/// What the key says, if it is there.
pub(super) fn rule(args: &Args, errors: &mut Errors) -> Option<CorsRule> {
    let pair = args.pair(CORS)?;
    match &pair.value {
        Value::Nested(inner, _) => nested(inner.clone(), errors).map(CorsRule::Allow),
        Value::Text(_) | Value::List(..) => {
            let origins = origins(args, CORS, errors)?;
            Some(CorsRule::Allow(Cors { origins, ..Cors::default() }))
        }
        Value::Other(_) => match value::switch(&pair.value) {
            Some(true) => Some(CorsRule::Allow(Cors::default())),
            Some(false) => Some(CorsRule::Off),
            None => {
                let help =
                    r#"write `cors = "https://example.com"`, `cors = true` for every site, or `cors(..)`"#;
                errors.add(&pair.value, "`cors` is no policy", help);
                None
            }
        },
    }
}

fn nested(tokens: TokenStream, errors: &mut Errors) -> Option<Cors> {
    let mut found = Errors::default();
    let args = Args::parse(tokens.clone(), &mut found);
    for value in &args.values {
        found.add(value, "a policy has keys only", r#"write `origins = ["https://example.com"]`"#);
    }
    only_keys(CORS, &[ORIGINS, HEADERS, EXPOSE, CREDENTIALS, MAX_AGE], &args, &mut found);
    let names = |key, found: &mut Errors| {
        let names = args.texts(key, "X-Request-Id", found).unwrap_or_default();
        names.iter().map(syn::LitStr::value).collect::<Vec<_>>()
    };
    let origins = match args.pair(ORIGINS) {
        Some(_) => origins(&args, ORIGINS, &mut found),
        None => Some(vec![Origin::Any]),
    };
    let cors = Cors {
        origins: origins.clone().unwrap_or_default(),
        headers: names(HEADERS, &mut found),
        expose: names(EXPOSE, &mut found),
        credentials: args.switch(CREDENTIALS, &mut found).unwrap_or_default(),
        max_age: args.number(MAX_AGE, 0..=MAX_AGE_LIMIT, "seconds", &mut found),
    };
    if origins.is_some() {
        for mistake in cors.check() {
            let key = match &mistake {
                CorsError::NoOrigin | CorsError::Origin { .. } => ORIGINS,
                CorsError::AnyWithCredentials => CREDENTIALS,
                CorsError::AnyHeaderWithCredentials if cors.headers.iter().any(|name| name == "*") => HEADERS,
                CorsError::Header { name } if cors.headers.contains(name) => HEADERS,
                CorsError::AnyHeaderWithCredentials | CorsError::Header { .. } => EXPOSE,
                CorsError::MaxAge { .. } => MAX_AGE,
            };
            match args.pair(key) {
                Some(pair) => found.add(&pair.value, &mistake, mistake.help()),
                None => found.add(&tokens, &mistake, mistake.help()),
            }
        }
    }
    let is_good = found.is_empty();
    errors.append(found);
    is_good.then_some(cors)
}

fn origins(args: &Args, key: &str, errors: &mut Errors) -> Option<Vec<Origin>> {
    let texts = args.texts(key, "https://example.com", errors)?;
    let count = texts.len();
    let origins: Vec<Origin> = texts
        .iter()
        .filter_map(|text| value::parsed(text, str::parse::<Origin>, |error| error.help(), errors))
        .collect();
    (origins.len() == count).then_some(origins)
}
