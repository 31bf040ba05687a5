#![deny(warnings)]

use chalice_rs::prelude::*;

#[route("/expected/<id>")]
#[expect(unused_variables, reason = "the route is what counts")]
async fn expected(id: u64) {}

#[must_use]
#[route("/before")]
#[inline]
fn before() -> String {
    String::new()
}

#[cfg(any())]
#[route("/gone")]
fn gone(undefined: Undefined) {}

#[route("/gone-as-well")]
#[cfg(any())]
fn gone_as_well(undefined: Undefined) {}

#[route("/conditional")]
#[cfg_attr(all(), inline)]
fn conditional() {}

#[cfg_attr(all(), route("/conditional-route"))]
fn conditional_route() {}

fn main() {
    let _ = before();
}
