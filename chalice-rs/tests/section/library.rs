//! Routes that nobody calls by name, what goes for all of them, and who may call.

use chalice_rs::{blueprint, route};

blueprint! { prefix = "/library", authorizer = admin::users }

#[route("/<id>", methods = ["DELETE"])]
fn private(id: u32) -> String {
    id.to_string()
}

pub mod admin {
    chalice_rs::jwt_authorizer!(users, issuer = "https://example.com", audiences = ["library"]);

    #[chalice_rs::authorizer(ttl = 60)]
    async fn check() -> bool {
        false
    }

    #[chalice_rs::route("/admin", methods = ["ANY"], authorizer = check)]
    pub async fn all() -> String {
        String::new()
    }
}
