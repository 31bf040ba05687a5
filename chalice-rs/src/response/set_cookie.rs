//! A cookie for the client to keep.
//!
//! Not here: the cookies that a client sends; see `extract/cookies.rs`.

use std::fmt;
use std::time::Duration;

use http::header::HeaderValue;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// A cookie for the client to keep: a part of an answer, before its body.
///
/// ```
/// use std::time::Duration;
///
/// use chalice_rs::{NoContent, SameSite, SetCookie, route};
///
/// #[route("/login", methods = ["POST"])]
/// fn login() -> (SetCookie, NoContent) {
///     let session = SetCookie::new("session", "8f3a")
///         .path("/")
///         .max_age(Duration::from_secs(3600))
///         .secure()
///         .http_only()
///         .same_site(SameSite::Lax);
///     (session, NoContent)
/// }
///
/// #[route("/logout", methods = ["POST"])]
/// fn logout() -> (SetCookie, NoContent) {
///     (SetCookie::removal("session").path("/"), NoContent)
/// }
/// assert_eq!(
///     login().0.to_string(),
///     "session=8f3a; Path=/; Max-Age=3600; Secure; HttpOnly; SameSite=Lax",
/// );
/// # logout();
/// ```
///
/// What a value cannot have, such as a space, a comma or a semicolon, is percent-encoded. A name, a path
/// or a domain that a cookie cannot have is a 500 whose cause is logged.
///
/// A value that the client must not be able to change has to be signed: the `cookie` crate does that,
/// and gives the text to put here.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a cookie does nothing until it is part of an answer"]
pub struct SetCookie {
    name: String,
    value: String,
    path: Option<String>,
    domain: Option<String>,
    max_age: Option<Duration>,
    secure: bool,
    http_only: bool,
    same_site: Option<SameSite>,
    partitioned: bool,
}

/// Whether the client sends a cookie along when another site's page makes the request.
///
/// ```
/// use chalice_rs::{SameSite, SetCookie};
///
/// let embedded = SetCookie::new("seat", "4b").same_site(SameSite::None).secure();
/// assert_eq!(embedded.to_string(), "seat=4b; Secure; SameSite=None");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SameSite {
    /// Never.
    Strict,
    /// When it follows a link.
    Lax,
    /// Always. Browsers want [`secure`](SetCookie::secure) with it.
    None,
}

impl SetCookie {
    /// A cookie that lasts until the browser is closed, for the path of the request and those below.
    ///
    /// ```
    /// use chalice_rs::SetCookie;
    ///
    /// assert_eq!(SetCookie::new("theme", "dark blue").to_string(), "theme=dark%20blue");
    /// ```
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: value.into(),
            path: None,
            domain: None,
            max_age: None,
            secure: false,
            http_only: false,
            same_site: None,
            partitioned: false,
        }
    }

    /// One that makes the client forget the cookie. Path and domain have to be those it was made with.
    ///
    /// ```
    /// use chalice_rs::SetCookie;
    ///
    /// assert_eq!(SetCookie::removal("session").path("/").to_string(), "session=; Path=/; Max-Age=0");
    /// ```
    pub fn removal(name: impl Into<String>) -> Self {
        Self::new(name, "").max_age(Duration::ZERO)
    }

    /// Sent for this path and those below: `/` for all.
    ///
    /// ```
    /// use chalice_rs::SetCookie;
    ///
    /// assert_eq!(SetCookie::new("tab", "2").path("/admin").to_string(), "tab=2; Path=/admin");
    /// ```
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Sent to this host and those below. Without it, to the very host of this API.
    ///
    /// ```
    /// use chalice_rs::SetCookie;
    ///
    /// assert_eq!(SetCookie::new("id", "7").domain("example.com").to_string(), "id=7; Domain=example.com");
    /// ```
    pub fn domain(mut self, domain: impl Into<String>) -> Self {
        self.domain = Some(domain.into());
        self
    }

    /// Kept for this long, in whole seconds.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use chalice_rs::SetCookie;
    ///
    /// let cookie = SetCookie::new("id", "7").max_age(Duration::from_secs(24 * 3600));
    /// assert_eq!(cookie.to_string(), "id=7; Max-Age=86400");
    /// ```
    pub fn max_age(mut self, age: Duration) -> Self {
        self.max_age = Some(age);
        self
    }

    /// Sent over HTTPS only, which is all that API Gateway speaks.
    ///
    /// ```
    /// use chalice_rs::SetCookie;
    ///
    /// assert_eq!(SetCookie::new("id", "7").secure().to_string(), "id=7; Secure");
    /// ```
    pub fn secure(mut self) -> Self {
        self.secure = true;
        self
    }

    /// Out of reach of scripts.
    ///
    /// ```
    /// use chalice_rs::SetCookie;
    ///
    /// assert_eq!(SetCookie::new("id", "7").http_only().to_string(), "id=7; HttpOnly");
    /// ```
    pub fn http_only(mut self) -> Self {
        self.http_only = true;
        self
    }

    /// Sent, or not, with requests that pages of other sites make. Browsers take `Lax` without it.
    ///
    /// ```
    /// use chalice_rs::{SameSite, SetCookie};
    ///
    /// assert_eq!(SetCookie::new("id", "7").same_site(SameSite::Strict).to_string(), "id=7; SameSite=Strict");
    /// ```
    pub fn same_site(mut self, same_site: SameSite) -> Self {
        self.same_site = Some(same_site);
        self
    }

    /// A jar of its own for each site that embeds this one. Browsers want [`secure`](Self::secure) with it.
    ///
    /// ```
    /// use chalice_rs::SetCookie;
    ///
    /// assert_eq!(SetCookie::new("id", "7").secure().partitioned().to_string(), "id=7; Secure; Partitioned");
    /// ```
    pub fn partitioned(mut self) -> Self {
        self.partitioned = true;
        self
    }

    /// The header's value, if it can be one.
    pub(super) fn into_header(self) -> Result<HeaderValue, BadCookie> {
        let attribute = |text: &str| text.bytes().all(|byte| (b' '..=b'~').contains(&byte) && byte != b';');
        let texts = [&self.path, &self.domain];
        if !is_token(&self.name) || !texts.into_iter().flatten().all(|text| attribute(text)) {
            return Err(BadCookie(self.to_string()));
        }
        HeaderValue::try_from(self.to_string()).map_err(|_| BadCookie(self.to_string()))
    }
}

