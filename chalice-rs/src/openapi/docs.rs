//! `docs!`: the document and a page of it, served by the program itself.

use std::sync::OnceLock;

use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderValue};

use super::document::{Document, document};
use super::operation::Operation;
use super::page::page;
use super::{DescribeAnswer, Whole};
use crate::response::rendered;
use crate::{Error, Html, IntoResponse, Json, Response};

/// The page, as an answer.
#[derive(Debug)]
pub struct DocsPage {
    /// Where it is served.
    path: &'static str,
}

impl DocsPage {
    /// The page at this path.
    pub const fn at(path: &'static str) -> Self {
        Self { path }
    }
}

/// The document, as an answer.
#[derive(Debug)]
pub struct DocsJson;

impl IntoResponse for DocsPage {
    fn into_response(self) -> Response {
        rendered(self)
    }

    fn into_outcome(self) -> Result<Response, Error> {
        // As seen from the page, so that it is found behind a stage's name and a proxy's prefix too.
        let link = match self.path.rsplit('/').next() {
            Some(last) if !last.is_empty() => format!("{last}/openapi.json"),
            _ => "openapi.json".to_owned(),
        };
        // Nothing is loaded and nothing runs, whatever a doc comment says.
        let policy = HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'");
        let page = Html(page(known()?.json(), &link)).into_response();
        Ok(page.with_header(CONTENT_SECURITY_POLICY, policy).with_header(CACHE_CONTROL, ALWAYS_ASK))
    }
}

impl IntoResponse for DocsJson {
    fn into_response(self) -> Response {
        rendered(self)
    }

    fn into_outcome(self) -> Result<Response, Error> {
        Ok(Json(known()?.json()).into_outcome()?.with_header(CACHE_CONTROL, ALWAYS_ASK))
    }
}

impl DescribeAnswer<Whole> for DocsPage {
    fn describe(operation: &mut Operation<'_>) {
        operation.hide();
    }
}

impl DescribeAnswer<Whole> for DocsJson {
    fn describe(operation: &mut Operation<'_>) {
        operation.hide();
    }
}

const ALWAYS_ASK: HeaderValue = HeaderValue::from_static("no-cache");

/// The document, made when it is first asked for.
fn known() -> Result<&'static Document, Error> {
    static DOCUMENT: OnceLock<Document> = OnceLock::new();
    match DOCUMENT.get() {
        Some(document) => Ok(document),
        None => {
            let made = document()?;
            Ok(DOCUMENT.get_or_init(|| made))
        }
    }
}
