//! The least that expansions need to link, so that each build of the fixture takes seconds.
//!
//! What the program registered, it prints: the JSON of one record per line.

#[path = "../../../chalice-rs-manifest/src/section/frame.rs"]
mod frame;

pub use chalice_rs_macros::{main, route};

/// What a handler takes.
pub struct Request<'r>(&'r str);

/// What a handler gives.
pub struct Response(pub String);

/// What a handler may give instead.
pub struct Error;

/// What `main` gives.
pub struct App;

/// What the documentation would know of a route, which nobody asks for here.
#[macro_export]
macro_rules! described {
    ($($tokens:tt)*) => {};
}

#[doc(hidden)]
pub mod __private {
    use std::pin::Pin;
    use std::process::ExitCode;
    use std::str::FromStr;

    pub use crate::frame::{frame, framed_len};
    pub use inventory::submit;

    pub use crate::{Request, described as describe, described as describe_app};
    use crate::{App, Error, Response};

    pub type Outcome = Result<Response, Error>;
    pub type Answer<'r> = Pin<Box<dyn Future<Output = Outcome> + 'r>>;

    pub struct RouteKey(&'static str);

    pub struct Registration {
        record: &'static [u8],
        keys: &'static [RouteKey],
        call: for<'r> fn(&'r Request<'r>) -> Answer<'r>,
    }

    inventory::collect!(Registration);

    impl RouteKey {
        pub const fn new(key: &'static str) -> Self {
            Self(key)
        }
    }

    impl Registration {
        pub const fn route(
            record: &'static [u8],
            keys: &'static [RouteKey],
            call: for<'r> fn(&'r Request<'r>) -> Answer<'r>,
        ) -> Self {
            Self { record, keys, call }
        }
    }

    pub fn parameter<'r, T: FromStr>(request: &'r Request<'r>, _: &'static str) -> Result<T, Error> {
        request.0.parse().map_err(|_| Error)
    }

    pub fn respond(text: String) -> Outcome {
        Ok(Response(text))
    }

    pub fn ready<'r>(outcome: Outcome) -> Answer<'r> {
        Box::pin(std::future::ready(outcome))
    }

    pub fn refuse<'r>(error: Error) -> Answer<'r> {
        ready(Err(error))
    }

    pub fn later<'r>(handler: impl Future<Output = String> + 'r) -> Answer<'r> {
        Box::pin(async { respond(handler.await) })
    }

    pub fn run<F: Future<Output = App>>(_: impl FnOnce() -> F) -> ExitCode {
        let request = Request("7");
        for Registration { record, keys, call } in inventory::iter::<Registration> {
            let [RouteKey(key)] = keys else { return ExitCode::FAILURE };
            // The call is made and dropped, so that the linker has to keep the handler.
            drop(call(&request));
            println!("{key} {}", String::from_utf8_lossy(&record[framed_len("")..]));
        }
        ExitCode::SUCCESS
    }
}
