//! `#[chalice_rs::main]`: the function that makes the app.

use chalice_rs_manifest::{App, Record};
use proc_macro2::TokenStream;
use syn::{Attribute, Type, Visibility};

use crate::errors::Errors;
use crate::expand;
use crate::signature::{Color, Signature};

const NAME: &str = "chalice_rs::main";

/// A valid `main`.
pub(crate) struct Main {
    pub(crate) record: Record,
    /// The doc comment, line by line.
    pub(crate) doc: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) color: Color,
    /// The type after `->`.
    pub(crate) output: Option<Type>,
}

/// The whole expansion.
pub(crate) fn attribute(args: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    if !args.is_empty() {
        errors.add(args, format_args!("`#[{NAME}]` takes no arguments"), format_args!("write `#[{NAME}]`"));
    }
    let main = Signature::parse(&item, NAME, &mut errors).map(|signature| validate(signature, &mut errors));
    expand::main(item, main, errors)
}

fn validate(signature: Signature, errors: &mut Errors) -> Main {
    let shown = signature.shown();
    if shown != "main" {
        let message = format_args!("the function is called `{shown}`");
        errors.add(&signature.name, message, "call it `main`: it is where the program starts");
    }
    for argument in &signature.arguments {
        let message = format_args!("`{shown}` has the argument `{}`", argument.shown());
        errors.add(argument, message, "remove it; what the app needs is made in the body and given to `App`");
    }
    if signature.output.is_none() {
        let message = format_args!("`{shown}` returns nothing");
        errors.add(&signature.name, message, "write `-> App`, and end the body with `App::new()`");
    }
    Main {
        // The compiler fills in the user's package; see `expand`.
        record: Record::App(App {
            package: String::new(),
            version: String::new(),
            library: env!("CARGO_PKG_VERSION").to_owned(),
            ..App::default()
        }),
        doc: signature.attributes.into_iter().filter(|attribute| attribute.path().is_ident("doc")).collect(),
        visibility: signature.visibility,
        color: signature.color,
        output: signature.output,
    }
}
