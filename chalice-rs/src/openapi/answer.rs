//! What answers say about themselves.

use std::borrow::Cow;
use std::convert::Infallible;

use http::StatusCode;
use schemars::{JsonSchema, json_schema};

use super::argument::no_schema;
use super::operation::{Operation, Status};
use super::{Outline, Whole};
use crate::__private::Opaque;
use crate::rejection::{
    AuthorizedRejection, BodyTooLarge, ClaimsRejection, FormRejection, HeaderRejection, IamRejection,
    JsonRejection, MissingExtension, MissingState, MultipartRejection, PathRejection, QueryRejection,
    TextRejection,
};
use crate::{Bytes, Error, Html, HttpError, Json, NoContent, Redirect, Response, ResponsePart};

/// An answer that says which status and content it has.
///
/// One that says nothing is an answer of any status and content. `K` is how much is known: implement it
/// without, unless there is something to say about a type that has no schema.
///
/// ```
/// use chalice_rs::openapi::{DescribeAnswer, Operation};
/// use chalice_rs::{IntoResponse, Response, StatusCode};
///
/// struct Teapot;
///
/// impl IntoResponse for Teapot {
///     fn into_response(self) -> Response {
///         StatusCode::IM_A_TEAPOT.into_response()
///     }
/// }
///
/// impl DescribeAnswer for Teapot {
///     fn describe(operation: &mut Operation<'_>) {
///         operation.answer(StatusCode::IM_A_TEAPOT, "No coffee here.");
///     }
/// }
/// # drop(Teapot.into_response());
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` says nothing about itself as an answer",
    note = "implement `chalice_rs::openapi::DescribeAnswer` for it"
)]
pub trait DescribeAnswer<K = Whole> {
    /// Says it.
    fn describe(operation: &mut Operation<'_>);
}

const JSON: &str = "application/json";

impl<T: JsonSchema> DescribeAnswer<Whole> for Json<T> {
    fn describe(operation: &mut Operation<'_>) {
        operation.content::<T>(StatusCode::OK, JSON);
    }
}

impl<T> DescribeAnswer<Outline> for Json<T> {
    fn describe(operation: &mut Operation<'_>) {
        operation.content_of(StatusCode::OK, JSON, json_schema!({}));
        no_schema::<T>(operation);
    }
}

impl<K, P: ResponsePart, T: DescribeAnswer<K>> DescribeAnswer<K> for (P, T) {
    fn describe(operation: &mut Operation<'_>) {
        match P::success() {
            Some(status) => operation.with_success(status, T::describe),
            None => T::describe(operation),
        }
    }
}

impl<K, P: ResponsePart, Q: ResponsePart, T: DescribeAnswer<K>> DescribeAnswer<K> for (P, Q, T) {
    fn describe(operation: &mut Operation<'_>) {
        <(P, (Q, T)) as DescribeAnswer<K>>::describe(operation);
    }
}

impl<K, P, Q, R, T> DescribeAnswer<K> for (P, Q, R, T)
where
    P: ResponsePart,
    Q: ResponsePart,
    R: ResponsePart,
    T: DescribeAnswer<K>,
{
    fn describe(operation: &mut Operation<'_>) {
        <(P, (Q, (R, T))) as DescribeAnswer<K>>::describe(operation);
    }
}

impl<K, T: DescribeAnswer<K>> DescribeAnswer<K> for Option<T> {
    fn describe(operation: &mut Operation<'_>) {
        T::describe(operation);
        operation.error(StatusCode::NOT_FOUND, None);
    }
}

impl<K> DescribeAnswer<K> for NoContent {
    fn describe(operation: &mut Operation<'_>) {
        operation.answer(StatusCode::NO_CONTENT, "Done, with nothing to say.");
    }
}

impl<K> DescribeAnswer<K> for Redirect {
    fn describe(operation: &mut Operation<'_>) {
        operation.answer_header::<String>(Status::Redirection, "Location");
    }
}

impl<K, T> DescribeAnswer<K> for Html<T> {
    fn describe(operation: &mut Operation<'_>) {
        operation.content_of(StatusCode::OK, "text/html", json_schema!({ "type": "string" }));
    }
}

impl<K, B> DescribeAnswer<K> for http::Response<B> {
    fn describe(operation: &mut Operation<'_>) {
        <Response as DescribeAnswer<K>>::describe(operation);
    }
}

impl<K, T: DescribeAnswer<K>, E: DescribeAnswer<K>> DescribeAnswer<K> for Result<T, E> {
    fn describe(operation: &mut Operation<'_>) {
        T::describe(operation);
        E::describe(operation);
    }
}

impl<K> DescribeAnswer<K> for () {
    fn describe(operation: &mut Operation<'_>) {
        operation.answer(StatusCode::OK, "Done, with nothing to say.");
    }
}

impl<K> DescribeAnswer<K> for Infallible {
    fn describe(_: &mut Operation<'_>) {}
}

impl<K> DescribeAnswer<K> for StatusCode {
    fn describe(operation: &mut Operation<'_>) {
        operation.answer(Status::Success, "Done; the status says how.");
    }
}

impl<K> DescribeAnswer<K> for Error {
    fn describe(operation: &mut Operation<'_>) {
        operation.error(Status::Any, None);
        operation.answer(Status::Any, "An error");
    }
}

impl<K, E: HttpError> DescribeAnswer<K> for E {
    fn describe(operation: &mut Operation<'_>) {
        let cases = E::cases();
        if cases.is_empty() {
            return <Error as DescribeAnswer<K>>::describe(operation);
        }
        for (status, code) in cases {
            match StatusCode::from_u16(status) {
                Ok(status) => operation.error(status, code),
                Err(_) => <Error as DescribeAnswer<K>>::describe(operation),
            }
        }
    }
}

macro_rules! opaque {
    ($($answer:ty)*) => {$(
        impl<K> DescribeAnswer<K> for $answer {
            fn describe(operation: &mut Operation<'_>) {
                operation.answer(Status::Any, "An answer");
            }
        }
    )*};
}

opaque! { Response Opaque }

macro_rules! contents {
    ($($media_type:literal $schema:tt: $($answer:ty)*;)*) => {$($(
        impl<K> DescribeAnswer<K> for $answer {
            fn describe(operation: &mut Operation<'_>) {
                operation.content_of(StatusCode::OK, $media_type, json_schema!($schema));
            }
        }
    )*)*};
}

contents! {
    "text/plain" { "type": "string" }: String &str Cow<'_, str> Box<str>;
    "application/octet-stream" { "type": "string", "format": "binary" }: Vec<u8> Bytes Cow<'_, [u8]> Box<[u8]> &[u8];
}

impl<K, const N: usize> DescribeAnswer<K> for &[u8; N] {
    fn describe(operation: &mut Operation<'_>) {
        <&[u8] as DescribeAnswer<K>>::describe(operation);
    }
}

macro_rules! rejections {
    ($($($status:ident)*: $($rejection:ty)*;)*) => {$(rejections! { @each [$($status)*] $($rejection)* })*};
    (@each $statuses:tt $($rejection:ty)*) => {$(rejections! { @one $statuses $rejection })*};
    (@one [$($status:ident)*] $rejection:ty) => {
        impl<K> DescribeAnswer<K> for $rejection {
            fn describe(operation: &mut Operation<'_>) {
                $(operation.error(StatusCode::$status, None);)*
            }
        }
    };
}

rejections! {
    BAD_REQUEST: PathRejection QueryRejection HeaderRejection TextRejection;
    BAD_REQUEST UNSUPPORTED_MEDIA_TYPE: JsonRejection FormRejection MultipartRejection;
    PAYLOAD_TOO_LARGE: BodyTooLarge;
    FORBIDDEN: ClaimsRejection;
    INTERNAL_SERVER_ERROR: MissingState MissingExtension AuthorizedRejection IamRejection;
}
