//! Function for all routes.

use chalice_rs::prelude::*;

#[chalice_rs::main(function = "heavy")]
async fn main() -> App {
    App::new()
}
