//! Where the app of a client lives: a runtime that is there from its first request to its last.

use std::future::pending;
use std::thread;

use tokio::runtime::{Builder, Handle};
use tokio::task::AbortHandle;

/// A runtime in a thread of its own, which keeps going what `main` and handlers have started, or have open:
/// on Lambda, too, the next request finds it.
#[derive(Debug)]
pub(super) struct Runtime {
    handle: Handle,
    end: AbortHandle,
}

impl Runtime {
    pub(super) fn new() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("the system has files left");
        let handle = runtime.handle().clone();
        let life = runtime.spawn(pending::<()>());
        let end = life.abort_handle();
        thread::spawn(move || drop(runtime.block_on(life)));
        Self { handle, end }
    }

    /// Runs what `start` starts to its end, here.
    pub(super) fn block_on<F: Future<Output: Send>>(&self, start: impl FnOnce() -> F + Send) -> F::Output {
        let run = || self.handle.block_on(start());
        if Handle::try_current().is_err() {
            return run();
        }
        // A runtime refuses to be blocked from inside: the other one needs a thread of its own.
        thread::scope(|scope| match scope.spawn(run).join() {
            Ok(output) => output,
            Err(panic) => std::panic::resume_unwind(panic),
        })
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        self.end.abort();
    }
}
