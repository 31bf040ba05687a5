//! What an authorizer is asked, and the arguments it can take.

use std::borrow::Cow;
use std::ops::Deref;

use chalice_rs_wire::authorizer::Event;

use crate::extract::Extensions;
use crate::{App, Context, Error, FromRequest, IntoResponse, Request};

/// An event as it was decoded.
pub(super) type Asked<'r> = Event<'r>;

/// The request that an authorizer decides about. It is a [`Request`] without a body, and a little more.
///
/// ```
/// use chalice_rs::authorizer::AuthorizerRequest;
/// use chalice_rs::authorizer;
///
/// #[authorizer(identity = ["$request.header.X-Key", "$context.identity.sourceIp"])]
/// fn partners(request: &AuthorizerRequest<'_>) -> bool {
///     request.token() == "let me in" && request.method() == "GET"
/// }
/// # fn main() {}
/// ```
#[derive(Debug)]
pub struct AuthorizerRequest<'r> {
    request: Request<'r>,
    route_arn: Cow<'r, str>,
    identity: Vec<Cow<'r, str>>,
}

impl<'r> AuthorizerRequest<'r> {
    pub(super) fn new(asked: Asked<'r>, app: &'r App, context: &'r Context, event: &'r [u8]) -> Self {
        let Event { request: wire, route_arn, identity } = asked;
        Self {
            request: Request { wire, event, context, app, extensions: Extensions::default() },
            route_arn,
            identity,
        }
    }

    /// The value of the first identity source: what the `Authorization` header says, where the attribute
    /// does not say otherwise.
    ///
    /// ```
    /// use chalice_rs::authorizer;
    /// use chalice_rs::authorizer::AuthorizerRequest;
    ///
    /// #[authorizer(identity = ["$request.header.X-Key"])]
    /// fn key(request: &AuthorizerRequest<'_>) -> bool {
    ///     request.token() == "let me in"
    /// }
    /// # fn main() {}
    /// ```
    pub fn token(&self) -> &str {
        self.identity.first().map(AsRef::as_ref).unwrap_or_default()
    }

    /// The values of all identity sources, in order. API Gateway asks only if the request has all of
    /// them. The last one is the route's key where an answer goes for one route and longer than a moment.
    ///
    /// ```
    /// use chalice_rs::authorizer;
    /// use chalice_rs::authorizer::AuthorizerRequest;
    ///
    /// #[authorizer(identity = ["$request.header.X-User", "$request.header.X-Key"])]
    /// fn user(request: &AuthorizerRequest<'_>) -> bool {
    ///     request.identity().eq(["ann", "ann's key"])
    /// }
    /// # fn main() {}
    /// ```
    pub fn identity(&self) -> impl Iterator<Item = &str> {
        self.identity.iter().map(AsRef::as_ref)
    }

    /// The ARN of what is called: `arn:aws:execute-api:<region>:<account>:<api>/<stage>/GET/users/7`.
    ///
    /// ```
    /// use chalice_rs::authorizer;
    /// use chalice_rs::authorizer::AuthorizerRequest;
    ///
    /// #[authorizer]
    /// fn reader(request: &AuthorizerRequest<'_>) -> bool {
    ///     request.route_arn().split('/').nth(2) == Some("GET")
    /// }
    /// # fn main() {}
    /// ```
    pub fn route_arn(&self) -> &str {
        &self.route_arn
    }
}

impl<'r> Deref for AuthorizerRequest<'r> {
    type Target = Request<'r>;

    fn deref(&self) -> &Request<'r> {
        &self.request
    }
}

/// An argument of an authorizer: `&`[`AuthorizerRequest`], and each extractor that does not take the body.
///
/// ```
/// use chalice_rs::{Error, FromRequest, Request, authorizer};
///
/// /// An extractor, which an authorizer can take as well as a route.
/// struct Key<'r>(&'r str);
///
/// impl<'r> FromRequest<'r> for Key<'r> {
///     type Rejection = Error;
///
///     async fn from_request(request: &'r Request<'r>) -> Result<Self, Error> {
///         request.header("x-key").map(Key).ok_or_else(|| Error::unauthorized("no key"))
///     }
/// }
///
/// #[authorizer(identity = ["$request.header.X-Key"])]
/// fn key(Key(key): Key<'_>) -> bool {
///     key == "let me in"
/// }
/// # fn main() {}
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an argument of an authorizer",
    label = "not an extractor",
    note = "use `&AuthorizerRequest<'_>`, `State<T>`, `Context`, or another type that implements `FromRequest`"
)]
pub trait FromAuthorizerRequest<'r>: Sized {
    /// Whether it takes the body, which an authorizer does not get.
    const TAKES_BODY: bool;

    /// Makes the argument.
    fn from_authorizer_request(
        request: &'r AuthorizerRequest<'r>,
    ) -> impl Future<Output = Result<Self, Error>>;
}

// A mistake is told about authorizers: a type that is no extractor of routes is none here either.
#[diagnostic::do_not_recommend]
impl<'r, T: FromRequest<'r>> FromAuthorizerRequest<'r> for T {
    const TAKES_BODY: bool = T::TAKES_BODY;

    async fn from_authorizer_request(request: &'r AuthorizerRequest<'r>) -> Result<Self, Error> {
        T::from_request(&request.request).await.map_err(|rejection| match rejection.into_outcome() {
            Err(error) => error,
            // Whatever it would have been for a caller: here nobody reads more than its status.
            Ok(response) => Error::new(response.status, "an argument refused the request"),
        })
    }
}

impl<'r> FromAuthorizerRequest<'r> for &'r AuthorizerRequest<'r> {
    const TAKES_BODY: bool = false;

    async fn from_authorizer_request(request: &'r AuthorizerRequest<'r>) -> Result<Self, Error> {
        Ok(request)
    }
}
