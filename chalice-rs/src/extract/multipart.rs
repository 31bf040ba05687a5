//! A form with files, one field after the other.
//!
//! Lambda hands over the whole body at once, so a field is a piece of it: nothing is copied.
//! <https://datatracker.ietf.org/doc/html/rfc7578>

use std::borrow::Cow;
use std::fmt;
use std::str::Utf8Error;

use http::StatusCode;
use memchr::memmem::Finder;

use super::media_type;
use crate::rejection::Rejection;
use crate::{FromRequest, OptionalFromRequest, Request};

/// The fields of a `multipart/form-data` body, in order, borrowed from the request.
///
/// Any other content type, and none, is a 415. What is wrong further on comes with the field where it is
/// found, as a [`MultipartRejection`]: return it as it is, or through `?`. Beside
/// [`next_field`](Self::next_field), it is an iterator, for handlers that are not `async`.
///
/// ```standalone_crate
/// use chalice_rs::prelude::*;
/// use chalice_rs::test::Client;
///
/// #[route("/upload", methods = ["POST"])]
/// async fn upload(mut form: Multipart<'_>) -> Result<String, Error> {
///     let mut seen = Vec::new();
///     while let Some(field) = form.next_field().await? {
///         seen.push(match field.file_name() {
///             Some(file) => format!("{}: {} bytes of {file}", field.name(), field.bytes().len()),
///             None => format!("{}: {}", field.name(), field.text()?),
///         });
///     }
///     Ok(seen.join(", "))
/// }
///
/// # fn main() {
/// let body = "--x\r\ncontent-disposition: form-data; name=\"title\"\r\n\r\nCats\r\n\
///     --x\r\ncontent-disposition: form-data; name=\"photo\"; filename=\"cat.jpg\"\r\n\r\nmeow\r\n--x--";
/// let client = Client::new(App::new());
/// let request = client.post("/upload").header("content-type", "multipart/form-data; boundary=x");
/// assert_eq!(request.body(body).send().text(), "title: Cats, photo: 4 bytes of cat.jpg");
/// # }
/// ```
pub struct Multipart<'r> {
    /// What comes after the boundary before the next field, while there is one.
    rest: Option<&'r [u8]>,
    /// The line end, two dashes and the boundary, which separate the fields.
    delimiter: Finder<'r>,
    /// Of the field that was read last, from 1.
    part: usize,
}

impl<'r> Multipart<'r> {
    /// The next field, or `None` after the last.
    ///
    /// It never waits; it is `async` as it is where bodies come in pieces.
    ///
    /// ```
    /// use chalice_rs::rejection::MultipartRejection;
    /// use chalice_rs::{Multipart, route};
    ///
    /// #[route("/count", methods = ["POST"])]
    /// async fn count(mut form: Multipart<'_>) -> Result<String, MultipartRejection> {
    ///     let mut bytes = 0;
    ///     while let Some(field) = form.next_field().await? {
    ///         bytes += field.bytes().len();
    ///     }
    ///     Ok(format!("{bytes} bytes"))
    /// }
    /// # fn main() {}
    /// ```
    pub async fn next_field(&mut self) -> Result<Option<Field<'r>>, MultipartRejection> {
        self.next().transpose()
    }

    /// Reads what follows a boundary: the field, and the rest after the boundary behind it.
    fn read(&self, after_boundary: &'r [u8]) -> Result<Option<(Field<'r>, &'r [u8])>, MultipartRejection> {
        let malformed = |message| MultipartRejection::Malformed { part: self.part, message };
        if after_boundary.starts_with(b"--") {
            return Ok(None);
        }
        let Some(head) = next_line(after_boundary) else {
            return Err(malformed("its boundary does not end its line".to_owned()));
        };
        let mut headers = [httparse::EMPTY_HEADER; 16];
        let (head_len, headers) = match httparse::parse_headers(head, &mut headers) {
            Ok(httparse::Status::Complete(parsed)) => parsed,
            Ok(httparse::Status::Partial) => return Err(malformed("it ends before its content".to_owned())),
            Err(error) => return Err(malformed(format!("its headers cannot be read: {error}"))),
        };
        let header = |name: &str| {
            headers.iter().find(|header| header.name.eq_ignore_ascii_case(name)).map(|header| header.value)
        };
        let disposition = header("content-disposition")
            .ok_or_else(|| malformed("it has no `content-disposition` header".to_owned()))?;
        let name = parameter(disposition, "name").ok_or_else(|| malformed("it has no name".to_owned()))?;
        let content = &head[head_len..];
        let Some((end, next)) = self.boundary_in(content) else {
            return Err(malformed(format!("no boundary follows the field `{name}`: the body is cut off")));
        };
        let field = Field {
            name,
            file_name: parameter(disposition, "filename"),
            content_type: header("content-type").and_then(|value| std::str::from_utf8(value).ok()),
            bytes: &content[..end],
        };
        Ok(Some((field, next)))
    }

    /// Where the next boundary begins, and what follows it. Longer text that begins like one is content.
    fn boundary_in(&self, content: &'r [u8]) -> Option<(usize, &'r [u8])> {
        let len = self.delimiter.needle().len();
        let found = self.delimiter.find_iter(content).map(|start| (start, &content[start + len..]));
        found.into_iter().find(|(_, rest)| rest.starts_with(b"--") || next_line(rest).is_some())
    }
}

