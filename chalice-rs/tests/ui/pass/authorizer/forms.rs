//! All that an authorizer can take and return.

use chalice_rs::authorizer::{AllowList, AuthorizerRequest, Verdict};
use chalice_rs::prelude::*;
use serde::Serialize;

struct Keys(Vec<String>);

#[derive(Serialize)]
struct User<'r> {
    name: &'r str,
}

#[authorizer]
fn nobody() -> bool {
    false
}

#[authorizer(ttl = 300)]
async fn borrowed<'r>(request: &'r AuthorizerRequest<'r>) -> Verdict<User<'r>> {
    Verdict::Allow(User { name: request.token() })
}

#[authorizer(ttl = 0, reuse = "all-routes")]
fn asked_each_time(request: &Request<'_>, context: &Context) -> AllowList {
    let _ = (request.path(), context.remaining_time());
    AllowList::new((), ["/"])
}

#[authorizer(identity = "$request.header.X-Key", ttl = 60, reuse = "per-route")]
async fn fallible(keys: State<Keys>) -> Result<AllowList<User<'static>>, std::io::Error> {
    let known = keys.0.len();
    Ok(if known == 0 { AllowList::nothing() } else { AllowList::everything(User { name: "x" }) })
}

#[authorizer(identity = ["$request.querystring.key", "$context.identity.sourceIp"], reuse = "all-routes", ttl = 3600)]
async fn optional() -> Result<Option<User<'static>>, Error> {
    Ok(None)
}

mod inside {
    use super::*;

    /// With a keyword for a name.
    #[authorizer]
    pub fn r#match(r#type: State<Keys>) -> Verdict {
        if r#type.0.is_empty() { Verdict::Deny } else { Verdict::Allow(()) }
    }
}

#[route("/", authorizer = inside::r#match)]
fn index() {}

#[get("/borrowed", authorizer = borrowed)]
fn guarded() {}

fn main() {
    assert!(!nobody());
}
