#[chalice_rs::main]
struct Main;
