//! What a Lambda authorizer says about the caller.

use std::fmt;

use chalice_rs_wire::http_v2::Caller;
use http::StatusCode;
use serde::Deserialize;

use super::caller::caller;
use crate::error::INTERNAL;
use crate::rejection::Rejection;
use crate::{Error, FromRequest, OptionalFromRequest, Request};

/// The context that a Lambda authorizer gave with its answer, typed. It may borrow from the event.
///
/// An authorizer of yours gives what it returns in [`Verdict::Allow`](crate::authorizer::Verdict::Allow);
/// one that was there before gives the `context` of its answer. A context that does not fit, and a route
/// that no Lambda authorizer stands before, are a 500, and the log says why. `Option<Authorized<T>>` is
/// `None` on such a route.
///
/// ```standalone_crate
/// use chalice_rs::prelude::*;
/// use chalice_rs::test::Client;
/// use serde::Deserialize;
/// use serde_json::json;
///
/// lambda_authorizer!(keys, arn = "arn:aws:lambda:eu-west-1:123456789012:function:keys");
///
/// #[derive(Deserialize)]
/// struct User<'r> {
///     name: &'r str,
///     roles: Vec<&'r str>,
/// }
///
/// #[route("/me", authorizer = keys)]
/// fn me(Authorized(user): Authorized<User<'_>>) -> String {
///     format!("{} is {:?}", user.name, user.roles)
/// }
///
/// # fn main() {
/// let client = Client::new(App::new());
/// let answer = client.get("/me").authorized(json!({"name": "ann", "roles": ["admin"]})).send();
/// assert_eq!(answer.text(), r#"ann is ["admin"]"#);
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Authorized<T>(pub T);

impl<'r, T: Deserialize<'r>> FromRequest<'r> for Authorized<T> {
    type Rejection = AuthorizedRejection;

    async fn from_request(request: &'r Request<'r>) -> Result<Self, AuthorizedRejection> {
        let route = || request.route_key().to_owned();
        let Some(Caller::Lambda(context)) = caller(request) else {
            return Err(AuthorizedRejection::NoAuthorizer { route: route() });
        };
        let context = if context.is_empty() { "null" } else { context };
        serde_json::from_str(context)
            .map(Self)
            .map_err(|error| AuthorizedRejection::Unfit { route: route(), message: error.to_string() })
    }
}

impl<'r, T: Deserialize<'r>> OptionalFromRequest<'r> for Authorized<T> {
    fn is_absent(request: &'r Request<'r>) -> bool {
        !matches!(caller(request), Some(Caller::Lambda(_)))
    }
}

/// Why there is no [`Authorized`] of this type: a 500. Its text is for the log; the client does not see it.
///
/// ```
/// use chalice_rs::rejection::AuthorizedRejection;
/// use chalice_rs::{Authorized, route};
/// use serde_json::Value;
///
/// #[route("/greeting")]
/// fn greeting(caller: Result<Authorized<Value>, AuthorizedRejection>) -> String {
///     match caller {
///         Ok(Authorized(caller)) => format!("hello, {}", caller["name"]),
///         Err(AuthorizedRejection::NoAuthorizer { .. }) => "hello, stranger".to_owned(),
///         Err(other) => other.to_string(),
///     }
/// }
/// let nobody = AuthorizedRejection::NoAuthorizer { route: "GET /greeting".to_owned() };
/// assert_eq!(nobody.status(), 500);
/// assert_eq!(greeting(Err(nobody)), "hello, stranger");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthorizedRejection {
    /// No Lambda authorizer stands before the route.
    NoAuthorizer {
        /// The route's key.
        route: String,
    },
    /// The authorizer's context is something else.
    Unfit {
        /// The route's key.
        route: String,
        /// What is wrong with it.
        message: String,
    },
}

impl fmt::Display for AuthorizedRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAuthorizer { route } => write!(
                f,
                "the route `{route}` takes `Authorized` and has no Lambda authorizer; write one with \
                 `#[authorizer]` and name it: `#[route(.., authorizer = ..)]`"
            ),
            Self::Unfit { route, message } => {
                write!(f, "the context of the authorizer of `{route}` is not what the route takes: {message}")
            }
        }
    }
}

impl std::error::Error for AuthorizedRejection {}

impl Rejection for AuthorizedRejection {
    fn answered_with(&self) -> StatusCode {
        StatusCode::INTERNAL_SERVER_ERROR
    }

    fn to_error(&self) -> Error {
        Error::internal(INTERNAL).because(self.clone())
    }
}
