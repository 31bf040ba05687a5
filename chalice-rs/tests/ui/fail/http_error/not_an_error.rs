use chalice_rs::prelude::*;

#[derive(Debug, HttpError)]
#[http(status = 404)]
struct Trouble;

fn main() {}
