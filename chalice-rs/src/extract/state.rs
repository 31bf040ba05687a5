//! A value that all handlers share.

use std::any::type_name;
use std::ops::Deref;
use std::sync::Arc;

use http::StatusCode;

use crate::{Error, FromRequest, Request};

/// A value given to [`App::state`](crate::App::state).
///
/// There is one for all requests, so that a connection pool or a client is made once. A route whose
/// state was never given answers 500, and the log says which type is missing.
///
/// ```
/// use chalice_rs::{App, State, route};
///
/// struct Shop {
///     name: String,
/// }
///
/// #[route("/")]
/// fn index(shop: State<Shop>) -> String {
///     format!("welcome to {}", shop.name)
/// }
///
/// let app = App::new().state(Shop { name: "Tea & Co".to_owned() });
/// # drop(app);
/// assert_eq!(index(State::new(Shop { name: "X".to_owned() })), "welcome to X");
/// ```
#[derive(Debug)]
pub struct State<T>(Arc<T>);

impl<T> State<T> {
    /// State for a unit test that calls a handler itself.
    pub fn new(value: T) -> Self {
        Self(Arc::new(value))
    }
}

impl<T> Clone for State<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Deref for State<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<'r, T: Send + Sync + 'static> FromRequest<'r> for State<T> {
    type Rejection = Error;

    async fn from_request(request: &'r Request<'r>) -> Result<Self, Error> {
        request.app.find_state().map(State).ok_or_else(|| {
            Error::new(StatusCode::INTERNAL_SERVER_ERROR, crate::error::INTERNAL)
                .because(MissingState(type_name::<T>()))
        })
    }
}

#[derive(Debug)]
struct MissingState(&'static str);

impl std::fmt::Display for MissingState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the app has no state of type `{}`; give it one in `main`: `App::new().state(..)`", self.0)
    }
}

impl std::error::Error for MissingState {}
