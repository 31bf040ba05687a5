//! A function for what no route takes.

#[not_found]
fn nowhere(request: &Request<'_>) -> (StatusCode, String) {
    todo()
}
