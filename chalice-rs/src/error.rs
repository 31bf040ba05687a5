//! An error as an answer: what the client may read, apart from what only the log may know.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;

use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use serde::Serialize;

use crate::http_error::Description;
use crate::log::{self, Level};
use crate::{HttpError, IntoResponse, Response, rejection};

/// What a client reads when it is none of its business what went wrong.
pub(crate) const INTERNAL: &str = "An internal server error occurred.";

/// Whether clients read the causes of errors. Only the stage's configuration can say so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Causes {
    /// They stay in the log.
    #[default]
    Hidden,
    /// An answer has them as `Causes`, beside `Code` and `Message`.
    Shown,
}

type Cause = Box<dyn StdError + Send + Sync>;

#[doc = include_str!("../docs/errors.md")]
pub struct Error(Box<Parts>);

struct Parts {
    status: StatusCode,
    code: Cow<'static, str>,
    message: Cow<'static, str>,
    headers: Vec<(HeaderName, HeaderValue)>,
    cause: Option<Cause>,
}

impl Error {
    /// An error of any status. Its code is the status's name: `PaymentRequiredError`.
    ///
    /// ```
    /// use chalice_rs::{Error, StatusCode};
    ///
    /// let error = Error::new(StatusCode::PAYMENT_REQUIRED, "the plan has expired").with_code("Expired");
    /// assert_eq!((error.code(), error.message()), ("Expired", "the plan has expired"));
    /// ```
    pub fn new(status: StatusCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Parts {
            status,
            code: code_of(status),
            message: message.into(),
            headers: Vec::new(),
            cause: None,
        }))
    }

    /// 400, `BadRequestError`.
    ///
    /// ```
    /// use chalice_rs::Error;
    ///
    /// let error = Error::bad_request("the date is in the past");
    /// assert_eq!((error.status().as_u16(), error.code()), (400, "BadRequestError"));
    /// ```
    pub fn bad_request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// 401, `UnauthorizedError`.
    ///
    /// ```
    /// use chalice_rs::{Error, HeaderValue, header};
    ///
    /// let error = Error::unauthorized("who are you?")
    ///     .with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    /// assert_eq!((error.status().as_u16(), error.code()), (401, "UnauthorizedError"));
    /// ```
    pub fn unauthorized(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, message)
    }

    /// 403, `ForbiddenError`.
    ///
    /// ```
    /// use chalice_rs::Error;
    ///
    /// let error = Error::forbidden("this note is somebody else's");
    /// assert_eq!((error.status().as_u16(), error.code()), (403, "ForbiddenError"));
    /// ```
    pub fn forbidden(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::FORBIDDEN, message)
    }

    /// 404, `NotFoundError`.
    ///
    /// ```
    /// use chalice_rs::Error;
    ///
    /// fn name(id: u32) -> Result<&'static str, Error> {
    ///     ["ann", "bob"].get(id as usize).copied().ok_or_else(|| Error::not_found(format!("there is no user {id}")))
    /// }
    /// assert_eq!(name(7).unwrap_err().message(), "there is no user 7");
    /// assert_eq!(name(7).unwrap_err().code(), "NotFoundError");
    /// ```
    pub fn not_found(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    /// 405, `MethodNotAllowedError`.
    ///
    /// ```
    /// use chalice_rs::{Error, HeaderValue, header};
    ///
    /// let error = Error::method_not_allowed("articles are read-only on Sundays")
    ///     .with_header(header::ALLOW, HeaderValue::from_static("GET"));
    /// assert_eq!((error.status().as_u16(), error.code()), (405, "MethodNotAllowedError"));
    /// ```
    pub fn method_not_allowed(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, message)
    }

    /// 408, `RequestTimeoutError`.
    ///
    /// ```
    /// use chalice_rs::Error;
    ///
    /// let error = Error::request_timeout("the printer did not answer in time");
    /// assert_eq!((error.status().as_u16(), error.code()), (408, "RequestTimeoutError"));
    /// ```
    pub fn request_timeout(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, message)
    }

    /// 409, `ConflictError`.
    ///
    /// ```
    /// use chalice_rs::Error;
    ///
    /// let error = Error::conflict("somebody has this name already");
    /// assert_eq!((error.status().as_u16(), error.code()), (409, "ConflictError"));
    /// ```
    pub fn conflict(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::CONFLICT, message)
    }

    /// 422, `UnprocessableEntityError`.
    ///
    /// ```
    /// use chalice_rs::Error;
    ///
    /// let error = Error::unprocessable_entity("the order ends before it starts");
    /// assert_eq!((error.status().as_u16(), error.code()), (422, "UnprocessableEntityError"));
    /// ```
    pub fn unprocessable_entity(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, message)
    }

    /// 429, `TooManyRequestsError`.
    ///
    /// ```
    /// use chalice_rs::{Error, HeaderValue, header};
    ///
    /// let error = Error::too_many_requests("slow down")
    ///     .with_header(header::RETRY_AFTER, HeaderValue::from_static("30"));
    /// assert_eq!((error.status().as_u16(), error.code()), (429, "TooManyRequestsError"));
    /// ```
    pub fn too_many_requests(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, message)
    }

    /// 500, `InternalServerError`, with a message for the client. Without one, use `?` or
    /// `Error::from` on the error itself.
    ///
    /// ```
    /// use chalice_rs::Error;
    ///
    /// let error = Error::internal("the shop is closed for repairs").because("the table is being moved");
    /// assert_eq!((error.status().as_u16(), error.code()), (500, "InternalServerError"));
    /// ```
    pub fn internal(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, message)
    }

    /// The error that an error of yours stands for, with itself as the cause. `?` does the same.
    ///
    /// ```
    /// use chalice_rs::{Error, HttpError};
    ///
    /// #[derive(Debug, HttpError)]
    /// #[http(status = 409)]
    /// struct Taken;
    /// # impl std::fmt::Display for Taken {
    /// #     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
    /// #         f.write_str("somebody was faster")
    /// #     }
    /// # }
    /// # impl std::error::Error for Taken {}
    ///
    /// let error = Error::from_http(Taken).with_code("TooLate");
    /// assert_eq!((error.status().as_u16(), error.code()), (409, "TooLate"));
    /// assert!(error.cause().is_some_and(|cause| cause.is::<Taken>()));
    /// ```
    pub fn from_http(error: impl HttpError) -> Self {
        Self::described(Description::of(&error), Box::new(error))
    }

    /// The same as `?`, for what is no [`std::error::Error`] itself: a `Box<dyn Error + Send + Sync>`, or the
    /// error type of a crate that becomes one.
    ///
    /// ```
    /// use chalice_rs::Error;
    ///
    /// fn load() -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
    ///     Err("the file is locked".into())
    /// }
    ///
    /// fn handler() -> Result<String, Error> {
    ///     load().map_err(Error::from_boxed)
    /// }
    /// assert_eq!(handler().unwrap_err().status(), 500);
    /// ```
    pub fn from_boxed(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let cause = cause.into();
        Self::described(Description::find(&*cause), cause)
    }

    pub(crate) fn described(description: Description, cause: Cause) -> Self {
        let Description { status, code, message, headers } = description;
        Self(Box::new(Parts { status, code, message, headers, cause: Some(cause) }))
    }

    /// The same error with a code of your own.
    ///
    /// ```
    /// use chalice_rs::Error;
    ///
    /// let error = Error::conflict("all tables are taken").with_code("FullyBooked");
    /// assert_eq!((error.status().as_u16(), error.code()), (409, "FullyBooked"));
    /// ```
    #[must_use]
    pub fn with_code(mut self, code: impl Into<Cow<'static, str>>) -> Self {
        self.0.code = code.into();
        self
    }

    /// The same error with one header more.
    ///
    /// ```
    /// use chalice_rs::{Error, HeaderValue, header};
    ///
    /// let error = Error::too_many_requests("slow down")
    ///     .with_header(header::RETRY_AFTER, HeaderValue::from_static("30"));
    /// assert_eq!(error.headers(), [(header::RETRY_AFTER, HeaderValue::from_static("30"))]);
    /// ```
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.push((name, value));
        self
    }

    /// The same error with a private cause, which is logged and never sent.
    ///
    /// ```
    /// use chalice_rs::Error;
    ///
    /// fn parse(text: &str) -> Result<u8, Error> {
    ///     text.parse().map_err(|cause| Error::bad_request("the age is no number").because(cause))
    /// }
    /// assert_eq!(parse("x").unwrap_err().message(), "the age is no number");
    /// ```
    #[must_use]
    pub fn because(mut self, cause: impl Into<Cause>) -> Self {
        self.0.cause = Some(cause.into());
        self
    }

    /// The answer's status.
    ///
    /// ```
    /// use chalice_rs::{Error, StatusCode};
    ///
    /// /// Whether it is worth another try.
    /// fn is_passing(error: &Error) -> bool {
    ///     matches!(error.status(), StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE)
    /// }
    /// assert!(is_passing(&Error::too_many_requests("slow down")));
    /// assert!(!is_passing(&Error::not_found("no such note")));
    /// ```
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The body's `Code`.
    ///
    /// ```
    /// use chalice_rs::{Error, StatusCode};
    ///
    /// assert_eq!(Error::not_found("no such note").code(), "NotFoundError");
    /// assert_eq!(Error::new(StatusCode::SERVICE_UNAVAILABLE, "closed").code(), "ServiceUnavailableError");
    /// ```
    pub fn code(&self) -> &str {
        &self.0.code
    }

    /// The body's `Message`.
    ///
    /// ```
    /// use chalice_rs::Error;
    ///
    /// assert_eq!(Error::not_found("no such note").message(), "no such note");
    /// let cause = std::io::Error::other("disk full");
    /// assert_eq!(Error::from(cause).message(), "An internal server error occurred.");
    /// ```
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The private cause.
    ///
    /// ```
    /// use chalice_rs::Error;
    ///
    /// let error = Error::from(std::io::Error::other("disk full"));
    /// assert_eq!(error.cause().map(ToString::to_string).as_deref(), Some("disk full"));
    /// assert!(Error::not_found("no such note").cause().is_none());
    /// ```
    pub fn cause(&self) -> Option<&(dyn StdError + Send + Sync + 'static)> {
        self.0.cause.as_deref()
    }

    /// Writes the private cause to the log, if it says more than the client gets to know. `fields` come
    /// after those of the error.
    pub(crate) fn log(&self, fields: &[(&str, &dyn log::Value)]) {
        let Some(cause) = &self.0.cause else { return };
        if cause.source().is_none() && cause.to_string() == self.0.message {
            return;
        }
        let level = if self.0.status.is_server_error() { Level::Error } else { Level::Warn };
        let causes: Vec<String> = self.causes().map(ToString::to_string).collect();
        let status = self.0.status.as_u16();
        let own: [(&str, &dyn log::Value); 2] = [("status", &status), ("code", &self.0.code)];
        log::write(level, format_args!("{}", causes.join(": ")), &[&own, fields].concat());
    }

    /// The answer.
    pub(crate) fn render(self, shown: Causes) -> Response {
        #[derive(Serialize)]
        #[serde(rename_all = "PascalCase")]
        struct Body<'e> {
            code: &'e str,
            message: &'e str,
            #[serde(skip_serializing_if = "Vec::is_empty")]
            causes: Vec<String>,
        }
        let causes = match shown {
            Causes::Hidden => Vec::new(),
            Causes::Shown => self.causes().map(ToString::to_string).collect(),
        };
        // Strings always serialize.
        let body = serde_json::to_vec(&Body { code: &self.0.code, message: &self.0.message, causes });
        let body = body.unwrap_or_default();
        let Parts { status, headers, .. } = *self.0;
        let mut response = Response { status, headers, ..Response::default() };
        if response.header(&CONTENT_TYPE).is_none() {
            response.headers.insert(0, (CONTENT_TYPE, HeaderValue::from_static("application/json")));
        }
        response.body = body;
        response
    }

    /// The headers of the answer, in order.
    ///
    /// ```
    /// use chalice_rs::{Error, HeaderValue, header};
    ///
    /// let error = Error::unauthorized("who are you?")
    ///     .with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    /// assert!(error.headers().iter().any(|(name, _)| name == header::WWW_AUTHENTICATE));
    /// ```
    pub fn headers(&self) -> &[(HeaderName, HeaderValue)] {
        &self.0.headers
    }

    fn causes(&self) -> impl Iterator<Item = &dyn StdError> {
        let first: Option<&dyn StdError> = self.0.cause.as_deref().map(|cause| cause as &dyn StdError);
        std::iter::successors(first, |cause: &&dyn StdError| StdError::source(*cause))
    }
}

