//! The smallest app.

#[chalice_rs::main]
async fn main() -> App {
    App::new()
}
