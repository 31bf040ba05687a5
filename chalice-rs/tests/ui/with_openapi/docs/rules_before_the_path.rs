//! Keys in the place of the path.

chalice_rs::docs!(tags = ["docs"], "/docs");

fn main() {}
