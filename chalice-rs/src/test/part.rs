//! The parts of a form with files (RFC 7578).

/// One part of a form: a field, or a file.
///
/// ```standalone_crate
/// use chalice_rs::prelude::*;
/// use chalice_rs::test::{Client, Part};
///
/// #[route("/upload", methods = ["POST"])]
/// async fn upload(body: Bytes) -> String {
///     format!("{} bytes", body.len())
/// }
///
/// # fn main() {
/// let parts = [Part::text("title", "tea"), Part::file("photo", "tea.png", "image/png", b"\x89PNG")];
/// let answer = Client::new(App::new()).post("/upload").multipart(parts).send();
/// answer.assert_status(200);
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    name: String,
    file: Option<(String, String)>,
    content: Vec<u8>,
}

impl Part {
    /// A field.
    ///
    /// ```
    /// use chalice_rs::test::{Client, Part};
    ///
    /// fn check(client: &Client) {
    ///     client.post("/upload").multipart([Part::text("title", "my cats")]).send().assert_status(200);
    /// }
    /// # let _ = check;
    /// ```
    pub fn text(name: &str, value: &str) -> Self {
        Self { name: name.to_owned(), file: None, content: value.as_bytes().to_vec() }
    }

    /// A file with its name, content type and content.
    ///
    /// ```
    /// use chalice_rs::test::{Client, Part};
    ///
    /// fn check(client: &Client) {
    ///     let photo = Part::file("photo", "cat.png", "image/png", b"\x89PNG");
    ///     client.post("/upload").multipart([photo]).send().assert_status(200);
    /// }
    /// # let _ = check;
    /// ```
    pub fn file(name: &str, file_name: &str, content_type: &str, content: impl Into<Vec<u8>>) -> Self {
        let file = Some((file_name.to_owned(), content_type.to_owned()));
        Self { name: name.to_owned(), file, content: content.into() }
    }
}

/// A line that none of the parts has.
pub(super) fn boundary(parts: &[Part]) -> String {
    let is_in = |line: &str| {
        parts.iter().any(|part| part.content.windows(line.len()).any(|found| found == line.as_bytes()))
    };
    let mut count = 0_u32;
    loop {
        let line = format!("chalice-test-{count}");
        if !is_in(&line) {
            return line;
        }
        count += 1;
    }
}

pub(super) fn encode(parts: &[Part], boundary: &str) -> Vec<u8> {
    // As browsers do: <https://html.spec.whatwg.org/#multipart-form-data>.
    let quoted = |text: &str| text.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A");
    let mut body = Vec::new();
    for Part { name, file, content } in parts {
        let mut head = format!("--{boundary}\r\ncontent-disposition: form-data; name=\"{}\"", quoted(name));
        if let Some((file_name, content_type)) = file {
            head.push_str(&format!("; filename=\"{}\"\r\ncontent-type: {content_type}", quoted(file_name)));
        }
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(b"\r\n\r\n");
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    body
}
