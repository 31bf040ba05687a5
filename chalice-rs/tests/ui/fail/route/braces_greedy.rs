use chalice_rs::prelude::*;

#[route("/files/{path+}")]
async fn show(path: String) -> String {
    format!("{path}")
}

fn main() {}
