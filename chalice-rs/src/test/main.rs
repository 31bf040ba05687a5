//! The program's own `main`, for its tests.
//!
//! `#[chalice_rs::main]` submits it where tests are compiled, and nowhere else.

use std::pin::Pin;

use super::runtime::Runtime;
use crate::{App, IntoApp};

/// What an expansion submits where tests are compiled.
#[derive(Debug)]
pub struct MainRegistration(fn() -> Starting);

/// A `main` at work.
pub(crate) type Starting = Pin<Box<dyn Future<Output = Result<App, String>>>>;

inventory::collect!(MainRegistration);

impl MainRegistration {
    /// The registration of a `main`.
    pub const fn new(start: fn() -> Starting) -> Self {
        Self(start)
    }
}

/// Starts a `main`.
pub fn starting<F>(main: F) -> Starting
where
    F: Future<Output: IntoApp> + 'static,
{
    Box::pin(async { main.await.into_app() })
}

/// The app of the program whose tests run here.
#[track_caller]
pub(super) fn app(runtime: &Runtime) -> App {
    let mut mains = inventory::iter::<MainRegistration>.into_iter();
    let Some(MainRegistration(start)) = mains.next() else {
        panic!(
            "there is no `#[chalice_rs::main]` in what this test was compiled with: a library has none, and what \
             stands in `tests/` does not see that of `src/main.rs`\n  \
             help: move the test to a module of `src/main.rs`, or write `Client::new(App::new())`"
        )
    };
    assert!(
        mains.next().is_none(),
        "there are several functions under `#[chalice_rs::main]` in what this test was compiled with\n  \
         help: keep one, or write `Client::new(App::new())`"
    );
    match runtime.block_on(start) {
        Ok(app) => app,
        Err(problem) => panic!(
            "`main` made no app: {problem}\n  \
             help: a test that has not what `main` needs makes an app of its own: `Client::new(App::new())`"
        ),
    }
}
