use chalice_rs::prelude::*;

#[error_handler]
fn problem(error: &Error) {
    drop(error.code())
}

fn main() {}
