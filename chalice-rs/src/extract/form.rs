//! A form's fields, typed.

use std::fmt;

use chalice_rs_wire::http_v2::form_pairs;
use http::StatusCode;
use serde::Deserialize;

use super::media_type;
use super::pairs::{self, Defect};
use crate::rejection::Rejection;
use crate::{FromRequest, OptionalFromRequest, Request};

/// The fields of a form that a browser sent, as any type that serde can make.
///
/// The body's content type has to be `application/x-www-form-urlencoded`; any other, and none, is a 415.
/// Types are filled as those of a [`Query`](crate::Query) are, and what does not fit is a
/// [`FormRejection`] that names the field. A form with files is a [`Multipart`](crate::Multipart).
///
/// `Option<Form<T>>` is `None` if there is no body.
///
/// ```standalone_crate
/// use chalice_rs::prelude::*;
/// use chalice_rs::test::Client;
///
/// #[derive(serde::Deserialize)]
/// struct Order {
///     article: String,
///     count: u32,
/// }
///
/// #[route("/orders", methods = ["POST"])]
/// fn order(Form(order): Form<Order>) -> String {
///     format!("{} × {}", order.count, order.article)
/// }
///
/// # fn main() {
/// let client = Client::new(App::new());
/// let post = |body: &str| {
///     client.post("/orders").header("content-type", "application/x-www-form-urlencoded").body(body).send()
/// };
/// assert_eq!(post("article=green+tea&count=2").text(), "2 × green tea");
/// assert!(post("article=tea").text().contains("form field `count` is missing"));
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Form<T>(pub T);

const FORM: &str = "application/x-www-form-urlencoded";

impl<'r, T: Deserialize<'r>> FromRequest<'r> for Form<T> {
    type Rejection = FormRejection;
    const TAKES_BODY: bool = true;

    async fn from_request(request: &'r Request<'r>) -> Result<Self, FormRejection> {
        let content_type = request.header("content-type");
        if !content_type.is_some_and(|found| media_type::essence(found).eq_ignore_ascii_case(FORM)) {
            return Err(FormRejection::UnsupportedMediaType {
                content_type: content_type.map(str::to_owned),
            });
        }
        let text = std::str::from_utf8(request.body())
            .map_err(|error| FormRejection::Unfit { message: error.to_string() })?;
        Ok(Self(pairs::read(request, form_pairs(text))?))
    }
}

impl<'r, T: Deserialize<'r>> OptionalFromRequest<'r> for Form<T> {
    fn is_absent(request: &'r Request<'r>) -> bool {
        request.body().is_empty()
    }
}

/// Why the body is not what a [`Form<T>`] takes: a 415 for another media type, else a 400.
///
/// ```
/// use chalice_rs::rejection::FormRejection;
/// use chalice_rs::{Form, Html, route};
/// use serde::Deserialize;
///
/// #[derive(Deserialize)]
/// struct Order {
///     count: u32,
/// }
///
/// #[route("/orders", methods = ["POST"])]
/// fn order(form: Result<Form<Order>, FormRejection>) -> Html<String> {
///     match form {
///         Ok(Form(order)) => Html(format!("<p>ordered: {}", order.count)),
///         Err(FormRejection::Missing { field }) => Html(format!("<p>fill in {field}, please")),
///         Err(rejection) => Html(format!("<p>{rejection}")),
///     }
/// }
/// let missing = FormRejection::Missing { field: "count".to_owned() };
/// assert_eq!(missing.status(), 400);
/// assert_eq!(order(Err(missing)).0, "<p>fill in count, please");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FormRejection {
    /// The body is no form, as its content type says.
    UnsupportedMediaType {
        /// What it says.
        content_type: Option<String>,
    },
    /// A field that has to be there is not.
    Missing {
        /// Its name.
        field: String,
    },
    /// A field is not what it has to be.
    Invalid {
        /// Its name.
        field: String,
        /// What is wrong with it.
        message: String,
    },
    /// The form is not what it has to be, and no single field is to blame.
    Unfit {
        /// What is wrong with it.
        message: String,
    },
}

impl fmt::Display for FormRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnsupportedMediaType { content_type } => {
                media_type::write_unsupported(f, content_type.as_deref(), FORM)
            }
            Self::Missing { field } => write!(f, "form field `{field}` is missing"),
            Self::Invalid { field, message } => write!(f, "form field `{field}`: {message}"),
            Self::Unfit { message } => write!(f, "the form is not valid: {message}"),
        }
    }
}

impl std::error::Error for FormRejection {}

impl Rejection for FormRejection {
    fn answered_with(&self) -> StatusCode {
        match self {
            Self::UnsupportedMediaType { .. } => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Missing { .. } | Self::Invalid { .. } | Self::Unfit { .. } => StatusCode::BAD_REQUEST,
        }
    }
}

impl From<Defect> for FormRejection {
    fn from(defect: Defect) -> Self {
        match defect {
            Defect::Missing { name } => Self::Missing { field: name },
            Defect::Invalid { name, message } => Self::Invalid { field: name, message },
            Defect::Unfit { message } => Self::Unfit { message },
        }
    }
}
