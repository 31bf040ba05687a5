use chalice_rs::prelude::*;

#[chalice_rs::main]
async fn start() -> App {
    App::new()
}
