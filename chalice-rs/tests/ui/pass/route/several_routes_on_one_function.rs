use chalice_rs::prelude::*;

#[route("/users/<id>")]
#[route("/people/<id>", methods = ["GET", "HEAD"])]
#[chalice_rs::route("/folk/<id>", methods = ["ANY"])]
async fn show(id: u64) -> String {
    id.to_string()
}

fn main() {}
