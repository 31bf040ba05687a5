//! A verdict that is none.

use chalice_rs::prelude::*;

#[authorizer]
async fn users() -> u16 {
    200
}

fn main() {}
