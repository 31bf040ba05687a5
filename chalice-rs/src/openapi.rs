//! An OpenAPI document of the program's routes, from their records and types.
#![doc = include_str!("../docs/openapi.md")]

mod answer;
mod argument;
pub(crate) mod docs;
mod document;
mod operation;
mod page;
pub(crate) mod probe;
pub(crate) mod registration;
mod schemas;
mod security;

pub(crate) mod print;

pub use answer::DescribeAnswer;
pub use argument::DescribeArgument;
pub use document::{Document, document};
pub use operation::{Operation, Status};

/// What is known of a type with all that is in it; the level at which types of your own describe
/// themselves.
///
/// ```
/// use chalice_rs::JsonSchema;
/// use chalice_rs::openapi::{DescribeAnswer, Operation, Whole};
///
/// /// A page of a list.
/// struct Page<T>(Vec<T>);
///
/// impl<T: JsonSchema> DescribeAnswer<Whole> for Page<T> {
///     fn describe(operation: &mut Operation<'_>) {
///         operation.content::<Vec<T>>(chalice_rs::StatusCode::OK, "application/json");
///     }
/// }
/// ```
#[derive(Debug)]
pub enum Whole {}

/// What is known of a type whatever is in it: that it is JSON, but not which.
///
/// ```
/// use chalice_rs::StatusCode;
/// use chalice_rs::openapi::{DescribeAnswer, Operation, Outline};
///
/// /// A page of a list.
/// struct Page<T>(Vec<T>);
///
/// /// For a `T` without a schema.
/// impl<T> DescribeAnswer<Outline> for Page<T> {
///     fn describe(operation: &mut Operation<'_>) {
///         operation.content::<Vec<chalice_rs::schemars::Schema>>(StatusCode::OK, "application/json");
///     }
/// }
/// ```
#[derive(Debug)]
pub enum Outline {}
