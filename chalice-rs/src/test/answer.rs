//! What comes back, and what a test says about it.

use std::fmt;

use chalice_rs_wire::gateway;
use http::{HeaderMap, StatusCode, header};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What the client of the API gets.
///
/// ```standalone_crate
/// use chalice_rs::prelude::*;
/// use chalice_rs::test::Client;
/// use serde_json::json;
///
/// #[get("/price")]
/// fn price() -> Json<u32> {
///     Json(42)
/// }
///
/// # fn main() {
/// let answer = Client::new(App::new()).get("/price").send();
/// assert_eq!(answer.header("content-type"), Some("application/json"));
/// assert_eq!(answer.json::<u32>(), 42);
/// answer.assert_status(200).assert_json(&json!(42));
/// # }
/// ```
pub struct Answer(pub(super) gateway::Response);

impl Answer {
    /// The status.
    ///
    /// ```
    /// use chalice_rs::test::Client;
    ///
    /// fn check(client: &Client) {
    ///     assert!(client.get("/notes").send().status().is_success());
    /// }
    /// # let _ = check;
    /// ```
    pub fn status(&self) -> StatusCode {
        self.0.status()
    }

    /// The value of a header, the first if there are several.
    ///
    /// ```
    /// use chalice_rs::test::Client;
    ///
    /// fn check(client: &Client) {
    ///     let answer = client.get("/notes").send();
    ///     assert_eq!(answer.header("content-type"), Some("application/json"));
    /// }
    /// # let _ = check;
    /// ```
    ///
    /// # Panics
    ///
    /// If the value is not UTF-8; [`headers`](Self::headers) has it.
    #[track_caller]
    pub fn header(&self, name: &str) -> Option<&str> {
        let value = self.0.headers().get(name)?;
        match std::str::from_utf8(value.as_bytes()) {
            Ok(text) => Some(text),
            Err(_) => panic!("the header `{name}` is not UTF-8: {value:?}"),
        }
    }

    /// All headers.
    ///
    /// ```
    /// use chalice_rs::test::Client;
    ///
    /// fn check(client: &Client) {
    ///     let answer = client.get("/notes").send();
    ///     assert_eq!(answer.headers().get_all("vary").iter().count(), 2);
    /// }
    /// # let _ = check;
    /// ```
    pub fn headers(&self) -> &HeaderMap {
        self.0.headers()
    }

    /// The body.
    ///
    /// ```
    /// use chalice_rs::test::Client;
    ///
    /// fn check(client: &Client) {
    ///     assert!(client.get("/logo.png").send().bytes().starts_with(b"\x89PNG"));
    /// }
    /// # let _ = check;
    /// ```
    pub fn bytes(&self) -> &[u8] {
        self.0.body()
    }

    /// The body as text.
    ///
    /// ```
    /// use chalice_rs::test::Client;
    ///
    /// fn check(client: &Client) {
    ///     assert!(client.get("/").send().text().contains("<h1>"));
    /// }
    /// # let _ = check;
    /// ```
    ///
    /// # Panics
    ///
    /// If it is not UTF-8.
    #[track_caller]
    pub fn text(&self) -> &str {
        match std::str::from_utf8(self.bytes()) {
            Ok(text) => text,
            Err(error) => panic!("the body is not text: {error}"),
        }
    }

    /// The body as a value.
    ///
    /// ```
    /// use chalice_rs::test::Client;
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Note {
    ///     text: String,
    /// }
    ///
    /// fn check(client: &Client) {
    ///     let note: Note = client.get("/notes/7").send().json();
    ///     assert_eq!(note.text, "tea");
    /// }
    /// # let _ = check;
    /// ```
    ///
    /// # Panics
    ///
    /// If it is not the JSON of one.
    #[track_caller]
    pub fn json<T: DeserializeOwned>(&self) -> T {
        match serde_json::from_slice(self.bytes()) {
            Ok(value) => value,
            Err(error) => {
                let body = String::from_utf8_lossy(self.bytes());
                panic!(
                    "the body is not the JSON of a `{}`: {error}\n  status: {}\n  body: {body}",
                    std::any::type_name::<T>(),
                    self.status()
                )
            }
        }
    }

    /// The names and values of the cookies that the answer sets, without their attributes.
    ///
    /// ```
    /// use chalice_rs::test::Client;
    ///
    /// fn check(client: &Client) {
    ///     assert_eq!(client.get("/").send().cookies().count(), 0);
    /// }
    /// # let _ = check;
    /// ```
    pub fn cookies(&self) -> impl Iterator<Item = (&str, &str)> {
        let set = self.0.headers().get_all(header::SET_COOKIE).iter();
        set.filter_map(|cookie| {
            let pair = cookie.to_str().ok()?.split(';').next()?;
            let (name, value) = pair.split_once('=')?;
            Some((name.trim(), value.trim()))
        })
    }

    /// The value of a cookie that the answer sets.
    ///
    /// ```
    /// use chalice_rs::test::Client;
    ///
    /// fn check(client: &Client) {
    ///     let answer = client.post("/login").form([("user", "ann")]).send();
    ///     let session = answer.cookie("session").expect("a session");
    ///     client.get("/cart").cookie("session", session).send().assert_status(200);
    /// }
    /// # let _ = check;
    /// ```
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies().find(|(found, _)| *found == name).map(|(_, value)| value)
    }

