//! All headers of a request.

use std::convert::Infallible;
use std::fmt;

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::{FromRequest, Request};

/// The headers of the request, borrowed from the event.
///
/// API Gateway has joined repeated headers with `,` and taken the cookies out; those are
/// [`Cookies`](crate::Cookies). An `http` [`HeaderMap`], which owns what it has, is an argument as well:
/// there, the cookies are back in a `cookie` header.
///
/// ```
/// use chalice_rs::{Headers, route};
///
/// #[route("/languages")]
/// fn languages(headers: Headers<'_>) -> String {
///     headers.list("Accept-Language").collect::<Vec<_>>().join(" or ")
/// }
/// # fn main() {}
/// ```
#[derive(Clone, Copy)]
pub struct Headers<'r>(&'r Request<'r>);

impl<'r> Headers<'r> {
    /// The value of a header, whatever the case of its name.
    ///
    /// ```
    /// use chalice_rs::{Headers, route};
    ///
    /// #[route("/browser")]
    /// fn browser(headers: Headers<'_>) -> String {
    ///     headers.get("User-Agent").unwrap_or("unknown").to_owned()
    /// }
    /// # fn main() {}
    /// ```
    pub fn get(&self, name: &str) -> Option<&'r str> {
        self.0.header(name)
    }

    /// Whether there is such a header.
    ///
    /// ```
    /// use chalice_rs::{Headers, route};
    ///
    /// #[route("/known")]
    /// fn known(headers: Headers<'_>) -> &'static str {
    ///     if headers.contains("authorization") { "we have met" } else { "hello, stranger" }
    /// }
    /// # fn main() {}
    /// ```
    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The values of a header that is a list, whether it was sent once or several times.
    ///
    /// It is split at commas: not for dates, nor for values in quotes.
    ///
    /// ```
    /// use chalice_rs::{Headers, route};
    ///
    /// #[route("/language")]
    /// fn language(headers: Headers<'_>) -> &'static str {
    ///     if headers.list("accept-language").any(|language| language.starts_with("de")) { "Deutsch" } else { "English" }
    /// }
    /// # fn main() {}
    /// ```
    pub fn list(&self, name: &str) -> impl Iterator<Item = &'r str> + use<'r> {
        let values = self.get(name).unwrap_or_default().split(',');
        values.map(str::trim).filter(|value| !value.is_empty())
    }

    /// All headers, names in lower case.
    ///
    /// ```
    /// use chalice_rs::{Headers, Json, route};
    /// use std::collections::BTreeMap;
    ///
    /// #[route("/headers")]
    /// fn echo(headers: Headers<'_>) -> Json<BTreeMap<String, String>> {
    ///     Json(headers.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    /// }
    /// # fn main() {}
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = (&'r str, &'r str)> + use<'r> {
        self.0.headers()
    }
}

impl<'r> FromRequest<'r> for Headers<'r> {
    type Rejection = Infallible;

    async fn from_request(request: &'r Request<'r>) -> Result<Self, Infallible> {
        Ok(Self(request))
    }
}

/// What is no header in `http`'s eyes, which API Gateway would not have let through, is left out.
impl<'r> FromRequest<'r> for HeaderMap {
    type Rejection = Infallible;

    async fn from_request(request: &'r Request<'r>) -> Result<Self, Infallible> {
        let headers = request.headers().filter_map(|(name, value)| {
            Some((
                HeaderName::from_bytes(name.as_bytes()).ok()?,
                HeaderValue::from_bytes(value.as_bytes()).ok()?,
            ))
        });
        let mut map: Self = headers.collect();
        if !map.contains_key(http::header::COOKIE) && !request.wire.cookies.is_empty() {
            let cookies = HeaderValue::from_bytes(request.wire.cookies.join("; ").as_bytes());
            map.extend(cookies.ok().map(|cookies| (http::header::COOKIE, cookies)));
        }
        Ok(map)
    }
}

impl fmt::Debug for Headers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}
