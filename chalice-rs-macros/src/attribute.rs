//! Validate: one file per attribute, from what was parsed to a `chalice_rs_manifest::Record`.

pub(crate) mod fallback;
pub(crate) mod http_error;
pub(crate) mod main;
pub(crate) mod route;

use crate::args::{Args, Pair};
use crate::errors::{Errors, nearest};

/// Where an attribute stands in the user's code.
pub(crate) struct Place {
    pub(crate) file: String,
    /// Counted from 1.
    pub(crate) line: u32,
}

/// Refuses each pair whose key is none of `keys`.
fn only_keys(attribute: &str, keys: &[&str], args: &Args, errors: &mut Errors) {
    for Pair { key, .. } in &args.pairs {
        let name = key.to_string();
        if keys.contains(&name.as_str()) {
            continue;
        }
        let help = match nearest(&name, keys.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("its keys are: `{}`", keys.join("`, `")),
        };
        errors.add(key, format_args!("`#[{attribute}]` has no key `{name}`"), help);
    }
}
