use chalice_rs::prelude::*;

#[chalice_rs::main]
async fn main() {
    App::new();
}
