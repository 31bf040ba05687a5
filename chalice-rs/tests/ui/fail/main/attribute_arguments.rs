use chalice_rs::prelude::*;

#[chalice_rs::main(flavor = "current_thread", 2)]
async fn main() -> App {
    App::new()
}