impl<E: StdError + Send + Sync + 'static> From<E> for Error {
    fn from(cause: E) -> Self {
        // What an extractor refused is an answer already, whoever takes it as an error.
        rejection::error_of(&cause)
            .unwrap_or_else(|| Self::described(Description::find(&cause), Box::new(cause)))
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        self.log(&[]);
        self.render(Causes::Hidden)
    }

    fn into_outcome(self) -> Result<Response, Error> {
        Err(self)
    }
}

/// The status and the public message.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.0.status.as_u16(), self.0.code, self.0.message)
    }
}

/// Everything, the causes included: for a log, never for a client.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")?;
        self.causes().try_for_each(|cause| write!(f, ": {cause}"))
    }
}

/// Chalice's name of the error, where it has one.
pub(crate) fn code_of(status: StatusCode) -> Cow<'static, str> {
    let name = match status {
        StatusCode::INTERNAL_SERVER_ERROR => "InternalServerError",
        StatusCode::BAD_REQUEST => "BadRequestError",
        StatusCode::UNAUTHORIZED => "UnauthorizedError",
        StatusCode::FORBIDDEN => "ForbiddenError",
        StatusCode::NOT_FOUND => "NotFoundError",
        StatusCode::METHOD_NOT_ALLOWED => "MethodNotAllowedError",
        StatusCode::REQUEST_TIMEOUT => "RequestTimeoutError",
        StatusCode::CONFLICT => "ConflictError",
        // Chalice's own spelling: this one has no `Error` at its end.
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "UnsupportedMediaType",
        StatusCode::UNPROCESSABLE_ENTITY => "UnprocessableEntityError",
        StatusCode::TOO_MANY_REQUESTS => "TooManyRequestsError",
        _ => {
            let reason = status.canonical_reason().unwrap_or("Unknown");
            let words = reason.split(|letter: char| !letter.is_ascii_alphanumeric());
            return words.chain(["Error"]).collect::<String>().into();
        }
    };
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(error: Error, status: u16, body: &str) {
        let response = error.into_response();
        assert_eq!(response.status.as_u16(), status);
        assert_eq!(response.header(&CONTENT_TYPE).expect("a type"), "application/json");
        assert_eq!(String::from_utf8_lossy(&response.body), body);
    }

    #[test]
    fn each_exception_of_chalice_has_its_status_and_code() {
        check(Error::bad_request("m"), 400, r#"{"Code":"BadRequestError","Message":"m"}"#);
        check(Error::unauthorized("m"), 401, r#"{"Code":"UnauthorizedError","Message":"m"}"#);
        check(Error::forbidden("m"), 403, r#"{"Code":"ForbiddenError","Message":"m"}"#);
        check(Error::not_found("m"), 404, r#"{"Code":"NotFoundError","Message":"m"}"#);
        check(Error::method_not_allowed("m"), 405, r#"{"Code":"MethodNotAllowedError","Message":"m"}"#);
        check(Error::request_timeout("m"), 408, r#"{"Code":"RequestTimeoutError","Message":"m"}"#);
        check(Error::conflict("m"), 409, r#"{"Code":"ConflictError","Message":"m"}"#);
        check(Error::unprocessable_entity("m"), 422, r#"{"Code":"UnprocessableEntityError","Message":"m"}"#);
        check(Error::too_many_requests("m"), 429, r#"{"Code":"TooManyRequestsError","Message":"m"}"#);
        check(Error::internal("m"), 500, r#"{"Code":"InternalServerError","Message":"m"}"#);
    }

    #[test]
    fn other_statuses_are_named_after_their_reason() {
        let code =
            |code: u16| Error::new(StatusCode::from_u16(code).expect("a status"), "").code().to_owned();
        assert_eq!(code(418), "ImateapotError");
        assert_eq!(code(415), "UnsupportedMediaType");
        assert_eq!(code(503), "ServiceUnavailableError");
        assert_eq!(code(599), "UnknownError");
    }

    #[test]
    fn a_private_cause_never_reaches_the_body() {
        let cause = std::io::Error::other("the password is hunter2");
        let error = Error::from(cause);
        assert!(format!("{error:?}").contains("hunter2"));
        assert!(!format!("{error}").contains("hunter2"));
        check(error, 500, r#"{"Code":"InternalServerError","Message":"An internal server error occurred."}"#);
    }
}
