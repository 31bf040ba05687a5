//! What the caller's token says.
//!
//! Not here: how a claim's text becomes a value; see `claims/text.rs`.

mod text;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;

use chalice_rs_wire::http_v2::{Caller, Pairs, list_of};
use http::StatusCode;
use serde::Deserialize;

use super::caller::caller;
use super::pairs::Defect;
use crate::error::INTERNAL;
use crate::rejection::Rejection;
use crate::{Error, FromRequest, OptionalFromRequest, Request};

/// The claims of the token that a JWT authorizer let in, as a type of yours or as texts by name.
///
/// API Gateway has checked the token: its signature, issuer, audience and times, and the scopes if the
/// route asks for some. It hands on each claim as text; a field that is a number, a `bool`, a `Vec` or a
/// struct reads the text as that. The parts of a list that was in the token must not have spaces, which
/// API Gateway puts between them.
///
/// A claim that is missing or does not fit is a 403 that names it. A route without a JWT authorizer has
/// no claims: that is a 500, and the log says so. `Option<Claims<T>>` is `None` there.
///
/// ```standalone_crate
/// use chalice_rs::prelude::*;
/// use chalice_rs::test::Client;
/// use serde::Deserialize;
/// use serde_json::json;
///
/// jwt_authorizer!(users, issuer = "https://issuer.example.com", audiences = ["shop"]);
///
/// #[derive(Deserialize)]
/// struct User {
///     sub: String,
///     #[serde(rename = "cognito:groups", default)]
///     groups: Vec<String>,
///     email_verified: bool,
/// }
///
/// #[route("/me", authorizer = users)]
/// fn me(user: Claims<User>) -> String {
///     format!("{} of {:?}, {}", user.sub, user.groups, user.email_verified)
/// }
///
/// # fn main() {
/// let client = Client::new(App::new());
/// let claims = json!({"sub": "ann", "cognito:groups": ["admin", "staff"], "email_verified": true});
/// let answer = client.get("/me").claims(claims).send();
/// assert_eq!(answer.text(), r#"ann of ["admin", "staff"], true"#);
/// assert_eq!(client.get("/me").claims(json!({"sub": "ann"})).send().status(), 403);
/// assert_eq!(client.get("/me").send().status(), 401);
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Claims<T = BTreeMap<String, String>> {
    value: T,
    scopes: Vec<String>,
}

impl<T> Claims<T> {
    /// Claims for a unit test that calls a handler itself.
    ///
    /// ```
    /// use chalice_rs::{Claims, route};
    ///
    /// #[derive(serde::Deserialize)]
    /// struct User {
    ///     name: String,
    /// }
    ///
    /// #[route("/greeting")]
    /// fn greeting(user: Claims<User>) -> String {
    ///     format!("hello, {}", user.name)
    /// }
    /// assert_eq!(greeting(Claims::new(User { name: "ann".to_owned() })), "hello, ann");
    /// ```
    pub fn new(value: T) -> Self {
        Self { value, scopes: Vec::new() }
    }

    /// The same claims of a token with these scopes.
    ///
    /// ```
    /// use chalice_rs::Claims;
    ///
    /// fn may_write(claims: &Claims<()>) -> bool {
    ///     claims.has_scope("notes/write")
    /// }
    /// assert!(may_write(&Claims::new(()).with_scopes(["notes/read", "notes/write"])));
    /// ```
    #[must_use]
    pub fn with_scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// All scopes of the token, whether the route asks for them or not.
    ///
    /// ```
    /// use chalice_rs::Claims;
    ///
    /// let claims = Claims::new(()).with_scopes(["read", "write"]);
    /// assert_eq!(claims.scopes().join(" "), "read write");
    /// ```
    pub fn scopes(&self) -> &[String] {
        &self.scopes
    }

