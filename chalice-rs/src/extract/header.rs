//! One header, typed.

use std::fmt;

use http::StatusCode;
use http::header::{HeaderValue, WWW_AUTHENTICATE};

use crate::rejection::Rejection;
use crate::{Error, FromRequest, OptionalFromRequest, Request};

/// One header, as a type that says which and how it is read.
///
/// A header that is missing and one that cannot be read are a [`HeaderRejection`] that names it;
/// `Option<Header<T>>` is `None` if it is missing. [`Bearer`] is there, with the feature `headers` each type
/// of the crate of that name, and any type of yours is a [`FromHeader`] away. The `cookie` header is not
/// there: API Gateway makes [`Cookies`](crate::Cookies) of it.
///
/// ```standalone_crate
/// use chalice_rs::prelude::*;
/// use chalice_rs::FromHeader;
/// use chalice_rs::test::Client;
///
/// struct Version(u32);
///
/// impl<'r> FromHeader<'r> for Version {
///     fn name() -> &'static str {
///         "x-api-version"
///     }
///
///     fn from_header(value: &'r str) -> Result<Self, String> {
///         value.parse().map(Self).map_err(|error| format!("{error}"))
///     }
/// }
///
/// #[route("/version")]
/// fn version(Header(Version(version)): Header<Version>) -> String {
///     format!("this is version {version}")
/// }
///
/// # fn main() {
/// let client = Client::new(App::new());
/// assert_eq!(client.get("/version").header("X-Api-Version", "2").send().text(), "this is version 2");
/// assert!(client.get("/version").send().text().contains("header `x-api-version` is missing"));
/// let refused = client.get("/version").header("x-api-version", "two").send();
/// assert!(refused.text().contains("header `x-api-version`: invalid digit found in string"));
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Header<T>(pub T);

/// A type that is the value of one header.
///
/// ```
/// use chalice_rs::{FromHeader, Header, route};
///
/// struct Version(u32);
///
/// impl FromHeader<'_> for Version {
///     fn name() -> &'static str {
///         "x-api-version"
///     }
///
///     fn from_header(value: &str) -> Result<Self, String> {
///         value.parse().map(Version).map_err(|error| format!("{error}"))
///     }
/// }
///
/// assert!(Version::from_header("2").is_ok_and(|version| version.0 == 2));
/// # #[route("/version")]
/// # fn version(Header(Version(version)): Header<Version>) -> String {
/// #     version.to_string()
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the value of a header",
    label = "names no header",
    note = "implement `FromHeader` for it; the types of the crate `headers` have it with the feature `headers`"
)]
pub trait FromHeader<'r>: Sized {
    /// The header's name.
    fn name() -> &'static str;

    /// Reads the value. The error is what is wrong with it, for the client to read.
    fn from_header(value: &'r str) -> Result<Self, String>;

    /// What a 401 asks for in its `www-authenticate`, if the header is what shows who the client is.
    /// Without that, a header that is missing or wrong is a 400.
    fn challenge() -> Option<&'static str> {
        None
    }
}

impl<'r, T: FromHeader<'r>> FromRequest<'r> for Header<T> {
    type Rejection = HeaderRejection;

    async fn from_request(request: &'r Request<'r>) -> Result<Self, HeaderRejection> {
        let (name, challenge) = (T::name(), T::challenge());
        let value = request.header(name).ok_or(HeaderRejection::Missing { name, challenge })?;
        let parsed = T::from_header(value);
        parsed.map(Self).map_err(|message| HeaderRejection::Invalid { name, message, challenge })
    }
}

impl<'r, T: FromHeader<'r>> OptionalFromRequest<'r> for Header<T> {
    fn is_absent(request: &'r Request<'r>) -> bool {
        request.header(T::name()).is_none()
    }
}

