//! The JSON of events and payloads: read without a copy, written straight into a buffer.
//!
//! An event is an envelope of known fields around one string, the body. Reading that by hand costs a
//! quarter of what a general reader costs, and it is most of what an invocation costs besides the
//! handler. Not here: JSON of which the shape is not known; that is `serde_json`'s.

pub(crate) mod read;
pub(crate) mod write;

mod word;
