//! The process: from `main` to the last invocation. The only place that knows the Runtime API.
//!
//! Here: start-up and the slots, each of which takes one invocation after another.
//! Not here: what an invocation is answered with; see `invoke`.

mod connection;
mod endpoint;
mod function;
mod head;
mod runtime_api;

use std::env;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::process::ExitCode;
use std::thread;

use chalice_rs_wire::http_v2::encode_response;
use tokio::runtime::Runtime;

use crate::error::Causes;
use crate::function::{FunctionRegistration, Role};
use crate::into_app::IntoApp;
use crate::invoke::{invoke, too_large};
use crate::log::{self, Level};
use crate::{App, IntoResponse};
pub(crate) use endpoint::Endpoint;
pub(crate) use function::serve as function;
use runtime_api::{Invocation, RuntimeApi, ServeError, Taken};

/// Runs the app that `main` makes until Lambda ends the process.
pub fn run<M, F>(main: M) -> ExitCode
where
    M: FnOnce() -> F,
    F: Future<Output: IntoApp>,
{
    let Ok(address) = env::var("AWS_LAMBDA_RUNTIME_API") else {
        #[cfg(feature = "openapi")]
        if crate::openapi::print::is_asked() {
            return crate::openapi::print::print();
        }
        return outside_lambda();
    };
    log::configure();
    log::log_panics();
    match start(main, &address) {
        // Lambda ends a process; it does not ask it to return.
        Err(error) => {
            log::write(Level::Error, format_args!("{error}"), &[]);
            ExitCode::FAILURE
        }
        Ok(()) => ExitCode::SUCCESS,
    }
}

fn start<M, F>(main: M, address: &str) -> Result<(), ServeError>
where
    M: FnOnce() -> F,
    F: Future<Output: IntoApp>,
{
    let endpoint = Endpoint::parse(address)?;
    let runtime = runtime()?;
    let role = match Role::parse(env::var("_HANDLER").ok().as_deref()) {
        Ok(role) => role,
        Err(problem) => return no_app(&endpoint, &runtime, "Runtime.HandlerNotFound", problem),
    };
    let made = catch_unwind(AssertUnwindSafe(|| runtime.block_on(async { main().await.into_app() })));
    let (kind, problem) = match made {
        Ok(Ok(mut app)) => match app.problem() {
            None => {
                app.causes = causes();
                #[cfg(feature = "tower")]
                if matches!(role, Role::Routes)
                    && let Err(problem) = runtime.block_on(crate::tower::start(&app))
                {
                    return no_app(&endpoint, &runtime, "Runtime.StartFailed", problem);
                }
                return match role {
                    Role::Routes => in_slots(&runtime, || take_invocations(&app, &endpoint)),
                    Role::Function(function) => (function.serve())(function, &app, &endpoint, &runtime),
                };
            }
            Some(problem) => ("Runtime.InvalidApp", problem),
        },
        Ok(Err(problem)) => ("Runtime.StartFailed", problem),
        Err(_) => ("Runtime.StartPanicked", "`main` panicked; the log says where".to_owned()),
    };
    no_app(&endpoint, &runtime, kind, problem)
}

/// Tells Lambda, and whoever called, why there is nothing to serve.
#[cold]
fn no_app(endpoint: &Endpoint, runtime: &Runtime, kind: &str, problem: String) -> Result<(), ServeError> {
    runtime.block_on(RuntimeApi::new(endpoint).report_start_failure(kind, &problem))?;
    Err(ServeError::NoApp(problem))
}

/// What serves a function in a process of its own. It is reached by a pointer, so that a program without
/// such functions has none of it.
pub(crate) type Serve =
    fn(&'static FunctionRegistration, &App, &Endpoint, &Runtime) -> Result<(), ServeError>;

/// Serves as many invocations at a time as Lambda wants. A slot is a thread with a connection of its
/// own, so that a handler that blocks keeps nobody else waiting.
fn in_slots<F>(runtime: &Runtime, take: impl Fn() -> F + Sync) -> Result<(), ServeError>
where
    F: Future<Output = Result<(), ServeError>>,
{
    thread::scope(|scope| {
        for _ in 1..slots() {
            scope.spawn(|| {
                let served =
                    self::runtime().map_err(ServeError::from).and_then(|runtime| runtime.block_on(take()));
                if let Err(error) = served {
                    log::write(Level::Error, format_args!("{error}"), &[]);
                }
            });
        }
        runtime.block_on(take())
    })
}

/// How many invocations at a time: more than one on Lambda Managed Instances only.
/// <https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances.html>
fn slots() -> usize {
    env::var("AWS_LAMBDA_MAX_CONCURRENCY").ok().and_then(|slots| slots.parse().ok()).unwrap_or(1)
}

/// The tool sets this where the stage's `Chalice.toml` has `debug = true`.
fn causes() -> Causes {
    if env::var("CHALICE_DEBUG").is_ok_and(|value| value == "1") { Causes::Shown } else { Causes::Hidden }
}

fn runtime() -> io::Result<Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}

async fn take_invocations(app: &App, endpoint: &Endpoint) -> Result<(), ServeError> {
    let mut api = RuntimeApi::new(endpoint);
    loop {
        let Invocation { context, event } = api.next().await?;
        let payload = log::in_request(&context.request_id, pin!(invoke(app, context, event))).await;
        let taken = api.respond(&payload).await?;
        if taken == Taken::Yes {
            continue;
        }
        let instead = log::in_request(api.request_id(), pin!(async { after(&taken, payload.len()) })).await;
        if let Some(payload) = instead {
            api.respond(&payload).await?;
        }
    }
}

/// What becomes of an answer that Lambda did not take: a word in the log, and another answer if that
/// can help.
fn after(taken: &Taken, size: usize) -> Option<Vec<u8>> {
    if *taken == Taken::TooLarge {
        return Some(encode_response(&too_large(size).into_response()));
    }
    log::write(Level::Warn, format_args!("{taken}"), &[]);
    None
}

fn outside_lambda() -> ExitCode {
    let program = env::args_os().next().unwrap_or_default();
    let program = std::path::Path::new(&program).file_name().unwrap_or_default().to_string_lossy();
    // Plain text for a person at a terminal, not a log record.
    let _ = io::Write::write_all(
        &mut io::stderr(),
        format!(
            "`{program}` is a chalice-rs app: it answers HTTP requests on AWS Lambda and cannot run by itself.\n\
             To serve it on this machine, run `cargo chalice local`; to deploy it, `cargo chalice deploy`.\n"
        )
        .as_bytes(),
    );
    ExitCode::from(2)
}
