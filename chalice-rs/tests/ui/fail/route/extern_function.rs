use chalice_rs::prelude::*;

#[route("/users")]
extern "C" fn show() {}

fn main() {}
