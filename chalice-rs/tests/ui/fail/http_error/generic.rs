use chalice_rs::prelude::*;

#[derive(Debug, HttpError)]
struct Trouble<T>(T);

fn main() {}
