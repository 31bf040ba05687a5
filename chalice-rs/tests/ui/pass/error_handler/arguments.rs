//! The error, extractors, or nothing at all; one of them in each module, for an app has one.

mod all {
    use chalice_rs::prelude::*;

    #[error_handler]
    async fn problem(context: &Context, error: &Error, request: &Request<'_>) -> Json<String> {
        Json(format!("{error} {} {}", context.request_id, request.path()))
    }
}

mod none {
    #[chalice_rs::error_handler]
    fn problem() -> &'static str {
        "oh"
    }
}

mod path {
    #[chalice_rs::error_handler]
    fn error<'e>(error: &'e chalice_rs::Error) -> Result<String, chalice_rs::Error> {
        Ok(error.code().to_owned())
    }
}

fn main() {}
