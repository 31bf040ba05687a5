//! A path without quotes.

chalice_rs::docs!(docs);

fn main() {}
