//! The functions of a program that have a Lambda function of their own, and which one this process is.
//!
//! One executable is the code of all an app's Lambda functions. Lambda says in `_HANDLER` which of them
//! a process is: `bootstrap` and the names that routes have in `function = ".."` serve routes, any other
//! name is the one function of that name.
//!
//! Not here: how events get here; see `serve.rs`.

use std::pin::Pin;

use crate::router::{Registration, field};
use crate::serve::Serve;
use crate::settle::guarded;
use crate::{App, Context, Error, blueprint, serve};

/// What the expansion of such a function submits at link time.
pub struct FunctionRegistration {
    record: &'static [u8],
    name: &'static str,
    call: FunctionCall,
    serve: Serve,
}

/// Makes the payload of an event.
pub type FunctionCall = for<'r> fn(&'r App, &'r Context, &'r [u8]) -> Returned<'r>;

/// A function at work.
pub type Returned<'r> = Pin<Box<dyn Future<Output = Result<Vec<u8>, Error>> + 'r>>;

inventory::collect!(FunctionRegistration);

impl FunctionRegistration {
    /// The registration of the function that events of `name` go to.
    pub const fn new(record: &'static [u8], name: &'static str, call: FunctionCall) -> Self {
        Self { record, name, call, serve: serve::function }
    }

    /// What the function returns for an event, or why it returns nothing. A panic is an error.
    pub(crate) async fn invoke(&self, app: &App, context: &Context, event: &[u8]) -> Result<Vec<u8>, Error> {
        guarded(|| (self.call)(app, context, event)).await
    }

    /// What serves it in a process of its own.
    pub(crate) fn serve(&self) -> Serve {
        self.serve
    }
}

impl std::fmt::Debug for FunctionRegistration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FunctionRegistration").field("name", &self.name).finish_non_exhaustive()
    }
}

/// The function of this name.
pub(crate) fn find(name: &str) -> Option<&'static FunctionRegistration> {
    inventory::iter::<FunctionRegistration>.into_iter().find(|function| function.name == name)
}

/// The records of all of them.
pub(crate) fn records() -> impl Iterator<Item = &'static [u8]> {
    inventory::iter::<FunctionRegistration>.into_iter().map(|function| function.record)
}

/// What a process is for.
pub(crate) enum Role {
    /// The routes.
    Routes,
    /// One function.
    Function(&'static FunctionRegistration),
}

impl Role {
    /// What Lambda's handler string says, or what it could have said.
    pub(crate) fn parse(handler: Option<&str>) -> Result<Self, String> {
        let handler = handler.unwrap_or(ROUTES);
        if handler == ROUTES {
            return Ok(Self::Routes);
        }
        if let Some(function) = find(handler) {
            return Ok(Self::Function(function));
        }
        if with_routes().any(|name| name == handler) {
            return Ok(Self::Routes);
        }
        let mut known = vec![ROUTES.to_owned()];
        let own = inventory::iter::<FunctionRegistration>.into_iter().map(|found| found.name.to_owned());
        for name in with_routes().chain(own) {
            if let Err(at) = known.binary_search(&name) {
                known.insert(at, name);
            }
        }
        Err(format!(
            "the function's handler is `{handler}`, which the program does not have; it has `{}`",
            known.join("`, `")
        ))
    }
}

/// The handler string of the function that has all routes but those with one of their own.
const ROUTES: &str = "bootstrap";

/// The names of functions that routes run in, each as often as it is named.
fn with_routes() -> impl Iterator<Item = String> {
    let routes = inventory::iter::<Registration>.into_iter().map(|route| route.record);
    routes.chain(blueprint::records()).filter_map(|record| field(record, "lambda"))
}
