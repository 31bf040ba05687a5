//! An error handler that takes everything one can.

/// Answers errors.
#[error_handler]
async fn problem(error: &Error, request: &Request<'_>, State(shop): State<Shop>) -> Json<Problem> {
    todo()
}
