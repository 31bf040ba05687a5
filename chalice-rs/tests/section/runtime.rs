//! The least that expansions need to link, so that each build of the fixture takes seconds.
//!
//! What the program registered, it prints: one record a line, its JSON behind the constant that the
//! runtime goes by.

#[path = "../../../chalice-rs-manifest/src/section/frame.rs"]
mod frame;

pub use chalice_rs_macros::{authorizer, blueprint, jwt_authorizer, main, route};

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

    /// What a record without code registers.
    pub struct Declaration(&'static [u8]);

    inventory::collect!(Declaration);

    impl Declaration {
        pub const fn new(record: &'static [u8]) -> Self {
            Self(record)
        }
    }

    /// What a record says of who may call.
    pub struct GuardRegistration;

    pub enum Scope {
        Route(&'static [u8]),
        Module(&'static str),
    }

    inventory::collect!(GuardRegistration);

    impl GuardRegistration {
        pub const fn guarded(_: Scope) -> Self {
            Self
        }
    }

    pub struct BlueprintRegistration {
        record: &'static [u8],
        prefix: &'static str,
    }

    inventory::collect!(BlueprintRegistration);

    impl BlueprintRegistration {
        pub const fn new(
            record: &'static [u8],
            _: &'static str,
            prefix: &'static str,
            _: fn(&mut ()),
        ) -> Self {
            Self { record, prefix }
        }
    }

    pub struct AuthorizerRequest<'r>(pub &'r str);
    pub type Deciding<'r> = Pin<Box<dyn Future<Output = Result<bool, Error>> + 'r>>;
    pub type FunctionCall = for<'r> fn(&'r App, &'r (), &'r str) -> Deciding<'r>;

    pub struct FunctionRegistration {
        record: &'static [u8],
        name: &'static str,
        call: FunctionCall,
    }

    inventory::collect!(FunctionRegistration);

    impl FunctionRegistration {
        pub const fn new(record: &'static [u8], name: &'static str, call: FunctionCall) -> Self {
            Self { record, name, call }
        }
    }

    pub fn authorize<'r>(
        _: &'r App,
        _: &'r (),
        event: &'r str,
        call: for<'a> fn(&'a AuthorizerRequest<'a>) -> Deciding<'a>,
    ) -> Deciding<'r> {
        Box::pin(async move { call(&AuthorizerRequest(event)).await })
    }

    pub fn decide(verdict: bool, _: &AuthorizerRequest<'_>) -> Result<bool, Error> {
        Ok(verdict)
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
            print(key, record);
        }
        for FunctionRegistration { record, name, call } in inventory::iter::<FunctionRegistration> {
            drop(call(&App, &(), "7"));
            print(name, record);
        }
        for BlueprintRegistration { record, prefix } in inventory::iter::<BlueprintRegistration> {
            print(prefix, record);
        }
        for Declaration(record) in inventory::iter::<Declaration> {
            print("", record);
        }
        ExitCode::SUCCESS
    }

    fn print(constant: &str, record: &[u8]) {
        println!("{constant} {}", String::from_utf8_lossy(&record[framed_len("")..]));
    }
}
