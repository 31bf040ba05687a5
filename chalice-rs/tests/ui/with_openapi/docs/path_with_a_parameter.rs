//! A path with a parameter, which no argument takes.

chalice_rs::docs!("/<version>/docs");

fn main() {}
