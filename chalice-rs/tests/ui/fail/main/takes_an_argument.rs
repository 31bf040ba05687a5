use chalice_rs::prelude::*;

#[chalice_rs::main]
async fn main(stage: String) -> App {
    drop(stage);
    App::new()
}
