use chalice_rs::prelude::*;

struct Caller<'r>(&'r Request<'r>);

impl<'r> FromRequest<'r> for Caller<'r> {
    type Rejection = &'static str;

    async fn from_request(request: &'r Request<'r>) -> Result<Self, Self::Rejection> {
        Ok(Self(request))
    }
}

#[route("/", methods = ["POST"])]
async fn all(request: &Request<'_>, Json(number): Json<u32>, caller: Caller<'_>) -> String {
    let _ = (request, caller.0);
    number.to_string()
}

#[route("/named", methods = ["PUT", "PATCH"])]
async fn named(number: Json<u32>) -> String {
    number.0.to_string()
}

#[route("/ignored", methods = ["ANY"])]
async fn ignored(_: Json<u32>) {}

fn main() {}
