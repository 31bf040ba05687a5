//! Extractors, or nothing at all.

mod some {
    use chalice_rs::prelude::*;

    #[not_found]
    async fn nowhere(request: &Request<'_>, body: Vec<u8>) -> (StatusCode, String) {
        (StatusCode::GONE, format!("{} {}", request.path(), body.len()))
    }
}

mod none {
    #[chalice_rs::not_found]
    fn nowhere() -> &'static str {
        "oh"
    }
}

fn main() {}