    /// Says that the status is this one.
    ///
    /// ```
    /// use chalice_rs::test::Client;
    ///
    /// fn check(client: &Client) {
    ///     client.get("/nowhere").send().assert_status(404);
    /// }
    /// # let _ = check;
    /// ```
    ///
    /// # Panics
    ///
    /// If it is another: with the whole answer. The other `assert`s do the same.
    #[track_caller]
    pub fn assert_status(&self, status: u16) -> &Self {
        assert!(self.status() == status, "the status is not {status}\n{self}");
        self
    }

    /// Says that a header has this value.
    ///
    /// ```
    /// use chalice_rs::test::Client;
    ///
    /// fn check(client: &Client) {
    ///     client.post("/notes").body("tea").send().assert_header("location", "/notes/7");
    /// }
    /// # let _ = check;
    /// ```
    #[track_caller]
    pub fn assert_header(&self, name: &str, value: &str) -> &Self {
        let found: Vec<_> = self.0.headers().get_all(name).iter().collect();
        assert!(
            found.iter().any(|found| found.as_bytes() == value.as_bytes()),
            "the header `{name}` is not `{value}`\n{self}"
        );
        self
    }

    /// Says that a header is not there.
    ///
    /// ```
    /// use chalice_rs::test::Client;
    ///
    /// fn check(client: &Client) {
    ///     client.get("/notes").send().assert_no_header("access-control-allow-origin");
    /// }
    /// # let _ = check;
    /// ```
    #[track_caller]
    pub fn assert_no_header(&self, name: &str) -> &Self {
        assert!(!self.0.headers().contains_key(name), "the header `{name}` is there\n{self}");
        self
    }

    /// Says that the body is this text.
    ///
    /// ```
    /// use chalice_rs::test::Client;
    ///
    /// fn check(client: &Client) {
    ///     client.get("/hello/ann").send().assert_status(200).assert_text("hello, ann");
    /// }
    /// # let _ = check;
    /// ```
    #[track_caller]
    pub fn assert_text(&self, text: &str) -> &Self {
        assert!(self.bytes() == text.as_bytes(), "the body is not `{text}`\n{self}");
        self
    }

    /// Says that the body is JSON, and the same as this value's. The order of names does not count.
    ///
    /// ```standalone_crate
    /// use chalice_rs::prelude::*;
    /// use chalice_rs::test::Client;
    /// use serde_json::json;
    ///
    /// #[route("/orders", methods = ["POST"])]
    /// fn order() -> (StatusCode, [(&'static str, &'static str); 1], Json<[u8; 2]>) {
    ///     (StatusCode::CREATED, [("location", "/orders/7")], Json([1, 2]))
    /// }
    ///
    /// # fn main() {
    /// let answer = Client::new(App::new()).post("/orders").send();
    /// answer.assert_status(201).assert_header("location", "/orders/7").assert_json(json!([1, 2]));
    /// # }
    /// ```
    #[track_caller]
    pub fn assert_json(&self, value: impl Serialize) -> &Self {
        let expected = match serde_json::to_value(value) {
            Ok(expected) => expected,
            Err(error) => panic!("what is expected cannot be JSON: {error}"),
        };
        let found: Option<Value> = serde_json::from_slice(self.bytes()).ok();
        assert!(found.as_ref() == Some(&expected), "the body is not the JSON `{expected}`\n{self}");
        self
    }
}

/// The whole answer as HTTP has it, for a message.
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "  status: {}", self.status())?;
        for (name, value) in self.0.headers() {
            write!(f, "\n  {name}: {}", String::from_utf8_lossy(value.as_bytes()))?;
        }
        /// What a terminal still shows well.
        const MOST: usize = 2000;
        let body = self.bytes();
        match std::str::from_utf8(&body[..body.len().min(MOST)]) {
            Ok("") => write!(f, "\n  no body"),
            Ok(text) if body.len() <= MOST => write!(f, "\n  body: {text}"),
            Ok(text) => write!(f, "\n  body: {text} .. ({} bytes)", body.len()),
            Err(_) => write!(f, "\n  body: {} bytes", body.len()),
        }
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Answer").field(&self.0).finish()
    }
}
