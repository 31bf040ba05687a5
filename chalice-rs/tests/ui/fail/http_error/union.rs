use chalice_rs::prelude::*;

#[derive(HttpError)]
union Trouble {
    a: u8,
}

fn main() {}
