//! The list of attributes and macros, which the tests of `chalice-rs` read as well, is what we export.

use syn::{Item, Path};

#[test]
fn the_list_of_attributes_is_what_is_exported() {
    let file = syn::parse_file(include_str!("../lib.rs")).expect("a Rust file");
    let mut exported: Vec<String> = file
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Fn(function) => Some(function),
            _ => None,
        })
        .filter(|function| {
            let is_macro = |path: &Path| path.is_ident("proc_macro_attribute") || path.is_ident("proc_macro");
            function.attrs.iter().any(|attribute| is_macro(attribute.path()))
        })
        .map(|function| function.sig.ident.to_string())
        .collect();
    exported.sort();
    assert_eq!(exported, include_str!("../../attributes.txt").lines().collect::<Vec<_>>());
}
