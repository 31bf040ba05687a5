//! One whole expansion per attribute, on file, so that a reviewer sees generated code change.
//!
//! `UPDATE_EXPANSIONS=1 cargo test -p chalice-rs-macros` writes them anew.

use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Item, ItemEnum, ItemStruct};

use super::Input;
use crate::attribute::http_error;

#[test]
fn each_attribute_expands_to_what_is_on_file() {
    for attribute in include_str!("../../attributes.txt").lines() {
        let inputs = Input::read(&program(attribute));
        assert!(inputs.iter().all(|input| input.attribute == attribute), "{attribute}.rs has another");
        check(attribute, inputs.iter().map(Input::expand).collect());
    }
}

#[test]
fn the_derive_expands_to_what_is_on_file() {
    let file = syn::parse_file(&program("http_error")).expect("a Rust file");
    let items = file.items.into_iter().map(|mut item| {
        let (Item::Enum(ItemEnum { attrs, .. }) | Item::Struct(ItemStruct { attrs, .. })) = &mut item else {
            panic!("only types");
        };
        attrs.retain(|attribute| !attribute.path().is_ident("derive"));
        http_error::derive(item.into_token_stream())
    });
    check("http_error", items.collect());
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../chalice-rs/tests/ui/expansions")
}

fn program(name: &str) -> String {
    fs::read_to_string(folder().join(format!("{name}.rs"))).expect(name)
}

#[track_caller]
fn check(name: &str, expansion: TokenStream) {
    let expansion = syn::parse2(expansion).expect("items");
    let found = format!("//! What becomes of `{name}.rs`.\n\n{}", prettyplease::unparse(&expansion));
    let file = folder().join(format!("{name}.expanded.rs"));
    if std::env::var_os("UPDATE_EXPANSIONS").is_some() {
        fs::write(&file, &found).expect("a folder we can write to");
    }
    let expected = fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(found, expected, "{} differs", file.display());
}
