//! What crosses the wire between API Gateway and a function, both ways.
//!
//! Event formats and gateway semantics as pure functions: no async, no file, no socket, no clock,
//! no environment. The runtime, the local server and the test client all use these, so that they
//! cannot disagree.

pub mod authorizer;
pub mod cors;
pub mod gateway;
pub mod http_v2;
pub mod moment;

mod json;

pub use moment::Moment;
