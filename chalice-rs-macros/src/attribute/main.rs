//! `#[chalice_rs::main]`: the function that makes the app.

use chalice_rs_manifest::{App, Head, Record, Rules};
use proc_macro2::TokenStream;
use syn::{Attribute, Path, Type, Visibility};

use super::only_keys;
use super::rules::{self, Said};
use crate::args::Args;
use crate::errors::Errors;
use crate::expand;
use crate::signature::{Color, Signature, written};

const NAME: &str = "chalice_rs::main";

const HEAD: &str = "head";

/// A valid `main`.
pub(crate) struct Main {
    pub(crate) record: Record,
    /// Whether the record says anything about the app's routes.
    pub(crate) declares: bool,
    /// The authorizer as the user wrote it, for the compiler to find.
    pub(crate) authorizer: Option<Path>,
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
    let args = Args::parse(args, &mut errors);
    for value in &args.values {
        let message = format_args!("`{}` has no key", written(value));
        errors.add(value, message, format_args!("`#[{NAME}]` takes what goes for all routes: `cors = true`"));
    }
    let keys: Vec<&str> =
        rules::KEYS.into_iter().filter(|key| *key != rules::FUNCTION).chain([HEAD]).collect();
    only_keys(&format!("#[{NAME}]"), &keys, &args, &mut errors);
    let said = rules::said(&args, &mut errors);
    let head = match args.switch(HEAD, &mut errors) {
        None | Some(true) => Head::Derived,
        Some(false) => Head::Declared,
    };
    let main = Signature::parse(&item, NAME, &mut errors)
        .map(|signature| validate(signature, said, head, &mut errors));
    expand::main(item, main, errors)
}

fn validate(signature: Signature, said: Said, head: Head, errors: &mut Errors) -> Main {
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
        declares: said.rules != Rules::default() || head != Head::default(),
        // The compiler fills in the user's package; see `expand`.
        record: Record::App(App {
            package: String::new(),
            version: String::new(),
            library: env!("CARGO_PKG_VERSION").to_owned(),
            rules: said.rules,
            head,
        }),
        authorizer: said.authorizer,
        doc: signature.attributes.into_iter().filter(|attribute| attribute.path().is_ident("doc")).collect(),
        visibility: signature.visibility,
        color: signature.color,
        output: signature.output,
    }
}
