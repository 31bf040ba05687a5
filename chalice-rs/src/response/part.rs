//! What can stand before an answer in a tuple: a status, headers, cookies.

use http::header::{HeaderMap, HeaderName, HeaderValue};
use http::{Error as HttpError, StatusCode};

use super::{IntoResponse, Response, SetCookie, rendered};
use crate::Error;

/// What can stand before an answer in a tuple, and changes it.
///
/// | part | what it does |
/// |---|---|
/// | [`StatusCode`] | takes the place of the answer's status |
/// | `[(name, value); N]`, `Vec<(name, value)>`, [`HeaderMap`] | take the place of the answer's headers of these names |
/// | [`SetCookie`], `[SetCookie; N]`, `Vec<SetCookie>` | come after the answer's cookies |
///
/// Of several parts the first has the last word. None of them changes an [`Error`].
///
/// ```
/// use chalice_rs::{Html, SetCookie, StatusCode, route};
///
/// #[route("/login", methods = ["POST"])]
/// fn login() -> (StatusCode, [(&'static str, &'static str); 1], SetCookie, Html<&'static str>) {
///     (
///         StatusCode::CREATED,
///         [("cache-control", "no-store")],
///         SetCookie::new("session", "8f3a").http_only().secure(),
///         Html("<p>welcome</p>"),
///     )
/// }
/// # login();
/// ```
///
/// A name or a value that HTTP does not allow is a 500 whose cause is logged.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand before an answer",
    label = "neither a status nor headers nor cookies",
    note = "use `StatusCode`, `[(\"name\", \"value\")]`, a `Vec` of such pairs, a `HeaderMap`, or `SetCookie`"
)]
pub trait ResponsePart {
    /// Changes the answer.
    fn add_to(self, response: &mut Response) -> Result<(), Error>;

    /// For the app's documentation: the status that it gives to a success, if it gives one.
    #[cfg(feature = "openapi")]
    fn success() -> Option<crate::openapi::Status> {
        None
    }
}

impl ResponsePart for StatusCode {
    #[cfg(feature = "openapi")]
    fn success() -> Option<crate::openapi::Status> {
        Some(crate::openapi::Status::Success)
    }

    fn add_to(self, response: &mut Response) -> Result<(), Error> {
        response.status = self;
        Ok(())
    }
}

impl ResponsePart for HeaderMap {
    fn add_to(self, response: &mut Response) -> Result<(), Error> {
        replace(response, self.iter().map(|(name, value)| (name.clone(), value.clone())).collect());
        Ok(())
    }
}

impl<K, V, const N: usize> ResponsePart for [(K, V); N]
where
    K: TryInto<HeaderName, Error: Into<HttpError>>,
    V: TryInto<HeaderValue, Error: Into<HttpError>>,
{
    fn add_to(self, response: &mut Response) -> Result<(), Error> {
        replace(response, self.into_iter().map(header).collect::<Result<_, _>>()?);
        Ok(())
    }
}

impl<K, V> ResponsePart for Vec<(K, V)>
where
    K: TryInto<HeaderName, Error: Into<HttpError>>,
    V: TryInto<HeaderValue, Error: Into<HttpError>>,
{
    fn add_to(self, response: &mut Response) -> Result<(), Error> {
        replace(response, self.into_iter().map(header).collect::<Result<_, _>>()?);
        Ok(())
    }
}

impl ResponsePart for SetCookie {
    fn add_to(self, response: &mut Response) -> Result<(), Error> {
        response.cookies.push(self.into_header()?);
        Ok(())
    }
}

impl<const N: usize> ResponsePart for [SetCookie; N] {
    fn add_to(self, response: &mut Response) -> Result<(), Error> {
        self.into_iter().try_for_each(|cookie| cookie.add_to(response))
    }
}

impl ResponsePart for Vec<SetCookie> {
    fn add_to(self, response: &mut Response) -> Result<(), Error> {
        self.into_iter().try_for_each(|cookie| cookie.add_to(response))
    }
}

impl<P: ResponsePart, T: IntoResponse> IntoResponse for (P, T) {
    fn into_response(self) -> Response {
        rendered(self)
    }

    fn into_outcome(self) -> Result<Response, Error> {
        let mut response = self.1.into_outcome()?;
        self.0.add_to(&mut response)?;
        Ok(response)
    }
}

impl<P: ResponsePart, Q: ResponsePart, T: IntoResponse> IntoResponse for (P, Q, T) {
    fn into_response(self) -> Response {
        rendered(self)
    }

    fn into_outcome(self) -> Result<Response, Error> {
        (self.0, (self.1, self.2)).into_outcome()
    }
}

impl<P: ResponsePart, Q: ResponsePart, R: ResponsePart, T: IntoResponse> IntoResponse for (P, Q, R, T) {
    fn into_response(self) -> Response {
        rendered(self)
    }

    fn into_outcome(self) -> Result<Response, Error> {
        (self.0, (self.1, (self.2, self.3))).into_outcome()
    }
}

fn replace(response: &mut Response, headers: Vec<(HeaderName, HeaderValue)>) {
    response.headers.retain(|(name, _)| headers.iter().all(|(given, _)| given != name));
    response.headers.extend(headers);
}

fn header<K, V>((name, value): (K, V)) -> Result<(HeaderName, HeaderValue), HttpError>
where
    K: TryInto<HeaderName, Error: Into<HttpError>>,
    V: TryInto<HeaderValue, Error: Into<HttpError>>,
{
    Ok((name.try_into().map_err(Into::into)?, value.try_into().map_err(Into::into)?))
}
