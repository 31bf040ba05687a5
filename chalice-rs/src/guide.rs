//! For people who know another tool: each of its constructs, and ours beside it.
//!
//! Here: the pages as documentation, so that their code compiles.

#[doc = include_str!("../docs/coming-from-chalice.md")]
pub mod coming_from_chalice {}

#[doc = include_str!("../docs/coming-from-axum.md")]
pub mod coming_from_axum {}
