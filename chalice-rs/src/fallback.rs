//! The functions that answer what no route answers: `#[error_handler]` and `#[not_found]`.
//!
//! Not here: when they are called; see `settle.rs` and `invoke.rs`.

use crate::handler::Answer;
use crate::router::{Call, function_of};
use crate::{Error, Request};

/// An error handler as its expansion gives it.
pub(crate) type ErrorCall = for<'r> fn(&'r Error, &'r Request<'r>) -> Answer<'r>;

/// What `#[error_handler]` submits at link time.
#[derive(Debug)]
pub struct ErrorHandler {
    record: &'static [u8],
    call: ErrorCall,
}

/// What `#[not_found]` submits at link time.
#[derive(Debug)]
pub struct NotFound {
    record: &'static [u8],
    call: Call,
}

inventory::collect!(ErrorHandler);
inventory::collect!(NotFound);

impl ErrorHandler {
    /// The registration of an error handler.
    pub const fn new(record: &'static [u8], call: ErrorCall) -> Self {
        Self { record, call }
    }
}

impl NotFound {
    /// The registration of a handler for what no route takes.
    pub const fn new(record: &'static [u8], call: Call) -> Self {
        Self { record, call }
    }
}

/// The error handler of this program.
pub(crate) fn error_handler() -> Option<ErrorCall> {
    inventory::iter::<ErrorHandler>.into_iter().next().map(|found| found.call)
}

/// The handler of what no route takes, of this program.
pub(crate) fn not_found() -> Option<Call> {
    inventory::iter::<NotFound>.into_iter().next().map(|found| found.call)
}

/// The records of both kinds.
pub(crate) fn records() -> impl Iterator<Item = &'static [u8]> {
    let errors = inventory::iter::<ErrorHandler>.into_iter().map(|found| found.record);
    errors.chain(inventory::iter::<NotFound>.into_iter().map(|found| found.record))
}

/// Two of a kind, of which the linker would choose one.
pub(crate) fn problem() -> Option<String> {
    let errors = inventory::iter::<ErrorHandler>.into_iter().map(|found| found.record);
    let nowhere = inventory::iter::<NotFound>.into_iter().map(|found| found.record);
    twice("error_handler", errors).or_else(|| twice("not_found", nowhere))
}

fn twice(attribute: &str, mut records: impl Iterator<Item = &'static [u8]>) -> Option<String> {
    let (first, second) = (records.next()?, records.next()?);
    Some(format!(
        "the app has two functions under `#[{attribute}]`: `{}` and `{}`",
        function_of(first),
        function_of(second)
    ))
}

#[cfg(test)]
mod tests {
    use chalice_rs_manifest::section::{frame, framed_len};

    use super::*;

    const FIRST: &str = r#"{"kind":"not_found","function":"a","source":{"module":"app::x","line":1}}"#;
    const SECOND: &str = r#"{"kind":"not_found","function":"b","source":{"module":"app","line":2}}"#;
    static FIRST_RECORD: [u8; framed_len(FIRST)] = frame(FIRST);
    static SECOND_RECORD: [u8; framed_len(SECOND)] = frame(SECOND);

    #[test]
    fn one_of_a_kind_is_fine_and_two_are_named() {
        let records: [&'static [u8]; 2] = [&FIRST_RECORD, &SECOND_RECORD];
        assert_eq!(twice("not_found", records.into_iter().take(1)), None);
        assert_eq!(
            twice("not_found", records.into_iter()).as_deref(),
            Some("the app has two functions under `#[not_found]`: `app::x::a` and `app::b`"),
        );
    }
}
