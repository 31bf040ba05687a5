//! Why an extractor found nothing: one type for each, and the answer that it stands for.
//!
//! A handler sees one of these if it takes `Result<E, E::Rejection>`. Else it is the answer: the status
//! of the table, and the body `{"Code":"BadRequestError","Message":"query parameter `page` is missing"}`,
//! of which the message is what the rejection displays.
//!
//! | rejection | of | status |
//! |---|---|---|
//! | [`PathRejection`] | an argument with the name of a path parameter | 400 |
//! | [`QueryRejection`] | [`Query<T>`](crate::Query) | 400 |
//! | [`HeaderRejection`] | [`Header<T>`](crate::Header) | 400, or 401 for credentials |
//! | [`JsonRejection`] | [`Json<T>`](crate::Json) | 400, 415 |
//! | [`FormRejection`] | [`Form<T>`](crate::Form) | 400, 415 |
//! | [`MultipartRejection`] | [`Multipart`](crate::Multipart) | 400, 415 |
//! | [`TextRejection`] | the body as `String` or `&str` | 400 |
//! | [`BodyTooLarge`] | whatever takes the body | 413 |
//! | [`ClaimsRejection`] | [`Claims<T>`](crate::Claims) | 403, or 500 without a JWT authorizer |
//! | [`AuthorizedRejection`], [`IamRejection`] | [`Authorized<T>`](crate::Authorized), [`IamIdentity`](crate::IamIdentity) | 500 |
//! | [`MissingState`], [`MissingExtension`] | [`State<T>`](crate::State), [`Extension<T>`](crate::Extension) | 500 |
//!
//! ```
//! use chalice_rs::prelude::*;
//! use chalice_rs::rejection::QueryRejection;
//!
//! #[derive(serde::Deserialize)]
//! struct Page {
//!     page: u32,
//! }
//!
//! #[route("/articles")]
//! fn articles(query: Result<Query<Page>, QueryRejection>) -> String {
//!     match query {
//!         Ok(Query(Page { page })) => format!("page {page}"),
//!         Err(rejection) => format!("page 1, for {rejection}"),
//!     }
//! }
//! # fn main() {
//! let missing = QueryRejection::Missing { parameter: "page".to_owned() };
//! assert_eq!(missing.status(), 400);
//! assert_eq!(articles(Err(missing)), "page 1, for query parameter `page` is missing");
//! # }
//! ```

use std::any::{Any, TypeId};
use std::borrow::Cow;
use std::error::Error as StdError;

use http::StatusCode;

pub use crate::extract::authorized::AuthorizedRejection;
pub use crate::extract::body::{BodyTooLarge, TextRejection};
pub use crate::extract::claims::ClaimsRejection;
pub use crate::extract::extension::MissingExtension;
pub use crate::extract::form::FormRejection;
pub use crate::extract::header::HeaderRejection;
pub use crate::extract::iam::IamRejection;
pub use crate::extract::json::JsonRejection;
pub use crate::extract::multipart::MultipartRejection;
pub use crate::extract::query::QueryRejection;
pub use crate::extract::state::MissingState;
pub use crate::handler::PathRejection;

use crate::error::code_of;
use crate::response::rendered;
use crate::{Error, IntoResponse, Response};

/// What all rejections are.
pub(crate) trait Rejection: StdError + Send + Sync + 'static {
    /// The status of its answer.
    fn answered_with(&self) -> StatusCode;

    /// The same as an error of that status.
    fn to_error(&self) -> Error {
        Error::new(self.answered_with(), self.to_string())
    }
}

macro_rules! rejections {
    ($($rejection:ident)*) => {
        $(
            impl $rejection {
                /// The status of the answer.
                ///
                /// ```
                /// use chalice_rs::rejection::QueryRejection;
                ///
                /// let rejection = QueryRejection::Missing { parameter: "page".to_owned() };
                /// assert_eq!(rejection.status(), 400);
                /// ```
                pub fn status(&self) -> StatusCode {
                    self.answered_with()
                }

                /// The `Code` in the answer's body.
                ///
                /// ```
                /// use chalice_rs::rejection::QueryRejection;
                ///
                /// let rejection = QueryRejection::Missing { parameter: "page".to_owned() };
                /// assert_eq!(rejection.code(), "BadRequestError");
                /// ```
                pub fn code(&self) -> Cow<'static, str> {
                    code_of(self.answered_with())
                }
            }

            impl IntoResponse for $rejection {
                fn into_response(self) -> Response {
                    rendered(self)
                }

                fn into_outcome(self) -> Result<Response, Error> {
                    Err(self.to_error())
                }
            }
        )*

        /// The error that a cause stands for, if it is one of our rejections. The compiler knows what it
        /// is: of all this, one line is left or none.
        pub(crate) fn error_of<E: 'static>(cause: &E) -> Option<Error> {
            let cause: &dyn Any = cause;
            $(
                if TypeId::of::<E>() == TypeId::of::<$rejection>() {
                    return cause.downcast_ref::<$rejection>().map(Rejection::to_error);
                }
            )*
            None
        }
    };
}

rejections! {
    PathRejection QueryRejection HeaderRejection JsonRejection FormRejection MultipartRejection TextRejection
    BodyTooLarge MissingState MissingExtension ClaimsRejection AuthorizedRejection IamRejection
}
