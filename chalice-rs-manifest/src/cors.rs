//! Which sites' pages may call the API: cross-origin resource sharing.
//!
//! Here: a policy as it is declared, and what cannot work.
//! Not here: whether API Gateway or the function answers; see [`crate::Manifest::sharing`].

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What a route, a blueprint or the app says about pages of other sites.
///
/// ```
/// use chalice_rs_manifest::{Cors, CorsRule};
///
/// assert_eq!(serde_json::to_string(&CorsRule::Off).unwrap(), r#""off""#);
/// let rule: CorsRule = serde_json::from_str(r#"{"allow":{"origins":["*"]}}"#).unwrap();
/// assert_eq!(rule, CorsRule::Allow(Cors::default()));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CorsRule {
    /// `cors = false`: none may call, whatever the blueprint or the app says.
    Off,
    /// These may.
    Allow(Cors),
}

/// Which pages may call, and what they may send and see.
///
/// ```
/// use chalice_rs_manifest::Cors;
///
/// let policy = Cors {
///     origins: vec!["https://example.com".parse().unwrap()],
///     credentials: true,
///     ..Cors::default()
/// };
/// assert!(policy.allows("https://example.com") && !policy.allows("https://example.org"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cors {
    /// The sites, at least one.
    pub origins: Vec<Origin>,
    /// Request headers beside [`DEFAULT_HEADERS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<String>,
    /// Response headers that a page's script may read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expose: Vec<String>,
    /// Whether the browser sends cookies and shows the answer all the same.
    #[serde(default, skip_serializing_if = "is_false")]
    pub credentials: bool,
    /// For how many seconds a browser remembers what it may do, up to [`MAX_AGE_LIMIT`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age: Option<u32>,
}

/// Request headers that every policy allows: those that AWS's own clients send, and the one that
/// JSON needs.
pub const DEFAULT_HEADERS: [&str; 5] =
    ["Authorization", "Content-Type", "X-Amz-Date", "X-Amz-Security-Token", "X-Api-Key"];

/// Seconds. <https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid.html>
pub const MAX_AGE_LIMIT: u32 = 86_400;

fn is_false(value: &bool) -> bool {
    !value
}

impl Default for Cors {
    /// Every site, without cookies.
    fn default() -> Self {
        Self {
            origins: vec![Origin::Any],
            headers: Vec::new(),
            expose: Vec::new(),
            credentials: false,
            max_age: None,
        }
    }
}

impl Cors {
    /// What cannot work, each with its help.
    ///
    /// ```
    /// use chalice_rs_manifest::Cors;
    /// use chalice_rs_manifest::cors::CorsError;
    ///
    /// let policy = Cors { credentials: true, ..Cors::default() };
    /// assert_eq!(policy.check(), [CorsError::AnyWithCredentials]);
    /// ```
    pub fn check(&self) -> Vec<CorsError> {
        let mut errors = Vec::new();
        if self.origins.is_empty() {
            errors.push(CorsError::NoOrigin);
        }
        if self.credentials && self.origins.contains(&Origin::Any) {
            errors.push(CorsError::AnyWithCredentials);
        }
        if let Some(seconds) = self.max_age.filter(|seconds| *seconds > MAX_AGE_LIMIT) {
            errors.push(CorsError::MaxAge { seconds });
        }
        for name in self.headers.iter().chain(&self.expose) {
            let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
            let is_any = name == "*";
            if is_any && self.credentials {
                errors.push(CorsError::AnyHeaderWithCredentials);
            } else if name.is_empty() || !name.bytes().all(is_token) || (name.contains('*') && !is_any) {
                errors.push(CorsError::Header { name: name.clone() });
            }
        }
        errors
    }

    /// The request headers that a page may send, the default ones included, sorted and each once.
    ///
    /// ```
    /// use chalice_rs_manifest::Cors;
    ///
    /// let policy = Cors { headers: vec!["X-Request-Id".to_owned()], ..Cors::default() };
    /// assert!(policy.allowed_headers().contains(&"X-Request-Id"));
    /// assert!(policy.allowed_headers().contains(&"Content-Type"));
    /// ```
    pub fn allowed_headers(&self) -> Vec<&str> {
        let mut headers: Vec<&str> = DEFAULT_HEADERS.to_vec();
        for header in &self.headers {
            if !headers.iter().any(|found| found.eq_ignore_ascii_case(header)) {
                headers.push(header);
            }
        }
        headers.sort_unstable();
        headers
    }

    /// Whether pages of this origin may call.
    ///
    /// ```
    /// use chalice_rs_manifest::Cors;
    ///
    /// let policy = Cors { origins: vec!["https://*.example.com".parse().unwrap()], ..Cors::default() };
    /// assert!(policy.allows("https://shop.example.com"));
    /// assert!(!policy.allows("https://example.org"));
    /// ```
    pub fn allows(&self, origin: &str) -> bool {
        self.origins.iter().any(|allowed| allowed.matches(origin))
    }
}