/// The value of `set-cookie`.
impl fmt::Display for SetCookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.name, utf8_percent_encode(&self.value, NOT_IN_A_VALUE))?;
        if let Some(path) = &self.path {
            write!(f, "; Path={path}")?;
        }
        if let Some(domain) = &self.domain {
            write!(f, "; Domain={domain}")?;
        }
        if let Some(age) = self.max_age {
            write!(f, "; Max-Age={}", age.as_secs())?;
        }
        let mut flag = |set: bool, name: &str| if set { write!(f, "; {name}") } else { Ok(()) };
        flag(self.secure, "Secure")?;
        flag(self.http_only, "HttpOnly")?;
        if let Some(same_site) = self.same_site {
            write!(f, "; SameSite={same_site:?}")?;
        }
        if self.partitioned {
            f.write_str("; Partitioned")?;
        }
        Ok(())
    }
}

/// What stands in no value of a cookie, and `%` itself, so that decoding gives back what was there.
/// <https://www.rfc-editor.org/rfc/rfc6265#section-4.1.1>
const NOT_IN_A_VALUE: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b',').add(b';').add(b'\\').add(b'%');

fn is_token(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// A cookie that would be no header, or another one than it seems.
#[derive(Debug)]
pub(super) struct BadCookie(String);

impl fmt::Display for BadCookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no cookie", self.0.escape_debug())
    }
}

impl std::error::Error for BadCookie {}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cookie: SetCookie, expected: Result<&str, ()>) {
        let header = cookie.into_header();
        let found = header.as_ref().map(|header| header.to_str().expect("text")).map_err(|_| ());
        assert_eq!(found, expected);
    }

    #[test]
    fn a_cookie_says_what_was_asked_for_and_nothing_else() {
        check(SetCookie::new("a", "b"), Ok("a=b"));
        check(SetCookie::new("a", "").domain("example.com"), Ok("a=; Domain=example.com"));
        check(
            SetCookie::new("__Host-a", "b").secure().partitioned().same_site(SameSite::None).path("/"),
            Ok("__Host-a=b; Path=/; Secure; SameSite=None; Partitioned"),
        );
        check(SetCookie::removal("a"), Ok("a=; Max-Age=0"));
    }

    #[test]
    fn a_value_cannot_leave_its_place() {
        check(SetCookie::new("a", "b; Path=/ \r\n\"ü%"), Ok("a=b%3B%20Path=/%20%0D%0A%22%C3%BC%25"));
    }

    #[test]
    fn what_no_cookie_can_have_is_refused() {
        check(SetCookie::new("", "b"), Err(()));
        check(SetCookie::new("a b", "c"), Err(()));
        check(SetCookie::new("a=b;c", "d"), Err(()));
        check(SetCookie::new("a", "b").path("/;x"), Err(()));
        check(SetCookie::new("a", "b").domain("x\r\ny"), Err(()));
    }
}
