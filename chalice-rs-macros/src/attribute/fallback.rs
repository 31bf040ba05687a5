//! `#[error_handler]` and `#[not_found]`: the functions that answer what no route answers.

use chalice_rs_manifest::{Handler, Record, Source};
use proc_macro2::TokenStream;
use syn::Type;

use super::Place;
use super::route::{Bound, Endpoint, check_answer};
use crate::errors::Errors;
use crate::expand;
use crate::signature::{Argument, Signature};

/// Which of the two it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `#[error_handler]`: it makes the answer of an error.
    Error,
    /// `#[not_found]`: it answers what no route takes.
    NotFound,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Error => "error_handler",
            Self::NotFound => "not_found",
        }
    }
}

/// A valid function of one of the two.
pub(crate) struct Fallback {
    pub(crate) kind: Kind,
    /// It has no keys: it is for what has none.
    pub(crate) endpoint: Endpoint,
}

/// The whole expansion.
pub(crate) fn attribute(kind: Kind, args: TokenStream, item: TokenStream, place: Place) -> TokenStream {
    let mut errors = Errors::default();
    let name = kind.name();
    if !args.is_empty() {
        errors.add(args, format_args!("`#[{name}]` takes no arguments"), format_args!("write `#[{name}]`"));
    }
    let fallback = Signature::parse(&item, name, &mut errors).map(|signature| {
        check_answer(&signature, &mut errors);
        if signature.output.is_none() {
            let message = format_args!("`{}` answers nothing", signature.shown());
            let help = "let it return an answer: `-> Json<..>`, `-> Html<..>`, `-> Response`";
            errors.add(&signature.name, message, help);
        }
        let arguments = signature.arguments.iter().map(|argument| bound(kind, argument)).collect();
        if kind == Kind::Error {
            at_most_one_error(&signature, &mut errors);
        }
        let handler = Handler {
            function: signature.shown().to_string(),
            source: Source { module: String::new(), file: place.file, line: place.line },
        };
        let record = match kind {
            Kind::Error => Record::ErrorHandler(handler),
            Kind::NotFound => Record::NotFound(handler),
        };
        let endpoint = Endpoint {
            record,
            keys: Vec::new(),
            authorizer: None,
            function: signature.name,
            color: signature.color,
            lifetimes: signature.lifetimes,
            arguments,
            output: signature.output,
        };
        Fallback { kind, endpoint }
    });
    expand::fallback(item, fallback, errors)
}

fn bound(kind: Kind, argument: &Argument) -> Bound {
    match kind {
        Kind::Error if error(&argument.ty).is_some() => Bound::Error,
        Kind::Error | Kind::NotFound => Bound::Extractor { argument: argument.clone() },
    }
}

/// There is one error to be answered, and it is lent.
fn at_most_one_error(signature: &Signature, errors: &mut Errors) {
    let mut first = None;
    for argument in &signature.arguments {
        match error(&argument.ty) {
            None => {}
            Some(Lent::No) => {
                let message = format_args!("`{}` takes the error away", argument.shown());
                errors.add(&argument.ty, message, "write `&Error`: its headers are still needed");
            }
            Some(Lent::Yes) => match &first {
                None => first = Some(argument.shown()),
                Some(first) => {
                    let message = format_args!("`{first}` and `{}` are the same error", argument.shown());
                    errors.add(argument, message, "remove one of them");
                }
            },
        }
    }
}

enum Lent {
    Yes,
    No,
}

/// Whether the type is our `Error`, by its name, and how it comes.
fn error(ty: &Type) -> Option<Lent> {
    match ty {
        Type::Reference(reference) if reference.mutability.is_none() => {
            error(&reference.elem).map(|_| Lent::Yes)
        }
        Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Error") => {
            Some(Lent::No)
        }
        _ => None,
    }
}
