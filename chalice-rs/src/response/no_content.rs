//! Nothing, said well.

use http::StatusCode;

use super::{IntoResponse, Response};

/// 204: it worked, and there is nothing to say about it.
///
/// ```
/// use chalice_rs::{NoContent, route};
///
/// #[route("/notes/<id>", methods = ["DELETE"])]
/// fn forget(id: u64) -> NoContent {
///     println!("forgot {id}");
///     NoContent
/// }
/// # forget(1);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NoContent;

impl IntoResponse for NoContent {
    fn into_response(self) -> Response {
        Response::new(StatusCode::NO_CONTENT)
    }
}
