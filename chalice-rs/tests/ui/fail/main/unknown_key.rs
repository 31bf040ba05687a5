//! Unknown key.

use chalice_rs::prelude::*;

#[chalice_rs::main(head = false, region = "x")]
async fn main() -> App {
    App::new()
}
