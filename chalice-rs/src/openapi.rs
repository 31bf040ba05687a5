//! An OpenAPI document of the program's routes, from their records and types.
#![doc = include_str!("../docs/openapi.md")]

mod answer;
mod argument;
mod docs;
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
pub use docs::{DocsJson, DocsPage};
pub use document::{Document, document};
pub use operation::{Operation, Status};

/// What is known of a type with all that is in it; the level at which types of your own describe
/// themselves.
#[derive(Debug)]
pub enum Whole {}

/// What is known of a type whatever is in it: that it is JSON, but not which.
#[derive(Debug)]
pub enum Outline {}
