//! Documentation that stands nowhere.

chalice_rs::docs!();

fn main() {}
