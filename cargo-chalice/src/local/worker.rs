//! One process of the app, started as Lambda starts it.
//!
//! Not here: what it is asked over; see `runtime_api.rs`.

use std::fmt;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use bytes::Bytes;
use camino::Utf8PathBuf;
use tokio::process::{Child, Command};

use super::runtime_api::{Call, RuntimeApi, Signal};

/// What is started.
#[derive(Debug, Clone)]
pub struct Function {
    /// The executable.
    pub executable: Utf8PathBuf,
    /// Where it runs.
    pub folder: Utf8PathBuf,
    /// What it gets beside this process's own environment and the Runtime API's address.
    pub environment: Vec<(String, String)>,
    /// Its ARN.
    pub arn: String,
    /// How long it may take for one event.
    pub timeout: Duration,
}

/// How long a process may take until it asks for its first event.
/// <https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html>
const START: Duration = Duration::from_secs(10);

/// A running process. It is killed when this is dropped.
#[derive(Debug)]
pub struct Worker {
    child: Child,
    api: RuntimeApi,
}

impl Worker {
    /// Starts a process.
    pub async fn start(function: &Function) -> Result<Self, Fault> {
        let api = RuntimeApi::start().await.map_err(Fault::NoProcess)?;
        let mut command = Command::new(&function.executable);
        command
            .current_dir(&function.folder)
            .env("AWS_LAMBDA_RUNTIME_API", api.address().to_string())
            .envs(function.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            // Our stdout has data only; on Lambda both are the log.
            .stdout(Stdio::from(std::io::stderr()))
            .kill_on_drop(true);
        // Ctrl-C is ours to answer: a process that got it too would cut off a request without words.
        #[cfg(unix)]
        command.process_group(0);
        let child = command.spawn().map_err(Fault::NoProcess)?;
        Ok(Self { child, api })
    }

    /// Whether the process can be asked.
    pub fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Has the process work on one event.
    pub async fn call(&mut self, call: Call) -> Result<Bytes, Fault> {
        let timeout = call.timeout;
        self.api.offer(call).await;
        match self.next(START, Fault::SlowStart).await? {
            Signal::Taken => {}
            Signal::CannotStart(report) => return Err(Fault::CannotStart(report)),
            _ => return Err(Fault::OutOfTurn),
        }
        match self.next(timeout, Fault::TimedOut(timeout)).await? {
            Signal::Answered(payload) => Ok(payload),
            Signal::AnsweredTooMuch => Err(Fault::AnsweredTooMuch),
            Signal::Failed(report) => Err(Fault::Failed(report)),
            Signal::Taken | Signal::CannotStart(_) => Err(Fault::OutOfTurn),
        }
    }

    async fn next(&mut self, patience: Duration, fault: Fault) -> Result<Signal, Fault> {
        tokio::select! {
            // A process may end right after it answered: the answer counts.
            biased;
            signal = self.api.signal() => Ok(signal),
            status = self.child.wait() => Err(match status {
                Ok(status) => Fault::Ended(status),
                Err(error) => Fault::NoProcess(error),
            }),
            () = tokio::time::sleep(patience) => Err(fault),
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // What the process has started itself goes with it.
        #[cfg(unix)]
        if let Some(id) = self.child.id().and_then(|id| i32::try_from(id).ok())
            && let Some(id) = rustix::process::Pid::from_raw(id)
        {
            let _ = rustix::process::kill_process_group(id, rustix::process::Signal::KILL);
        }
    }
}

/// Why a function did not answer.
#[derive(Debug)]
pub enum Fault {
    /// The process could not be started.
    NoProcess(std::io::Error),
    /// It did not ask for an event in time.
    SlowStart,
    /// It said that it cannot start.
    CannotStart(Bytes),
    /// It ended.
    Ended(ExitStatus),
    /// It took longer than its timeout.
    TimedOut(Duration),
    /// It reported an error for this event.
    Failed(Bytes),
    /// It answered more than Lambda takes.
    AnsweredTooMuch,
    /// It did something that Lambda's protocol does not have at this point.
    OutOfTurn,
}

impl Fault {
    /// Whether the process goes on after it, as on Lambda.
    pub fn leaves_the_process(&self) -> bool {
        matches!(self, Self::Failed(_) | Self::AnsweredTooMuch)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoProcess(error) => write!(f, "the function cannot be started: {error}"),
            Self::SlowStart => {
                write!(f, "the function did not ask for its first event within {} s", START.as_secs())
            }
            Self::CannotStart(report) => {
                write!(f, "the function cannot start: {}", String::from_utf8_lossy(report))
            }
            Self::Ended(status) => write!(f, "the function's process ended: {status}"),
            Self::TimedOut(timeout) => {
                write!(f, "the function timed out after {} s and was ended", timeout.as_secs())
            }
            Self::Failed(report) => write!(f, "the function failed: {}", String::from_utf8_lossy(report)),
            Self::AnsweredTooMuch => write!(f, "the function answered more than the 6 MB that Lambda takes"),
            Self::OutOfTurn => write!(f, "the function does not follow Lambda's protocol and was ended"),
        }
    }
}