/// A site, or a set of them.
///
/// ```
/// use chalice_rs_manifest::Origin;
///
/// let origin: Origin = "https://*.example.com".parse().unwrap();
/// assert!(origin.matches("https://shop.example.com"));
/// assert!(!origin.matches("https://example.com"));
/// assert!("https://example.com/".parse::<Origin>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Origin {
    /// `*`: every site.
    Any,
    /// `https://*`: every site of this scheme.
    Scheme(String),
    /// `https://*.example.com`: every site below this one. The scheme, then what ends the host.
    Below(String, String),
    /// `https://example.com:8080`: this one.
    Exact(String),
}

impl Origin {
    /// Whether a page's `Origin` is meant.
    ///
    /// ```
    /// use chalice_rs_manifest::Origin;
    ///
    /// assert!(Origin::Any.matches("https://example.com"));
    /// assert!(!Origin::Scheme("https".to_owned()).matches("http://example.com"));
    /// ```
    pub fn matches(&self, origin: &str) -> bool {
        let host_of = |scheme: &str| origin.strip_prefix(scheme)?.strip_prefix("://");
        match self {
            Self::Any => true,
            Self::Scheme(scheme) => host_of(scheme).is_some_and(|host| !host.is_empty()),
            Self::Below(scheme, end) => {
                let label = host_of(scheme).and_then(|host| host.strip_suffix(end.as_str()));
                label.is_some_and(|label| !label.is_empty() && label.bytes().all(is_host_byte))
            }
            Self::Exact(text) => text == origin,
        }
    }

    /// Whether API Gateway's own configuration takes it.
    /// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html>
    ///
    /// ```
    /// use chalice_rs_manifest::Origin;
    ///
    /// assert!("https://*".parse::<Origin>().unwrap().is_of_api_gateway());
    /// assert!(!"https://*.example.com".parse::<Origin>().unwrap().is_of_api_gateway());
    /// ```
    pub fn is_of_api_gateway(&self) -> bool {
        !matches!(self, Self::Below(..))
    }
}

fn is_host_byte(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-')
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("*"),
            Self::Scheme(scheme) => write!(f, "{scheme}://*"),
            Self::Below(scheme, end) => write!(f, "{scheme}://*{end}"),
            Self::Exact(text) => f.write_str(text),
        }
    }
}

impl FromStr for Origin {
    type Err = CorsError;

    fn from_str(text: &str) -> Result<Self, CorsError> {
        let bad = |help| Err(CorsError::Origin { origin: text.to_owned(), help });
        if text == "*" {
            return Ok(Self::Any);
        }
        let Some((scheme, host)) = text.split_once("://") else {
            return bad(format!("write the scheme as well: `https://{text}`"));
        };
        if !matches!(scheme, "http" | "https") {
            return bad("a browser's page has `https://` or `http://`".to_owned());
        }
        if host == "*" {
            return Ok(Self::Scheme(scheme.to_owned()));
        }
        let lower = host.to_ascii_lowercase();
        if lower != host {
            return bad(format!("a browser sends it in lower case: `{scheme}://{lower}`"));
        }
        if let Some((host, _)) = host.split_once(['/', '?', '#']) {
            return bad(format!("an origin has no path: `{scheme}://{host}`"));
        }
        let (name, port) = host.split_once(':').unwrap_or((host, "1"));
        let exact = name.strip_prefix("*.").unwrap_or(name);
        if exact.is_empty() || !exact.bytes().all(is_host_byte) || port.parse::<u16>().is_err() {
            return bad("write `https://example.com`, or `https://*.example.com` for all below it".to_owned());
        }
        if matches!((scheme, port), ("https", "443") | ("http", "80")) && host.contains(':') {
            return bad(format!("a browser leaves the port out: `{scheme}://{name}`"));
        }
        Ok(match host.strip_prefix('*') {
            Some(end) => Self::Below(scheme.to_owned(), end.to_owned()),
            None => Self::Exact(text.to_owned()),
        })
    }
}

impl TryFrom<String> for Origin {
    type Error = CorsError;

    fn try_from(text: String) -> Result<Self, CorsError> {
        text.parse()
    }
}

impl From<Origin> for String {
    fn from(origin: Origin) -> Self {
        origin.to_string()
    }
}

/// Why a policy cannot work.
///
/// ```
/// use chalice_rs_manifest::Origin;
///
/// let error = "example.com".parse::<Origin>().unwrap_err();
/// assert_eq!(error.to_string(), "`example.com` is not an origin");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CorsError {
    /// No site is allowed.
    NoOrigin,
    /// A text that is no origin.
    Origin {
        /// The text.
        origin: String,
        /// What to write.
        help: String,
    },
    /// Browsers refuse an answer to every site that has cookies in it.
    AnyWithCredentials,
    /// With cookies, a browser takes `*` as a header's name.
    AnyHeaderWithCredentials,
    /// A text that no header is called.
    Header {
        /// The text.
        name: String,
    },
    /// Longer than API Gateway takes.
    MaxAge {
        /// What was asked for.
        seconds: u32,
    },
}

