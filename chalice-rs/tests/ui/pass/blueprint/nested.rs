//! Modules in modules.

use chalice_rs::prelude::*;

blueprint! { tags = ["all"], cors = "https://a.com" }

mod users {
    use chalice_rs::middleware::Next;
    use chalice_rs::prelude::*;

    blueprint! { prefix = "/users", tags = ["users"], middleware = [audit, super::audit] }

    async fn audit(request: &Request<'_>, next: Next<'_>) -> Response {
        next.run(request).await
    }

    #[get("/")]
    fn list() {}

    mod admin {
        use chalice_rs::prelude::*;

        jwt_authorizer!(admins, issuer = "https://example.com", audiences = "a");
        blueprint! { prefix = "/admin", authorizer = admins, scopes = "admin", function = "admin" }

        #[delete("/<name>")]
        fn remove(name: &str) {
            let _ = name;
        }
    }
}

async fn audit(request: &Request<'_>, next: chalice_rs::middleware::Next<'_>) -> Result<Response, Error> {
    Ok(next.run(request).await)
}

fn main() {}
