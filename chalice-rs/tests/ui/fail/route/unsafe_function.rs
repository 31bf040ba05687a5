use chalice_rs::prelude::*;

#[route("/users")]
async unsafe fn show() -> String {
    String::new()
}

fn main() {}
