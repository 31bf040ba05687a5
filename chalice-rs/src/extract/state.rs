//! A value that all handlers share.

use std::any::type_name;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use http::StatusCode;

use crate::error::INTERNAL;
use crate::rejection::Rejection;
use crate::{App, Error, FromRequest, OptionalFromRequest, Request};

/// A value given to [`App::state`](crate::App::state).
///
/// There is one for all requests, so that a connection pool or a client is made once. A route whose
/// state was never given answers 500, and the log says which type is missing; `Option<State<T>>` is
/// `None` there.
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

impl<T: Send + Sync + 'static> State<T> {
    pub(crate) fn of(app: &App) -> Result<Self, MissingState> {
        app.find_state().map(State).ok_or(MissingState { type_name: type_name::<T>() })
    }
}

impl<T> State<T> {
    /// State for a unit test that calls a handler itself.
    ///
    /// ```
    /// use chalice_rs::{State, route};
    ///
    /// struct Prices(u32);
    ///
    /// #[route("/tea")]
    /// fn tea(prices: State<Prices>) -> String {
    ///     format!("{} cents", prices.0)
    /// }
    /// assert_eq!(tea(State::new(Prices(250))), "250 cents");
    /// ```
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
    type Rejection = MissingState;

    async fn from_request(request: &'r Request<'r>) -> Result<Self, MissingState> {
        Self::of(request.app)
    }
}

impl<'r, T: Send + Sync + 'static> OptionalFromRequest<'r> for State<T> {
    fn is_absent(request: &'r Request<'r>) -> bool {
        request.app.find_state::<T>().is_none()
    }
}

/// The app has no such state: a 500. Its text is for the log; the client does not see it.
///
/// ```
/// use chalice_rs::rejection::MissingState;
/// use chalice_rs::{State, route};
///
/// struct Prices(u32);
///
/// #[route("/tea")]
/// fn tea(prices: Result<State<Prices>, MissingState>) -> String {
///     match prices {
///         Ok(prices) => format!("{} cents", prices.0),
///         Err(missing) => format!("nobody gave the app a `{}`", missing.type_name),
///     }
/// }
/// assert_eq!(tea(Ok(State::new(Prices(250)))), "250 cents");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MissingState {
    /// The type of the state.
    pub type_name: &'static str,
}

impl fmt::Display for MissingState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { type_name } = self;
        write!(f, "the app has no state of type `{type_name}`; give it one in `main`: `App::new().state(..)`")
    }
}

impl std::error::Error for MissingState {}

impl Rejection for MissingState {
    fn answered_with(&self) -> StatusCode {
        StatusCode::INTERNAL_SERVER_ERROR
    }

    fn to_error(&self) -> Error {
        Error::internal(INTERNAL).because(self.clone())
    }
}
