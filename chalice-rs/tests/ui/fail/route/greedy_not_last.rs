use chalice_rs::prelude::*;

#[route("/files/<path..>/meta")]
async fn show(path: String) -> String {
    format!("{path}")
}

fn main() {}
