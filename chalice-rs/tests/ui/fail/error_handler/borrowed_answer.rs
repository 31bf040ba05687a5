use chalice_rs::prelude::*;

#[error_handler]
fn problem(error: &Error) -> &str {
    error.code()
}

fn main() {}
