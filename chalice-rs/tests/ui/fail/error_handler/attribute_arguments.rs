use chalice_rs::prelude::*;

#[error_handler(404)]
fn problem(error: &Error) -> String {
    error.code().to_owned()
}

fn main() {}
