//! Documentation in two places.

chalice_rs::docs!("/docs");
chalice_rs::docs!("/help");

fn main() {}
