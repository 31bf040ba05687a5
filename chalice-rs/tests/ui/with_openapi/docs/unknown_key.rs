//! A key that there is not.

chalice_rs::docs!("/docs", title = "Shop");

fn main() {}
