use chalice_rs::prelude::*;

trait Users {
    #[route("/users")]
    fn show() -> String;
}

fn main() {}
