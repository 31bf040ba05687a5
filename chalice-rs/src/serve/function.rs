//! A process that is one function: each of its events is answered, or fails.
//!
//! Not here: the process of the routes, which never fails an invocation; see `super`.

use std::pin::pin;

use tokio::runtime::Runtime;

use super::runtime_api::{Invocation, RuntimeApi, ServeError, Taken};
use super::{Endpoint, in_slots};
use crate::function::FunctionRegistration;
use crate::log::{self, Level};
use crate::settle::log_failure;
use crate::{App, Context, Error};

/// Serves a function until Lambda ends the process.
pub(crate) fn serve(
    function: &'static FunctionRegistration,
    app: &App,
    endpoint: &Endpoint,
    runtime: &Runtime,
) -> Result<(), ServeError> {
    in_slots(runtime, || take_events(function, app, endpoint))
}

async fn take_events(
    function: &FunctionRegistration,
    app: &App,
    endpoint: &Endpoint,
) -> Result<(), ServeError> {
    let mut api = RuntimeApi::new(endpoint);
    loop {
        let Invocation { context, event } = api.next().await?;
        let work = returned(function, app, context, event);
        let returned = log::in_request(&context.request_id, pin!(work)).await;
        let taken = match returned {
            Ok(payload) => api.respond(&payload).await?,
            Err(error) => api.fail(error.code(), error.message()).await?,
        };
        if taken != Taken::Yes {
            let say = async { log::write(Level::Warn, format_args!("{taken}"), &[]) };
            log::in_request(api.request_id(), pin!(say)).await;
        }
    }
}

async fn returned(
    function: &FunctionRegistration,
    app: &App,
    context: &Context,
    event: &[u8],
) -> Result<Vec<u8>, Error> {
    function.invoke(app, context, event).await.inspect_err(log_failure)
}
