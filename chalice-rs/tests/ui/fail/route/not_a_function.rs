use chalice_rs::prelude::*;

#[route("/users")]
struct Users;

fn main() {}
