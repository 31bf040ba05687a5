//! Who calls, as API Gateway found it.
//!
//! Not here: the extractors; see `claims.rs`, `authorized.rs`, `iam.rs`.

use chalice_rs_wire::http_v2::{Caller, decode_caller};

use crate::Request;

/// Who calls; `None` where no authorizer stands before the route. It is read when an extractor asks.
pub(super) fn caller<'r>(request: &'r Request<'r>) -> Option<Caller<'r>> {
    // API Gateway alone writes this: what it could not have written says nothing about anybody.
    decode_caller(&request.wire.context.authorizer).ok().flatten()
}
