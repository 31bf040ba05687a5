//! An app with one route of its own, one in a module, and more in a crate it only links.

use library as _;

use chalice_rs::{App, route};

/// Says «hello».
#[route("/hello/<name>")]
async fn hello(name: String) -> String {
    name
}

mod users {
    #[chalice_rs::route("/users", methods = ["POST"])]
    fn add() -> String {
        String::new()
    }
}

#[chalice_rs::main]
async fn main() -> App {
    App
}
