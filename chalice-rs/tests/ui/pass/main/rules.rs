//! What goes for all routes.

use chalice_rs::prelude::*;

jwt_authorizer!(users, issuer = "https://example.com", audiences = "a");

#[get("/", authorizer = none)]
fn home() {}

mod app {
    use chalice_rs::prelude::*;

    #[chalice_rs::main(
        authorizer = super::users,
        scopes = ["read"],
        cors = "https://a.com",
        head = false,
        tags = ["all"]
    )]
    pub(super) async fn main() -> App {
        App::new()
    }
}

fn main() {
    let _: fn() -> std::process::ExitCode = app::main;
}
