//! Who may call, from which sites, and where it runs.

use chalice_rs::prelude::*;

jwt_authorizer!(users, issuer = "https://example.com", audiences = ["a"]);

mod auth {
    use chalice_rs::prelude::*;

    lambda_authorizer!(staff, arn = "arn:aws:lambda:eu-west-1:123456789012:function:check");
}

#[route("/a", authorizer = users, scopes = ["a:read", "a:write"], cors = true, tags = ["a"])]
fn a() {}

#[route("/b", authorizer = crate::auth::staff, cors = ["https://a.com", "https://*.b.com"], function = "heavy")]
fn b() {}

#[route(
    "/c",
    authorizer = iam,
    cors(origins = "https://a.com", headers = ["X-A"], expose = "X-B", credentials = true, max_age = 600),
)]
async fn c() {}

#[route("/d", authorizer = none, cors = false)]
fn d() {}

fn main() {}
