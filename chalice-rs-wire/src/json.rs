//! The JSON of events and payloads: read without a copy, written straight into a buffer.
//!
//! An event is an envelope of known fields around one string, the body, and reading it is most of
//! what an invocation costs besides the handler: what knows the shape copies and allocates less.
//! Not here: JSON of which the shape is not known; that is `serde_json`'s.

pub(crate) mod read;
pub(crate) mod write;

mod word;
