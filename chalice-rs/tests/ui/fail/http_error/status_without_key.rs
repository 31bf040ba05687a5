use chalice_rs::prelude::*;

#[derive(Debug, HttpError)]
enum Trouble {
    #[http(404)]
    Gone,
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("trouble")
    }
}

impl std::error::Error for Trouble {}

fn main() {}
