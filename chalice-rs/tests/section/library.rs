//! Routes that nobody calls by name.

use chalice_rs::route;

#[route("/library/<id>", methods = ["DELETE"])]
fn private(id: u32) -> String {
    id.to_string()
}

pub mod admin {
    #[chalice_rs::route("/library/admin", methods = ["ANY"])]
    pub async fn all() -> String {
        String::new()
    }
}
