//! The cookies of a request.
//!
//! Not here: cookies that are set; see `response.rs`.

use std::convert::Infallible;
use std::fmt;

use crate::{FromRequest, Request};

/// The cookies that the client sent, borrowed from the event.
///
/// A value in quotes comes without them. What a value means beyond that is between the app and itself:
/// nothing is percent-decoded. <https://datatracker.ietf.org/doc/html/rfc6265#section-4.1.1>
///
/// ```standalone_crate
/// use chalice_rs::prelude::*;
/// use chalice_rs::test::Client;
///
/// #[route("/theme")]
/// fn theme(cookies: Cookies<'_>) -> String {
///     cookies.get("theme").unwrap_or("light").to_owned()
/// }
///
/// # fn main() {
/// let client = Client::new(App::new());
/// assert_eq!(client.get("/theme").header("cookie", "a=1; theme=\"dark\"").send().text(), "dark");
/// assert_eq!(client.get("/theme").send().text(), "light");
/// # }
/// ```
#[derive(Clone, Copy)]
pub struct Cookies<'r>(&'r Request<'r>);

impl<'r> Cookies<'r> {
    /// The value of a cookie; of the first, if there are several. Case counts.
    ///
    /// ```
    /// use chalice_rs::{Cookies, Error, route};
    ///
    /// #[route("/cart")]
    /// fn cart(cookies: Cookies<'_>) -> Result<String, Error> {
    ///     let session = cookies.get("session").ok_or_else(|| Error::unauthorized("log in first"))?;
    ///     Ok(format!("the cart of {session}"))
    /// }
    /// # fn main() {}
    /// ```
    pub fn get(&self, name: &str) -> Option<&'r str> {
        self.0.cookie(name)
    }

    /// Names and values, in order.
    ///
    /// ```
    /// use chalice_rs::{Cookies, route};
    ///
    /// #[route("/cookies")]
    /// fn names(cookies: Cookies<'_>) -> String {
    ///     cookies.iter().map(|(name, _)| name).collect::<Vec<_>>().join(", ")
    /// }
    /// # fn main() {}
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = (&'r str, &'r str)> + use<'r> {
        self.0.cookies()
    }
}

impl<'r> FromRequest<'r> for Cookies<'r> {
    type Rejection = Infallible;

    async fn from_request(request: &'r Request<'r>) -> Result<Self, Infallible> {
        Ok(Self(request))
    }
}

impl fmt::Debug for Cookies<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

/// The cookies of one `name=value; name=value`.
pub(crate) fn pairs(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split(';').map(str::trim).filter(|cookie| !cookie.is_empty()).map(|cookie| {
        let (name, value) = cookie.split_once('=').unwrap_or((cookie, ""));
        let value = value.trim();
        let unquoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
        (name.trim(), unquoted.unwrap_or(value))
    })
}
