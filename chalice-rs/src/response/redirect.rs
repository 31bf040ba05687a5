//! Somewhere else.

use http::StatusCode;
use http::header::{HeaderValue, LOCATION};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::{IntoResponse, Response, rendered};
use crate::Error;

/// An answer that sends the client to another address.
///
/// ```
/// use chalice_rs::{Redirect, route};
///
/// #[route("/orders", methods = ["POST"])]
/// fn order() -> Redirect {
///     Redirect::see_other("/orders/7")
/// }
/// # order();
/// ```
///
/// The address may be relative. On an API whose stage has a name, the stage is the first segment of an
/// absolute path. Spaces and letters beyond ASCII are escaped; a line break, or no address at all, is
/// a 500 whose cause is logged. An address that a client chose leads wherever the client wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect {
    status: StatusCode,
    location: String,
}

impl Redirect {
    /// 303: what was asked for is there, to be had with GET. After a form, say.
    ///
    /// ```
    /// use chalice_rs::{IntoResponse, Redirect, header};
    ///
    /// let answer = Redirect::see_other("/orders/7").into_response();
    /// assert_eq!(answer.status, 303);
    /// assert_eq!(answer.header(&header::LOCATION).unwrap(), "/orders/7");
    /// ```
    pub fn see_other(location: impl Into<String>) -> Self {
        Self::new(StatusCode::SEE_OTHER, location)
    }

    /// 307: the same request again over there, this time.
    ///
    /// ```
    /// use chalice_rs::{IntoResponse, Redirect};
    ///
    /// let answer = Redirect::temporary("https://status.example.com").into_response();
    /// assert_eq!(answer.status, 307);
    /// ```
    pub fn temporary(location: impl Into<String>) -> Self {
        Self::new(StatusCode::TEMPORARY_REDIRECT, location)
    }

    /// 308: the same request again over there, from now on. Browsers remember it.
    ///
    /// ```
    /// use chalice_rs::{IntoResponse, Redirect};
    ///
    /// let answer = Redirect::permanent("/v2/orders").into_response();
    /// assert_eq!(answer.status, 308);
    /// ```
    pub fn permanent(location: impl Into<String>) -> Self {
        Self::new(StatusCode::PERMANENT_REDIRECT, location)
    }

    /// 302, which browsers follow with GET. `see_other` and `temporary` say which of the two is meant.
    ///
    /// ```
    /// use chalice_rs::{IntoResponse, Redirect};
    ///
    /// let answer = Redirect::found("/login").into_response();
    /// assert_eq!(answer.status, 302);
    /// ```
    pub fn found(location: impl Into<String>) -> Self {
        Self::new(StatusCode::FOUND, location)
    }

    /// 301, which browsers remember and follow with GET. `permanent` keeps the method.
    ///
    /// ```
    /// use chalice_rs::{IntoResponse, Redirect};
    ///
    /// let answer = Redirect::moved_permanently("/articles").into_response();
    /// assert_eq!(answer.status, 301);
    /// ```
    pub fn moved_permanently(location: impl Into<String>) -> Self {
        Self::new(StatusCode::MOVED_PERMANENTLY, location)
    }

    fn new(status: StatusCode, location: impl Into<String>) -> Self {
        Self { status, location: location.into() }
    }
}

impl IntoResponse for Redirect {
    fn into_response(self) -> Response {
        rendered(self)
    }

    fn into_outcome(self) -> Result<Response, Error> {
        let Self { status, location } = self;
        if location.is_empty() || location.chars().any(|letter| letter.is_ascii_control()) {
            return Err(Error::from(BadLocation(location)));
        }
        let location = utf8_percent_encode(&location, NOT_IN_AN_ADDRESS).to_string();
        Ok(Response::new(status).with_header(LOCATION, HeaderValue::try_from(location)?))
    }
}

/// What stands in no address; `%` does, where something is escaped already.
const NOT_IN_AN_ADDRESS: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`');

#[derive(Debug)]
struct BadLocation(String);

impl std::fmt::Display for BadLocation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}` is no address to redirect to", self.0.escape_debug())
    }
}

impl std::error::Error for BadLocation {}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(redirect: Redirect, status: u16, location: &str) {
        let response = redirect.into_outcome().expect("an answer");
        let found = response.header(&LOCATION).and_then(|location| location.to_str().ok());
        assert_eq!((response.status.as_u16(), found), (status, Some(location)));
    }

    #[test]
    fn each_kind_has_its_status() {
        check(Redirect::see_other("/a"), 303, "/a");
        check(Redirect::temporary("../b"), 307, "../b");
        check(Redirect::permanent("https://example.com/?q=1#x"), 308, "https://example.com/?q=1#x");
        check(Redirect::found("/a"), 302, "/a");
        check(Redirect::moved_permanently("/a"), 301, "/a");
    }

    #[test]
    fn what_no_address_has_is_escaped_and_what_is_escaped_stays() {
        check(Redirect::found("/a b/☕?x=\"1\""), 302, "/a%20b/%E2%98%95?x=%221%22");
        check(Redirect::found("/a%20b"), 302, "/a%20b");
    }

    #[test]
    fn a_line_break_never_gets_into_a_header() {
        for location in ["", "/a\r\nset-cookie: b=c", "/a\0"] {
            let error = Redirect::found(location).into_outcome().expect_err(location);
            assert_eq!(error.status(), 500, "{location:?}");
        }
    }
}
