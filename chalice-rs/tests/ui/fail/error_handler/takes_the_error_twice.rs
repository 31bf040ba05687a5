use chalice_rs::prelude::*;

#[error_handler]
fn problem(error: &Error, again: &Error) -> String {
    format!("{error} {again}")
}

fn main() {}
