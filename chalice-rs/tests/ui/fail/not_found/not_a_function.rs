use chalice_rs::prelude::*;

#[not_found]
struct Problem;

fn main() {}