/// Why a header is not what a [`Header<T>`] takes: a 400, or a 401 where the type has a
/// [`challenge`](FromHeader::challenge).
///
/// ```
/// use chalice_rs::rejection::HeaderRejection;
/// use chalice_rs::{Bearer, Header, route};
///
/// #[route("/greeting")]
/// fn greeting(token: Result<Header<Bearer<'_>>, HeaderRejection>) -> String {
///     match token {
///         Ok(_) => "hello again".to_owned(),
///         Err(HeaderRejection::Missing { .. }) => "hello, stranger".to_owned(),
///         Err(rejection) => rejection.to_string(),
///     }
/// }
/// let missing = HeaderRejection::Missing { name: "authorization", challenge: Some("Bearer") };
/// assert_eq!(missing.status(), 401);
/// assert_eq!(greeting(Err(missing)), "hello, stranger");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum HeaderRejection {
    /// The header is missing.
    Missing {
        /// Its name.
        name: &'static str,
        /// What a 401 asks for.
        challenge: Option<&'static str>,
    },
    /// The header cannot be read.
    Invalid {
        /// Its name.
        name: &'static str,
        /// What is wrong with it.
        message: String,
        /// What a 401 asks for.
        challenge: Option<&'static str>,
    },
}

impl fmt::Display for HeaderRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { name, .. } => write!(f, "header `{name}` is missing"),
            Self::Invalid { name, message, .. } => write!(f, "header `{name}`: {message}"),
        }
    }
}

impl std::error::Error for HeaderRejection {}

impl HeaderRejection {
    fn challenge(&self) -> Option<&'static str> {
        match self {
            Self::Missing { challenge, .. } | Self::Invalid { challenge, .. } => *challenge,
        }
    }
}

impl Rejection for HeaderRejection {
    fn answered_with(&self) -> StatusCode {
        match self.challenge() {
            Some(_) => StatusCode::UNAUTHORIZED,
            None => StatusCode::BAD_REQUEST,
        }
    }

    fn to_error(&self) -> Error {
        let error = Error::new(self.answered_with(), self.to_string());
        match self.challenge().map(HeaderValue::from_str) {
            Some(Ok(challenge)) => error.with_header(WWW_AUTHENTICATE, challenge),
            Some(Err(_)) | None => error,
        }
    }
}

/// The token of `authorization: Bearer <token>`: `Header<Bearer<'_>>`. Without one, the answer is a 401.
///
/// What the token is worth, this does not say: check it, or let an authorizer do that before.
///
/// ```
/// use chalice_rs::prelude::*;
/// use chalice_rs::Bearer;
///
/// #[route("/me")]
/// fn me(Header(Bearer(token)): Header<Bearer<'_>>) -> Result<&'static str, Error> {
///     if token == "let me in" { Ok("ann") } else { Err(Error::forbidden("not you")) }
/// }
/// # fn main() {
/// assert_eq!(me(Header(Bearer("let me in"))).unwrap(), "ann");
/// # }
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Bearer<'r>(pub &'r str);

impl<'r> FromHeader<'r> for Bearer<'r> {
    fn name() -> &'static str {
        "authorization"
    }

    fn from_header(value: &'r str) -> Result<Self, String> {
        // https://datatracker.ietf.org/doc/html/rfc9110#section-11.4: one space or more, any case.
        match value.trim().split_once(' ') {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(Self(token.trim_start())),
            _ => Err("expected `Bearer` and a token".to_owned()),
        }
    }

    fn challenge() -> Option<&'static str> {
        Some("Bearer")
    }
}

/// Without the token, which is a secret.
impl fmt::Debug for Bearer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bearer(..)")
    }
}

#[cfg(feature = "headers")]
impl<'r, T: headers::Header> FromHeader<'r> for T {
    fn name() -> &'static str {
        T::name().as_str()
    }

    fn from_header(value: &'r str) -> Result<Self, String> {
        let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|error| error.to_string())?;
        T::decode(&mut std::iter::once(&value)).map_err(|error| error.to_string())
    }
}
