//! What the expansions of the attributes name. Not for users: it changes without notice.

pub use chalice_rs_manifest::section::{frame, framed_len};
pub use inventory::submit;

pub use crate::authorizer::ask::{AuthorizerCall, Deciding, authorize, decide, extract_for_authorizer};
pub use crate::authorizer::{AuthorizerRequest, FromAuthorizerRequest, IntoVerdict};
pub use crate::blueprint::BlueprintRegistration;
pub use crate::cors::CorsHook;
pub use crate::declaration::Declaration;
pub use crate::fallback::{ErrorHandler, NotFound};
pub use crate::function::{FunctionCall, FunctionRegistration, Returned};
pub use crate::guard::{GuardRegistration, Scope};
pub use crate::handler::{
    Answer, FromParameter, FromRequest, Outcome, extract, later, parameter, ready, refuse, respond,
    text_parameter,
};
pub use crate::http_error::{Headers, KnownError, status, undeclared};
pub use crate::middleware::chain::Chain;
pub use crate::router::{Registration, RouteKey};
pub use crate::serve::run;
pub use crate::test::main::{MainRegistration, starting};
pub use crate::{__describe as describe, __describe_app as describe_app, __describe_error as describe_error};
pub use crate::{Error, HttpError, IntoResponse, Request, StatusCode};

#[cfg(feature = "tower")]
pub use crate::App;
#[cfg(feature = "tower")]
pub use crate::tower::mount::{
    MountRegistration, Mountable, Mounted, Served, StartCall, Starting, from_app, mountable,
};

#[cfg(feature = "openapi")]
pub use crate::openapi::{
    docs::{DocsJson, DocsPage},
    probe::{
        AnswerProbe, ArgumentProbe, ErrorProbe, ExtractorProbe, First, NoCases, ParameterProbe, Second, Third,
    },
    registration::Description,
};

/// The answer of a function whose type only the compiler knows.
#[derive(Debug)]
pub enum Opaque {}

/// Takes down what a route's types say.
#[cfg(feature = "openapi")]
#[doc(hidden)]
#[macro_export]
macro_rules! __describe {
    ($record:expr; [$($name:literal: $parameter:ty),*] [$($argument:ty),*] $answer:ty) => {
        $crate::__private::submit! {
            $crate::__private::Description::new($record, |operation| {
                use $crate::__private::{First as _, Second as _, Third as _};
                $((&&&$crate::__private::ParameterProbe::<$parameter>::of($name)).describe(operation);)*
                $(
                    (&&&$crate::__private::ArgumentProbe::<$argument>::of()).describe(operation);
                    (&&&$crate::__private::ExtractorProbe::<$argument>::of()).describe(operation);
                )*
                (&&&$crate::__private::AnswerProbe::<$answer>::of()).describe(operation);
            })
        }
    };
}

/// Nobody asks what a route's types say.
#[cfg(not(feature = "openapi"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __describe {
    ($($described:tt)*) => {};
}

/// Lets the program know its own name.
#[cfg(feature = "openapi")]
#[doc(hidden)]
#[macro_export]
macro_rules! __describe_app {
    ($record:expr) => {
        $crate::__private::submit! { $crate::__private::Declaration::new($record) }
    };
}

/// Nobody asks the program for its name.
#[cfg(not(feature = "openapi"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __describe_app {
    ($record:expr) => {};
}

/// Takes down which statuses the errors of a type have.
#[cfg(feature = "openapi")]
#[doc(hidden)]
#[macro_export]
macro_rules! __describe_error {
    (@case $cases:ident [of $error:ty]) => {
        {
            use $crate::__private::NoCases as _;
            $cases.extend($crate::__private::ErrorProbe::<$error>::cases());
        }
    };
    (@case $cases:ident [$status:literal]) => {
        $cases.push(($status, ::core::option::Option::None))
    };
    (@case $cases:ident [$status:literal $code:literal]) => {
        $cases.push(($status, ::core::option::Option::Some($code)))
    };
    ($($case:tt)*) => {
        fn cases() -> ::std::vec::Vec<(::core::primitive::u16, ::core::option::Option<&'static ::core::primitive::str>)> {
            let mut cases = ::std::vec::Vec::new();
            $($crate::__describe_error!(@case cases $case);)*
            cases
        }
    };
}

/// Nobody asks which statuses the errors of a type have.
#[cfg(not(feature = "openapi"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __describe_error {
    ($($case:tt)*) => {};
}
