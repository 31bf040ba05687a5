use chalice_rs::prelude::*;

#[error_handler]
struct Problem;

fn main() {}
