//! One whole expansion per attribute, on file, so that a reviewer sees generated code change.
//!
//! `UPDATE_EXPANSIONS=1 cargo test -p chalice-rs-macros` writes them anew.

use std::fs;
use std::path::Path;

use super::Input;

#[test]
fn each_attribute_expands_to_what_is_on_file() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../chalice-rs/tests/ui/expansions");
    for attribute in include_str!("../../attributes.txt").lines() {
        let program = fs::read_to_string(folder.join(format!("{attribute}.rs"))).expect(attribute);
        let inputs = Input::read(&program);
        assert!(inputs.iter().all(|input| input.attribute == attribute), "{attribute}.rs has another");
        let expansion = syn::parse2(inputs.iter().map(Input::expand).collect()).expect("items");
        let found = format!("//! What becomes of `{attribute}.rs`.\n\n{}", prettyplease::unparse(&expansion));
        let file = folder.join(format!("{attribute}.expanded.rs"));
        if std::env::var_os("UPDATE_EXPANSIONS").is_some() {
            fs::write(&file, &found).expect("a folder we can write to");
        }
        let expected = fs::read_to_string(&file).unwrap_or_default();
        assert_eq!(found, expected, "{} differs", file.display());
    }
}
