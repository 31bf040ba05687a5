//! Extractors that may find nothing: `Option<E>` and `Result<E, E::Rejection>`.

use std::convert::Infallible;

use crate::{FromRequest, Request};

/// An extractor that can tell what is absent from what is wrong, so that `Option<E>` is an extractor too.
///
/// `None` is for what is absent. What is there and wrong is a rejection all the same: a client that sends
/// `?page=two` shall learn of it, rather than get page 1. Who wants both takes `Result<E, E::Rejection>`,
/// which every extractor can be.
///
/// | absent | when |
/// |---|---|
/// | [`Query<T>`](crate::Query) | there is no query |
/// | [`Header<T>`](crate::Header) | there is no such header |
/// | [`Json<T>`](crate::Json), [`Form<T>`](crate::Form), [`Multipart`](crate::Multipart), text and bytes | the body is empty |
/// | [`Claims<T>`](crate::Claims), [`Authorized<T>`](crate::Authorized), [`IamIdentity`](crate::IamIdentity) | the route has no such authorizer |
/// | [`State<T>`](crate::State), [`Extension<T>`](crate::Extension) | nobody gave one |
///
/// ```standalone_crate
/// use chalice_rs::prelude::*;
/// use chalice_rs::test::Client;
///
/// #[derive(serde::Deserialize)]
/// struct Page {
///     page: u32,
/// }
///
/// #[route("/articles")]
/// fn articles(query: Option<Query<Page>>) -> String {
///     format!("page {}", query.map_or(1, |Query(Page { page })| page))
/// }
///
/// # fn main() {
/// let client = Client::new(App::new());
/// assert_eq!(client.get("/articles").send().text(), "page 1");
/// assert_eq!(client.get("/articles?page=2").send().text(), "page 2");
/// assert_eq!(client.get("/articles?page=two").send().status(), 400);
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is never absent, or does not say when",
    label = "cannot be in an `Option`",
    note = "take it without the `Option`, or as `Result<{Self}, _>` of its rejection",
    note = "a type of your own implements `OptionalFromRequest`"
)]
pub trait OptionalFromRequest<'r>: FromRequest<'r> {
    /// Whether the request has nothing to make the argument of.
    fn is_absent(request: &'r Request<'r>) -> bool;
}

impl<'r, E: OptionalFromRequest<'r>> FromRequest<'r> for Option<E> {
    type Rejection = E::Rejection;
    const TAKES_BODY: bool = E::TAKES_BODY;
    const BODY_LIMIT: Option<usize> = E::BODY_LIMIT;

    async fn from_request(request: &'r Request<'r>) -> Result<Self, E::Rejection> {
        if E::is_absent(request) { Ok(None) } else { E::from_request(request).await.map(Some) }
    }
}

impl<'r, E: FromRequest<'r>> FromRequest<'r> for Result<E, E::Rejection> {
    type Rejection = Infallible;
    const TAKES_BODY: bool = E::TAKES_BODY;
    const BODY_LIMIT: Option<usize> = E::BODY_LIMIT;

    async fn from_request(request: &'r Request<'r>) -> Result<Self, Infallible> {
        Ok(E::from_request(request).await)
    }
}
