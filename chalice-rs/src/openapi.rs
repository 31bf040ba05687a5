//! An OpenAPI document of the program's routes, from their records and types.
//!
//! Behind the feature `openapi`, which `cargo chalice openapi` turns on by itself; a program that is
//! deployed has none of it. Paths, tags, security and words come from the records; what goes in and
//! comes out from the types of a route's arguments and of its answer. Types of yours have a schema with
//! `#[derive(JsonSchema)]`:
//!
//! ```
//! use chalice_rs::prelude::*;
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize, JsonSchema)]
//! struct Note {
//!     text: String,
//! }
//!
//! /// Keeps a note.
//! #[post("/notes")]
//! fn keep(note: Json<Note>) -> Result<Json<Note>, Error> {
//!     Ok(note)
//! }
//! # fn main() {
//! let document = chalice_rs::openapi::document().unwrap();
//! let keep = &document.json()["paths"]["/notes"]["post"];
//! assert_eq!(keep["summary"], "Keeps a note.");
//! assert_eq!(
//!     keep["requestBody"]["content"]["application/json"]["schema"]["$ref"],
//!     "#/components/schemas/Note"
//! );
//! # }
//! ```
//!
//! An extractor or an answer of your own says what it is with [`DescribeArgument`] or
//! [`DescribeAnswer`].

mod answer;
mod argument;
mod document;
mod operation;
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
#[derive(Debug)]
pub enum Whole {}

/// What is known of a type whatever is in it: that it is JSON, but not which.
#[derive(Debug)]
pub enum Outline {}