impl<'r> Iterator for Multipart<'r> {
    type Item = Result<Field<'r>, MultipartRejection>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.rest.take()?;
        self.part += 1;
        let (field, rest) = match self.read(rest) {
            Ok(found) => found?,
            Err(rejection) => return Some(Err(rejection)),
        };
        self.rest = Some(rest);
        Some(Ok(field))
    }
}

impl<'r> FromRequest<'r> for Multipart<'r> {
    type Rejection = MultipartRejection;
    const TAKES_BODY: bool = true;

    async fn from_request(request: &'r Request<'r>) -> Result<Self, MultipartRejection> {
        let content_type = request.header("content-type");
        let Some(content_type) =
            content_type.filter(|found| media_type::essence(found).eq_ignore_ascii_case(MULTIPART))
        else {
            let content_type = content_type.map(str::to_owned);
            return Err(MultipartRejection::UnsupportedMediaType { content_type });
        };
        let boundary = media_type::parameter(content_type, "boundary").filter(|found| !found.is_empty());
        let boundary = boundary.ok_or(MultipartRejection::MissingBoundary)?;
        let mut form =
            Self { rest: None, delimiter: Finder::new(&format!("\r\n--{boundary}")).into_owned(), part: 0 };
        // The first boundary may stand at the very beginning, without a line end before it.
        let body = request.body();
        let first = body.strip_prefix(&form.delimiter.needle()[2..]);
        form.rest = first.or_else(|| form.boundary_in(body).map(|(_, rest)| rest));
        if form.rest.is_some() { Ok(form) } else { Err(MultipartRejection::MissingFirst) }
    }
}

impl<'r> OptionalFromRequest<'r> for Multipart<'r> {
    fn is_absent(request: &'r Request<'r>) -> bool {
        request.body().is_empty()
    }
}

impl fmt::Debug for Multipart<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let left = self.rest.map_or(0, <[u8]>::len);
        f.debug_struct("Multipart").field("read", &self.part).field("bytes_left", &left).finish()
    }
}

/// One field of a [`Multipart`] form.
///
/// ```
/// use chalice_rs::rejection::MultipartRejection;
/// use chalice_rs::{Field, Multipart, route};
///
/// fn describe(field: &Field<'_>) -> String {
///     let kind = field.content_type().unwrap_or("text");
///     format!("{} is {kind}, {} bytes", field.name(), field.bytes().len())
/// }
///
/// #[route("/upload", methods = ["POST"])]
/// async fn upload(mut form: Multipart<'_>) -> Result<String, MultipartRejection> {
///     Ok(form.next_field().await?.as_ref().map(describe).unwrap_or_default())
/// }
/// # fn main() {}
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Field<'r> {
    name: Cow<'r, str>,
    file_name: Option<Cow<'r, str>>,
    content_type: Option<&'r str>,
    bytes: &'r [u8],
}