impl CorsError {
    /// What to do about it.
    ///
    /// ```
    /// use chalice_rs_manifest::cors::CorsError;
    ///
    /// assert_eq!(CorsError::MaxAge { seconds: 100_000 }.help(), "use at most 86400, which is a day");
    /// ```
    pub fn help(&self) -> String {
        match self {
            Self::NoOrigin => {
                "name the sites: `origins = [\"https://example.com\"]`, or `\"*\"` for all".to_owned()
            }
            Self::Origin { help, .. } => help.clone(),
            Self::AnyWithCredentials => {
                "name the sites that may send cookies, or leave `credentials` out".to_owned()
            }
            Self::AnyHeaderWithCredentials => "name the headers one by one".to_owned(),
            Self::Header { .. } => "write it as a client does: `\"X-Request-Id\"`".to_owned(),
            Self::MaxAge { .. } => format!("use at most {MAX_AGE_LIMIT}, which is a day"),
        }
    }
}

impl fmt::Display for CorsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoOrigin => write!(f, "the CORS policy allows no origin"),
            Self::Origin { origin, .. } => write!(f, "`{origin}` is not an origin"),
            Self::AnyWithCredentials => {
                write!(f, "a browser refuses credentials from an API that allows every origin")
            }
            Self::AnyHeaderWithCredentials => {
                write!(f, "a browser does not take `*` for every header together with credentials")
            }
            Self::Header { name } => write!(f, "`{name}` cannot be a header's name"),
            Self::MaxAge { seconds } => {
                write!(f, "a `max_age` of {seconds} s is more than API Gateway takes")
            }
        }
    }
}

impl std::error::Error for CorsError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_reads_back_what_it_prints() {
        for text in
            ["*", "https://*", "http://*", "https://*.example.com", "http://localhost:3000", "https://a.b"]
        {
            let origin: Origin = text.parse().expect(text);
            assert_eq!(origin.to_string(), text);
        }
    }

    #[test]
    fn what_no_browser_sends_is_refused_with_what_it_does_send() {
        for (text, help) in [
            ("example.com", "write the scheme as well: `https://example.com`"),
            ("https://example.com/", "an origin has no path: `https://example.com`"),
            ("https://Example.com", "a browser sends it in lower case: `https://example.com`"),
            ("https://example.com:443", "a browser leaves the port out: `https://example.com`"),
            ("ftp://example.com", "a browser's page has `https://` or `http://`"),
            ("https://a.*.com", "write `https://example.com`, or `https://*.example.com` for all below it"),
            ("https://", "write `https://example.com`, or `https://*.example.com` for all below it"),
        ] {
            assert_eq!(text.parse::<Origin>().map_err(|error| error.help()), Err(help.to_owned()), "{text}");
        }
    }

    #[test]
    fn an_origin_matches_what_it_says_and_nothing_more() {
        let matches = |pattern: &str, origin: &str| pattern.parse::<Origin>().expect(pattern).matches(origin);
        assert!(matches("*", "null"));
        assert!(matches("https://*", "https://a.b:1"));
        assert!(!matches("https://*", "http://a.b"));
        assert!(matches("https://*.a.com", "https://x.y.a.com"));
        for other in [
            "https://a.com",
            "https://xa.com",
            "http://x.a.com",
            "https://evil.com/.a.com",
            "https://x.a.com:1",
        ] {
            assert!(!matches("https://*.a.com", other), "{other}");
        }
        assert!(!matches("https://a.com", "https://a.com.evil.com"));
    }

    #[test]
    fn what_cannot_work_is_found_all_at_once() {
        let cors = Cors {
            credentials: true,
            max_age: Some(86_401),
            headers: vec!["x y".to_owned(), "*".to_owned()],
            ..Cors::default()
        };
        let found: Vec<String> = cors.check().iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            [
                "a browser refuses credentials from an API that allows every origin",
                "a `max_age` of 86401 s is more than API Gateway takes",
                "`x y` cannot be a header's name",
                "a browser does not take `*` for every header together with credentials",
            ]
        );
        assert!(cors.check().iter().all(|error| !error.help().is_empty()));
        assert_eq!(Cors::default().check(), []);
    }

    #[test]
    fn the_headers_of_json_and_of_aws_are_always_allowed() {
        let cors = Cors {
            headers: vec!["X-Special-Header".to_owned(), "authorization".to_owned()],
            ..Cors::default()
        };
        assert_eq!(
            cors.allowed_headers().join(","),
            "Authorization,Content-Type,X-Amz-Date,X-Amz-Security-Token,X-Api-Key,X-Special-Header"
        );
    }
}
