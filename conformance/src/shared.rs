//! Routes that pages of other sites may call, by different policies.

use chalice_rs::prelude::*;

#[route("/shared-with/all", methods = ["GET", "POST", "PUT"], cors = true)]
fn all(request: &Request<'_>) -> Result<&'static str, Error> {
    match request.query() {
        "" => Ok("for all"),
        _ => Err(Error::bad_request("not like this")),
    }
}

#[route(
    "/shared-with/one",
    methods = ["GET", "POST", "PUT"],
    cors(
        origins = ["https://foo.example.com"],
        headers = ["X-Special-Header"],
        expose = ["X-Special-Header"],
        credentials = true,
        max_age = 600
    )
)]
fn one() -> &'static str {
    "for one"
}

#[get("/shared-with/below", cors = "https://*.example.com")]
fn below() -> &'static str {
    "for all below"
}

/// The other media type of a JSON route, and a panic.
#[post("/shared-with/json", cors = true)]
fn json(Json(number): Json<u8>) -> String {
    (100 / number).to_string()
}
