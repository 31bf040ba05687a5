use chalice_rs::prelude::*;

#[route("/users")]
type Users = fn() -> String;

fn main() {}
