use chalice_rs::prelude::*;

#[error_handler]
fn problem(error: Error) -> String {
    error.code().to_owned()
}

fn main() {}