impl<'r> Field<'r> {
    /// The name that the form gives it.
    ///
    /// ```
    /// use chalice_rs::{Field, Multipart};
    ///
    /// /// The field of a name, whatever comes before it.
    /// fn find<'r>(mut form: Multipart<'r>, name: &str) -> Option<Field<'r>> {
    ///     form.find_map(|field| field.ok().filter(|field| field.name() == name))
    /// }
    /// # let _ = find;
    /// ```
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The file's name on the client's machine, if the field is a file. It may be anything: never make a
    /// path of it.
    ///
    /// ```
    /// use chalice_rs::Field;
    ///
    /// /// How a file ends; what it is called is its own business.
    /// fn extension<'f>(field: &'f Field<'_>) -> Option<&'f str> {
    ///     field.file_name()?.rsplit_once('.').map(|(_, extension)| extension)
    /// }
    /// # let _ = extension;
    /// ```
    pub fn file_name(&self) -> Option<&str> {
        self.file_name.as_deref()
    }

    /// What the client says the content is.
    ///
    /// ```
    /// use chalice_rs::{Error, Field};
    ///
    /// fn check(field: &Field<'_>) -> Result<(), Error> {
    ///     match field.content_type() {
    ///         Some("image/png" | "image/jpeg") => Ok(()),
    ///         _ => Err(Error::bad_request(format!("`{}` is no picture", field.name()))),
    ///     }
    /// }
    /// # let _ = check;
    /// ```
    pub fn content_type(&self) -> Option<&'r str> {
        self.content_type
    }

    /// The content.
    ///
    /// ```
    /// use chalice_rs::Field;
    ///
    /// /// A client can say anything; what a file is, its first bytes tell.
    /// fn is_png(field: &Field<'_>) -> bool {
    ///     field.bytes().starts_with(b"\x89PNG\r\n\x1a\n")
    /// }
    /// # let _ = is_png;
    /// ```
    pub fn bytes(&self) -> &'r [u8] {
        self.bytes
    }

    /// The content as text.
    ///
    /// ```
    /// use chalice_rs::{Error, Field};
    ///
    /// fn number(field: &Field<'_>) -> Result<u32, Error> {
    ///     Ok(field.text()?.trim().parse()?)
    /// }
    /// # let _ = number;
    /// ```
    pub fn text(&self) -> Result<&'r str, MultipartRejection> {
        std::str::from_utf8(self.bytes)
            .map_err(|error| MultipartRejection::NotText { field: self.name.clone().into_owned(), error })
    }
}

impl fmt::Debug for Field<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Field")
            .field("name", &self.name)
            .field("file_name", &self.file_name)
            .field("content_type", &self.content_type)
            .field("bytes", &self.bytes.len())
            .finish()
    }
}

/// Why the body is not what a [`Multipart`] takes: a 415 for another media type, else a 400.
///
/// ```
/// use chalice_rs::rejection::MultipartRejection;
/// use chalice_rs::{Multipart, route};
///
/// #[route("/files", methods = ["POST"])]
/// fn files(form: Result<Multipart<'_>, MultipartRejection>) -> Result<String, MultipartRejection> {
///     match form {
///         Ok(form) => Ok(format!("{} parts", form.count())),
///         Err(MultipartRejection::UnsupportedMediaType { .. }) => Ok("no form, no files".to_owned()),
///         Err(other) => Err(other),
///     }
/// }
/// let other = MultipartRejection::UnsupportedMediaType { content_type: Some("text/plain".to_owned()) };
/// assert_eq!(other.status(), 415);
/// assert_eq!(files(Err(other)).unwrap(), "no form, no files");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum MultipartRejection {
    /// The body is no such form, as its content type says.
    UnsupportedMediaType {
        /// What it says.
        content_type: Option<String>,
    },
    /// The content type does not say what separates the fields.
    MissingBoundary,
    /// What separates the fields, as the content type says, is not in the body.
    MissingFirst,
    /// A field is not what it has to be.
    Malformed {
        /// Which one, from 1.
        part: usize,
        /// What is wrong with it.
        message: String,
    },
    /// A field is not text, although the handler takes it as that.
    NotText {
        /// Its name.
        field: String,
        /// Where it stops to be UTF-8.
        error: Utf8Error,
    },
}

