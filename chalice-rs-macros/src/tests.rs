//! The attributes as functions from tokens to tokens.
//!
//! Not here: what the compiler makes of the result; see the ui tests of `chalice-rs`.

mod arbitrary;
mod attributes;
mod expansions;
mod names;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Item, ItemFn};

use chalice_rs_manifest::Method;

use crate::attribute::fallback::{self, Kind};

use crate::attribute::route::Form;
use crate::attribute::{Place, authorizer, authorizers, blueprint, main, mount, route};

/// One of a program's functions under an attribute, or one of its macros, as the compiler gives it to us.
struct Input {
    attribute: String,
    args: TokenStream,
    item: TokenStream,
}

impl Input {
    /// The functions and macros of a program, which has nothing else.
    fn read(program: &str) -> Vec<Self> {
        let file = syn::parse_file(program).expect("a Rust file");
        let functions = file.items.into_iter().map(|item| match item {
            Item::Fn(function) => Self::of(function),
            Item::Macro(item) => Self {
                attribute: item.mac.path.segments.last().expect("a path").ident.to_string(),
                args: item.mac.tokens,
                item: TokenStream::new(),
            },
            _ => panic!("only functions and macros"),
        });
        functions.collect()
    }

    fn of(mut function: ItemFn) -> Self {
        let at = function.attrs.iter().position(|attribute| !attribute.path().is_ident("doc"));
        let attribute = function.attrs.remove(at.expect("an attribute"));
        Self {
            attribute: attribute.path().segments.last().expect("a path").ident.to_string(),
            args: match &attribute.meta {
                syn::Meta::List(list) => list.tokens.clone(),
                _ => TokenStream::new(),
            },
            item: function.to_token_stream(),
        }
    }

    fn expand(&self) -> TokenStream {
        expand(&self.attribute, self.args.clone(), self.item.clone())
    }
}

fn expand(attribute: &str, args: TokenStream, item: TokenStream) -> TokenStream {
    let place = Place { file: "src/main.rs".to_owned(), line: 7 };
    match attribute {
        "route" => route::attribute(Form::Route, args, item, place),
        "error_handler" => fallback::attribute(Kind::Error, args, item, place),
        "not_found" => fallback::attribute(Kind::NotFound, args, item, place),
        "main" => main::attribute(args, item),
        "authorizer" => authorizer::attribute(args, item, place),
        "mount" => mount::attribute(args, item, place),
        "blueprint" => blueprint::items(args, place),
        "jwt_authorizer" => authorizers::jwt(args, place),
        "lambda_authorizer" => authorizers::lambda(args, place),
        short => match short.to_uppercase().parse::<Method>() {
            Ok(method) => route::attribute(Form::Short(method), args, item, place),
            Err(_) => panic!("no attribute `{attribute}`"),
        },
    }
}
