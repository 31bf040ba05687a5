//! All that a mount can be.

use chalice_rs::prelude::*;

struct Shop;

#[mount("/")]
fn everything() -> axum::Router {
    axum::Router::new()
}

mod api {
    use chalice_rs::prelude::*;

    blueprint! { prefix = "/api" }

    type Result<T> = std::result::Result<T, std::io::Error>;

    #[mount("/v1", authorizer = iam, function = "old", tags = ["old"])]
    pub async fn v1(shop: State<super::Shop>, _other: State<u8>) -> Result<axum::Router> {
        Ok(axum::Router::new().with_state(shop))
    }
}

#[mount("/service")]
fn r#match() -> impl tower::Service<
    http::Request<http_body_util::Full<Bytes>>,
    Response = http::Response<String>,
    Error = std::io::Error,
    Future = std::future::Ready<Result<http::Response<String>, std::io::Error>>,
> + Clone
+ Send {
    tower::service_fn(|_| std::future::ready(Ok(http::Response::new("hi".to_owned()))))
}

fn main() {
    let _ = api::v1;
}
