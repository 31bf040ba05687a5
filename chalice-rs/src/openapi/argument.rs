//! What extractors say about the requests that they take.

use std::any::type_name;

use bytes::Bytes;
use http::StatusCode;
use schemars::{JsonSchema, json_schema};

use super::operation::Operation;
use super::{Outline, Whole};
use crate::extract::BodyLimit;
use crate::{Form, FromHeader, Header, Json, Multipart, Query};

/// An extractor that says what it takes from a request.
///
/// One that says nothing is in no document, but for a body of any kind if it takes one. `K` is how much
/// is known: implement it without, unless there is something to say about a type that has no schema.
///
/// [`Operation`] has an example.
///
/// ```
/// use chalice_rs::openapi::{DescribeArgument, Operation};
/// use chalice_rs::{FromRequest, Request};
///
/// /// The visitor's language.
/// struct Language(String);
///
/// impl<'r> FromRequest<'r> for Language {
///     type Rejection = std::convert::Infallible;
///
///     async fn from_request(request: &'r Request<'r>) -> Result<Self, Self::Rejection> {
///         Ok(Self(request.cookie("language").unwrap_or("en").to_owned()))
///     }
/// }
///
/// impl DescribeArgument for Language {
///     fn describe(operation: &mut Operation<'_>) {
///         operation.optional(|operation| operation.cookie::<String>("language"));
///     }
/// }
/// # let _ = Language(String::new()).0;
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` says nothing about the requests that it takes",
    note = "implement `chalice_rs::openapi::DescribeArgument` for it"
)]
pub trait DescribeArgument<K = Whole> {
    /// Says it.
    fn describe(operation: &mut Operation<'_>);
}

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

impl<T: JsonSchema> DescribeArgument<Whole> for Json<T> {
    fn describe(operation: &mut Operation<'_>) {
        operation.body::<T>(JSON);
    }
}

impl<T> DescribeArgument<Outline> for Json<T> {
    fn describe(operation: &mut Operation<'_>) {
        operation.body_of(JSON, json_schema!({}));
        no_schema::<T>(operation);
    }
}

impl<T: JsonSchema> DescribeArgument<Whole> for Form<T> {
    fn describe(operation: &mut Operation<'_>) {
        operation.body::<T>(FORM);
    }
}

impl<T> DescribeArgument<Outline> for Form<T> {
    fn describe(operation: &mut Operation<'_>) {
        operation.body_of(FORM, json_schema!({ "type": "object" }));
        no_schema::<T>(operation);
    }
}

impl<K> DescribeArgument<K> for Multipart<'_> {
    fn describe(operation: &mut Operation<'_>) {
        operation
            .body_of("multipart/form-data", json_schema!({ "type": "object", "additionalProperties": true }));
    }
}

impl<T: JsonSchema> DescribeArgument<Whole> for Query<T> {
    fn describe(operation: &mut Operation<'_>) {
        operation.query::<T>();
    }
}

impl<T> DescribeArgument<Outline> for Query<T> {
    fn describe(operation: &mut Operation<'_>) {
        no_schema::<T>(operation);
    }
}

impl<'r, K, T: FromHeader<'r>> DescribeArgument<K> for Header<T> {
    fn describe(operation: &mut Operation<'_>) {
        operation.header::<String>(T::name());
        if T::challenge().is_some() {
            operation.error(StatusCode::UNAUTHORIZED, None);
        }
    }
}

impl<K, E: DescribeArgument<K>> DescribeArgument<K> for Option<E> {
    fn describe(operation: &mut Operation<'_>) {
        operation.optional(E::describe);
    }
}

impl<K, E: DescribeArgument<K>, R> DescribeArgument<K> for Result<E, R> {
    fn describe(operation: &mut Operation<'_>) {
        operation.optional(E::describe);
    }
}

impl<K, E: DescribeArgument<K>, const BYTES: usize> DescribeArgument<K> for BodyLimit<E, BYTES> {
    fn describe(operation: &mut Operation<'_>) {
        E::describe(operation);
    }
}

macro_rules! bodies {
    ($($media_type:literal $schema:tt: $($body:ty)*;)*) => {$($(
        impl<K> DescribeArgument<K> for $body {
            fn describe(operation: &mut Operation<'_>) {
                operation.body_of($media_type, json_schema!($schema));
            }
        }
    )*)*};
}

bodies! {
    "text/plain" { "type": "string" }: String &str;
    "application/octet-stream" { "type": "string", "format": "binary" }: Vec<u8> Bytes &[u8];
}

pub(super) fn no_schema<T>(operation: &mut Operation<'_>) {
    operation.note(format!("`{}` has no schema; it gets one with `#[derive(JsonSchema)]`", type_name::<T>()));
}
