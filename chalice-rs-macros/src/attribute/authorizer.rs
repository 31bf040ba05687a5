//! `#[authorizer(ttl = 300)]`: a function that says who may call.
//!
//! Not here: the keys that it shares with `lambda_authorizer!`, and authorizers that are no function
//! of the program; see [`super::authorizers`].

use chalice_rs_manifest::{Authorizer, By, Record, Reuse, Source};
use proc_macro2::{Ident, TokenStream};
use syn::Type;

use super::{Place, authorizers, only_keys, rules};
use crate::args::Args;
use crate::errors::Errors;
use crate::expand;
use crate::signature::{Argument, Color, Signature, written};

/// How the attribute is called.
const NAME: &str = "authorizer";

/// A valid authorizer: what is declared, and how its function is called.
pub(crate) struct Valid {
    pub(crate) record: Record,
    pub(crate) function: Ident,
    pub(crate) color: Color,
    /// The lifetimes that the function declares, which mean nothing outside of it.
    pub(crate) lifetimes: Vec<Ident>,
    pub(crate) arguments: Vec<Argument>,
    /// The type after `->`.
    pub(crate) output: Type,
    pub(crate) kept: Kept,
}

/// For which routes API Gateway remembers an answer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    /// For none, or for the one it was asked about.
    ForOne,
    /// For all.
    ForAll,
}

/// The whole expansion.
pub(crate) fn attribute(args: TokenStream, item: TokenStream, place: Place) -> TokenStream {
    let mut errors = Errors::default();
    let args = Args::parse(args, &mut errors);
    for value in &args.values {
        let message = format_args!("`{}` has no key", written(value));
        errors.add(value, message, format_args!("write `#[{NAME}(ttl = 300)]`, or `#[{NAME}]` alone"));
    }
    only_keys(&format!("#[{NAME}]"), &authorizers::QUESTION_KEYS, &args, &mut errors);
    let question = authorizers::question(&args, &mut errors);
    let valid = Signature::parse(&item, NAME, &mut errors).and_then(|signature| {
        let shown = signature.shown().to_string();
        let name = rules::authorizer_name(&signature.name, &mut errors);
        if signature.output.is_none() {
            let message = format_args!("`{shown}` returns nothing, and so lets nobody in");
            errors.add(
                &signature.name,
                message,
                "write `-> bool`, or `-> Verdict<T>` with what the route shall know",
            );
        }
        let kept = match question.reuse {
            Reuse::AllRoutes if question.ttl > 0 => Kept::ForAll,
            Reuse::AllRoutes | Reuse::PerRoute => Kept::ForOne,
        };
        let source = Source { module: String::new(), file: place.file, line: place.line };
        let (doc, by) = (signature.doc(), By::Function(question));
        Some(Valid {
            record: Record::Authorizer(Authorizer { name: name?, by, source, doc }),
            function: signature.name,
            color: signature.color,
            lifetimes: signature.lifetimes,
            arguments: signature.arguments,
            output: signature.output?,
            kept,
        })
    });
    expand::authorizer_function(item, valid, errors)
}