impl fmt::Display for MultipartRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnsupportedMediaType { content_type } => {
                media_type::write_unsupported(f, content_type.as_deref(), MULTIPART)
            }
            Self::MissingBoundary => {
                f.write_str("the form cannot be read: its content type names no `boundary`")
            }
            Self::MissingFirst => {
                f.write_str("the form cannot be read: the `boundary` of its content type is not in the body")
            }
            Self::Malformed { part, message } => {
                write!(f, "the form cannot be read: field {part}: {message}")
            }
            Self::NotText { field, error } => write!(f, "form field `{field}`: {error}"),
        }
    }
}

impl std::error::Error for MultipartRejection {}

impl Rejection for MultipartRejection {
    fn answered_with(&self) -> StatusCode {
        match self {
            Self::UnsupportedMediaType { .. } => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::MissingBoundary | Self::MissingFirst | Self::Malformed { .. } | Self::NotText { .. } => {
                StatusCode::BAD_REQUEST
            }
        }
    }
}

const MULTIPART: &str = "multipart/form-data";

/// What comes after the line that ends here, where white space alone may stand before its end.
fn next_line(rest: &[u8]) -> Option<&[u8]> {
    let padding = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    rest[padding..].strip_prefix(b"\r\n")
}

/// A parameter of a `content-disposition`: `form-data; name="a"; filename="b; c.txt"`.
///
/// Browsers write a quote in a name as `%22`, and line ends as `%0D` and `%0A`; others write a quote as
/// `\"`. A backslash that stands for itself comes from browsers as well.
/// <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data>
fn parameter<'r>(disposition: &'r [u8], name: &str) -> Option<Cow<'r, str>> {
    let mut rest = disposition;
    loop {
        // Up to the next semicolon, which ends the type or the parameter before.
        let start = rest.iter().position(|byte| *byte == b';')? + 1;
        rest = rest[start..].trim_ascii_start();
        let equals = rest.iter().position(|byte| matches!(byte, b'=' | b';'))?;
        if rest[equals] == b';' {
            rest = &rest[equals..];
            continue;
        }
        let found = rest[..equals].trim_ascii_end();
        let value = rest[equals + 1..].trim_ascii_start();
        let (value, after) = match value.strip_prefix(b"\"") {
            Some(quoted) => {
                let end = end_of_quoted(quoted);
                (unescaped(&quoted[..end]), &quoted[end..])
            }
            None => {
                let end = value.iter().position(|byte| *byte == b';').unwrap_or(value.len());
                (String::from_utf8_lossy(value[..end].trim_ascii_end()), &value[end..])
            }
        };
        if found.eq_ignore_ascii_case(name.as_bytes()) {
            return Some(value);
        }
        rest = after;
    }
}

/// Where the quote is that ends the text; its end, if there is none.
fn end_of_quoted(text: &[u8]) -> usize {
    let mut is_escaped = false;
    let end = text.iter().position(|byte| {
        let is_end = *byte == b'"' && !is_escaped;
        is_escaped = *byte == b'\\' && !is_escaped;
        is_end
    });
    end.unwrap_or(text.len())
}

fn unescaped(text: &[u8]) -> Cow<'_, str> {
    let text = String::from_utf8_lossy(text);
    if !text.contains(['%', '\\']) {
        return text;
    }
    let escapes = [("\\\"", "\""), ("%22", "\""), ("%0D", "\r"), ("%0A", "\n")];
    let unescaped = escapes.iter().fold(text.into_owned(), |text, (from, to)| text.replace(from, to));
    Cow::Owned(unescaped)
}
