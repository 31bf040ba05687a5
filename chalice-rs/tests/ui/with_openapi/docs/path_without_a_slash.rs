//! A path that does not start with a slash.

chalice_rs::docs!("docs");

fn main() {}
