//! Documentation without the feature that makes it.

chalice_rs::docs!("/docs");

fn main() {}
