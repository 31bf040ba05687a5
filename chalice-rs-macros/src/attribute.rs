//! Validate: one file per attribute, from what was parsed to a `chalice_rs_manifest::Record`.

pub(crate) mod authorizer;
pub(crate) mod authorizers;
pub(crate) mod blueprint;
mod cors;
pub(crate) mod fallback;
pub(crate) mod http_error;
pub(crate) mod main;
pub(crate) mod mount;
pub(crate) mod route;
mod rules;
mod value;

use crate::args::{Args, Pair};
use crate::errors::{Errors, nearest};

/// Where an attribute stands in the user's code.
pub(crate) struct Place {
    pub(crate) file: String,
    /// Counted from 1.
    pub(crate) line: u32,
}

/// Refuses each pair whose key is none of `keys`.
///
/// `shown` is how the attribute or the macro is written: `#[route]`, `blueprint!`.
fn only_keys(shown: &str, keys: &[&str], args: &Args, errors: &mut Errors) {
    for Pair { key, .. } in &args.pairs {
        let name = key.to_string();
        if keys.contains(&name.as_str()) {
            continue;
        }
        let help = match nearest(&name, keys.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("its keys are: `{}`", keys.join("`, `")),
        };
        errors.add(key, format_args!("`{shown}` has no key `{name}`"), help);
    }
}
