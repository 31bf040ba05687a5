//! A route of one method.

use chalice_rs::prelude::*;

#[put("/a/<id>")]
fn a(id: u8) {
    let _ = id;
}

fn main() {}
