//! One mistake per program, and what the compiler says about it; programs that compile; and that
//! no attribute is without either, nor without documentation.
//!
//! `TRYBUILD=overwrite cargo test -p chalice-rs --test ui` writes the compiler's words anew.

use std::fs;
use std::path::Path;

/// One attribute a line; `chalice-rs-macros` holds it against what it exports.
const ATTRIBUTES: &str = include_str!("../../chalice-rs-macros/attributes.txt");

#[test]
fn mistakes_are_compile_errors_and_good_programs_compile() {
    let tests = trybuild::TestCases::new();
    tests.compile_fail("tests/ui/fail/*/*.rs");
    tests.pass("tests/ui/pass/*/*.rs");
    tests.compile_fail(match cfg!(feature = "openapi") {
        true => "tests/ui/with_openapi/*/*.rs",
        false => "tests/ui/without_openapi/*/*.rs",
    });
}

#[test]
fn every_attribute_has_a_failing_and_a_passing_program() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui");
    for attribute in ATTRIBUTES.lines() {
        for outcome in ["fail", "pass"] {
            let folder = root.join(outcome).join(attribute);
            let programs = fs::read_dir(&folder).map(Iterator::count).unwrap_or_default();
            assert!(programs > 0, "{} has no program", folder.display());
        }
    }
}

#[test]
fn every_attribute_is_documented_with_its_grammar_and_an_app_that_runs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let library = fs::read_to_string(root.join("src/lib.rs")).expect("the library");
    for attribute in ATTRIBUTES.lines() {
        let export = format!(
            "#[doc = include_str!(\"../docs/{attribute}.md\")]\npub use chalice_rs_macros::{attribute};"
        );
        assert!(library.contains(&export), "`{attribute}` is exported without its page");
        let page = fs::read_to_string(root.join(format!("docs/{attribute}.md"))).expect(attribute);
        assert!(page.contains("\nuse chalice_rs::prelude::*;"), "`{attribute}` has no example");
        assert!(page.contains("\n# Grammar\n"), "`{attribute}` has no grammar");
    }
}
