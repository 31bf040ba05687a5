//! The processes of one function of a build: started when there is work, each with one event at a time.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use tempfile::TempDir;
use tokio::sync::Semaphore;

use super::runtime_api::Call;
use super::worker::{Fault, Function, Worker};

/// The processes of one function. They are killed when this is dropped.
#[derive(Debug)]
pub struct Pool {
    function: Function,
    /// Where the executable lies, for as long as it may be started.
    _folder: Arc<TempDir>,
    /// As many permits as there may be processes.
    permits: Semaphore,
    idle: Mutex<Vec<Worker>>,
}

impl Pool {
    /// No process is started yet; at most `concurrency` will run at the same time.
    pub fn new(function: Function, folder: Arc<TempDir>, concurrency: usize) -> Self {
        Self { function, _folder: folder, permits: Semaphore::new(concurrency), idle: Mutex::default() }
    }

    /// Has some process work on an event. Goes on to its end also when nobody waits any more, as the
    /// function does on Lambda.
    pub async fn call(
        self: Arc<Self>,
        request_id: String,
        trace_id: String,
        event: Vec<u8>,
    ) -> Result<Bytes, Fault> {
        let call = Call {
            request_id,
            trace_id,
            event: event.into(),
            function_arn: self.function.arn.clone(),
            timeout: self.function.timeout,
        };
        let task = tokio::spawn(async move { self.call_here(call).await });
        // It cannot be cancelled, and a panic would be a bug of ours: the runtime reports it.
        task.await.unwrap_or(Err(Fault::OutOfTurn))
    }

    async fn call_here(&self, call: Call) -> Result<Bytes, Fault> {
        // The semaphore is never closed.
        let _permit = self.permits.acquire().await;
        let mut worker = match self.take_idle() {
            Some(worker) => worker,
            None => Worker::start(&self.function).await?,
        };
        let outcome = worker.call(call).await;
        if outcome.as_ref().err().is_none_or(Fault::leaves_the_process) {
            self.idle().push(worker);
        }
        outcome
    }

    fn take_idle(&self) -> Option<Worker> {
        let mut idle = self.idle();
        // One that ended meanwhile is dropped here.
        std::iter::from_fn(|| idle.pop()).find_map(|mut worker| worker.is_alive().then_some(worker))
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Worker>> {
        // A list of workers is whole at every moment.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
