#[chalice_rs::main]
async fn main() -> String {
    String::new()
}
