//! The query, typed.

use std::fmt;

use http::StatusCode;
use serde::Deserialize;

use super::pairs::{self, Defect};
use crate::rejection::Rejection;
use crate::{FromRequest, OptionalFromRequest, Request};

/// The query, as any type that serde can make.
///
/// A parameter is a field. It is parsed by the field's type; one that may be absent is an `Option` or has
/// `#[serde(default)]`; one that may come several times is a `Vec`, a set or a tuple, and any other takes
/// exactly one value. An enum's variants are told by their names. Parameters that the type does not have
/// are left alone, unless it says `#[serde(deny_unknown_fields)]`.
///
/// | type | takes |
/// |---|---|
/// | `u32`, `bool`, `f64`, `String`, … | exactly one value |
/// | `Option<T>` | one value or none; `?a=` is a value, the empty one |
/// | `Vec<T>`, sets | one value or more; with `#[serde(default)]` none as well |
/// | `(A, B)`, `[T; 2]` | exactly so many |
/// | `HashMap<String, String>`, `HashMap<String, Vec<String>>` | in the place of a struct: whatever there is |
/// | `Vec<(String, String)>` | in the place of a struct: all pairs in order |
///
/// `T` may borrow from the request: a `&str` is never copied, and a `Cow<'_, str>` with `#[serde(borrow)]`
/// is not either. Of a struct with `#[serde(flatten)]`, serde gives the inner one text and nothing else: its
/// fields are text, `Option`s of text, or parsed by a `deserialize_with`.
///
/// What does not fit is a [`QueryRejection`], a 400 that names the parameter. `Option<Query<T>>` is `None`
/// if there is no query at all.
///
/// ```standalone_crate
/// use chalice_rs::prelude::*;
/// use chalice_rs::test::Client;
///
/// #[derive(serde::Deserialize)]
/// struct Search {
///     page: u32,
///     #[serde(default)]
///     tag: Vec<String>,
/// }
///
/// #[route("/articles")]
/// fn articles(Query(search): Query<Search>) -> String {
///     format!("page {}, {}", search.page, search.tag.join(" and "))
/// }
///
/// # fn main() {
/// let client = Client::new(App::new());
/// assert_eq!(client.get("/articles?page=2&tag=tea&tag=cake").send().text(), "page 2, tea and cake");
/// let refused = client.get("/articles?page=two").send();
/// assert_eq!(refused.status(), 400);
/// assert!(refused.text().contains("query parameter `page`: invalid digit found in string"));
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Query<T>(pub T);

impl<'r, T: Deserialize<'r>> FromRequest<'r> for Query<T> {
    type Rejection = QueryRejection;

    async fn from_request(request: &'r Request<'r>) -> Result<Self, QueryRejection> {
        Ok(Self(pairs::read(request, request.query_pairs())?))
    }
}

impl<'r, T: Deserialize<'r>> OptionalFromRequest<'r> for Query<T> {
    fn is_absent(request: &'r Request<'r>) -> bool {
        request.query().is_empty()
    }
}

/// Why the query is not what a [`Query<T>`] takes: a 400.
///
/// ```
/// use chalice_rs::rejection::QueryRejection;
/// use chalice_rs::{Query, route};
/// use serde::Deserialize;
///
/// #[derive(Deserialize)]
/// struct Page {
///     page: u32,
/// }
///
/// #[route("/articles")]
/// fn articles(query: Result<Query<Page>, QueryRejection>) -> Result<String, QueryRejection> {
///     match query {
///         Ok(Query(Page { page })) => Ok(format!("page {page}")),
///         Err(QueryRejection::Missing { .. }) => Ok("page 1".to_owned()),
///         Err(other) => Err(other),
///     }
/// }
/// let missing = QueryRejection::Missing { parameter: "page".to_owned() };
/// assert_eq!(missing.status(), 400);
/// assert_eq!(articles(Err(missing)).unwrap(), "page 1");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum QueryRejection {
    /// A parameter that has to be there is not.
    Missing {
        /// Its name.
        parameter: String,
    },
    /// A parameter is not what it has to be.
    Invalid {
        /// Its name.
        parameter: String,
        /// What is wrong with it.
        message: String,
    },
    /// The query is not what it has to be, and no single parameter is to blame.
    Unfit {
        /// What is wrong with it.
        message: String,
    },
}

impl fmt::Display for QueryRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { parameter } => write!(f, "query parameter `{parameter}` is missing"),
            Self::Invalid { parameter, message } => write!(f, "query parameter `{parameter}`: {message}"),
            Self::Unfit { message } => write!(f, "the query is not valid: {message}"),
        }
    }
}

impl std::error::Error for QueryRejection {}

impl Rejection for QueryRejection {
    fn answered_with(&self) -> StatusCode {
        StatusCode::BAD_REQUEST
    }
}

impl From<Defect> for QueryRejection {
    fn from(defect: Defect) -> Self {
        match defect {
            Defect::Missing { name } => Self::Missing { parameter: name },
            Defect::Invalid { name, message } => Self::Invalid { parameter: name, message },
            Defect::Unfit { message } => Self::Unfit { message },
        }
    }
}