    /// Whether the token has a scope.
    ///
    /// ```
    /// use chalice_rs::Claims;
    ///
    /// let claims = Claims::new(()).with_scopes(["read", "write"]);
    /// assert!(claims.has_scope("write") && !claims.has_scope("writ"));
    /// ```
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|found| found == scope)
    }

    /// The claims alone.
    ///
    /// ```
    /// use chalice_rs::Claims;
    ///
    /// struct User {
    ///     name: String,
    /// }
    ///
    /// fn name(user: Claims<User>) -> String {
    ///     user.into_inner().name
    /// }
    /// assert_eq!(name(Claims::new(User { name: "ann".to_owned() })), "ann");
    /// ```
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<T> Deref for Claims<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<'r, T: Deserialize<'r>> FromRequest<'r> for Claims<T> {
    type Rejection = ClaimsRejection;

    async fn from_request(request: &'r Request<'r>) -> Result<Self, ClaimsRejection> {
        let Some(Caller::Jwt { claims, scopes }) = caller(request) else {
            return Err(ClaimsRejection::NoToken { route: request.route_key().to_owned() });
        };
        let scopes = all_scopes(&claims, scopes);
        let value = text::read(request, claims).map_err(|defect| match defect {
            Defect::Missing { name } => ClaimsRejection::Missing { claim: name },
            Defect::Invalid { name, message } => ClaimsRejection::Invalid { claim: Some(name), message },
            Defect::Unfit { message } => ClaimsRejection::Invalid { claim: None, message },
        })?;
        Ok(Self { value, scopes })
    }
}

impl<'r, T: Deserialize<'r>> OptionalFromRequest<'r> for Claims<T> {
    fn is_absent(request: &'r Request<'r>) -> bool {
        !matches!(caller(request), Some(Caller::Jwt { .. }))
    }
}

/// API Gateway lists the scopes only where the route asks for some; elsewhere the claims still have them.
fn all_scopes(claims: &Pairs<'_>, listed: Vec<Cow<'_, str>>) -> Vec<String> {
    if !listed.is_empty() {
        return listed.into_iter().map(Cow::into_owned).collect();
    }
    let find = |name: &str| claims.iter().find(|(found, _)| found == name);
    let claim = find("scp").or_else(|| find("scope")).map(|(_, text)| text.as_ref()).unwrap_or_default();
    list_of(claim).flat_map(str::split_whitespace).map(str::to_owned).collect()
}

/// Why there are no [`Claims`] of this type.
///
/// ```
/// use chalice_rs::rejection::ClaimsRejection;
/// use chalice_rs::{Claims, route};
///
/// #[route("/greeting")]
/// fn greeting(claims: Result<Claims, ClaimsRejection>) -> String {
///     match claims {
///         Ok(claims) => format!("hello, {:?}", claims.get("name")),
///         Err(rejection) => format!("hello, stranger: {rejection}"),
///     }
/// }
/// let missing = ClaimsRejection::Missing { claim: "name".to_owned() };
/// assert_eq!(missing.status(), 403);
/// assert_eq!(greeting(Err(missing)), "hello, stranger: the token has no claim `name`");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClaimsRejection {
    /// No JWT authorizer stands before the route: a 500. Its text is for the log; the client does not
    /// see it.
    NoToken {
        /// The route's key.
        route: String,
    },
    /// The token does not have a claim: a 403.
    Missing {
        /// Its name.
        claim: String,
    },
    /// A claim does not fit: a 403.
    Invalid {
        /// Its name, where it is known.
        claim: Option<String>,
        /// What is wrong with it.
        message: String,
    },
}

impl fmt::Display for ClaimsRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoToken { route } => write!(
                f,
                "the route `{route}` takes `Claims` and has no JWT authorizer; declare one with `jwt_authorizer!` \
                 and name it: `#[route(.., authorizer = ..)]`"
            ),
            Self::Missing { claim } => write!(f, "the token has no claim `{claim}`"),
            Self::Invalid { claim: Some(claim), message } => {
                write!(f, "the token's claim `{claim}`: {message}")
            }
            Self::Invalid { claim: None, message } => write!(f, "the token's claims: {message}"),
        }
    }
}

impl std::error::Error for ClaimsRejection {}

impl Rejection for ClaimsRejection {
    fn answered_with(&self) -> StatusCode {
        match self {
            Self::NoToken { .. } => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Missing { .. } | Self::Invalid { .. } => StatusCode::FORBIDDEN,
        }
    }

    fn to_error(&self) -> Error {
        match self {
            Self::NoToken { .. } => Error::internal(INTERNAL).because(self.clone()),
            Self::Missing { .. } | Self::Invalid { .. } => Error::forbidden(self.to_string()),
        }
    }
}
