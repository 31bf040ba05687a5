//! A running bootstrap, started as Lambda starts it, and what the kernel notes about it.
//!
//! The kernel's own books are read, to the nanosecond, while the process waits for its next event; so nothing of
//! the measuring is in the figures. Linux only, as the functions are.

use std::{
    fs,
    process::{Child, Command, Stdio},
    time::Duration,
};

use super::host::Host;
use crate::{
    failure::{Context, Failure, Outcome},
    shell,
};

/// A bootstrap that runs; it ends when this is dropped.
pub(crate) struct Process(Child);

impl Process {
    /// Starts a bootstrap as Lambda does: with Lambda's environment, and nothing else of ours.
    pub(crate) fn start(command: &mut Command, host: &Host) -> Outcome<Self> {
        command.env_clear().envs([
            ("AWS_LAMBDA_RUNTIME_API", host.address().as_str()),
            ("AWS_LAMBDA_FUNCTION_NAME", "bench"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "1"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
            ("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/bench"),
            ("AWS_LAMBDA_LOG_STREAM_NAME", "2026/03/12/[1]abcdef"),
            ("AWS_LAMBDA_LOG_FORMAT", "JSON"),
            ("AWS_REGION", "eu-west-1"),
            ("LAMBDA_TASK_ROOT", "/var/task"),
            ("_HANDLER", "bootstrap"),
            ("PATH", "/usr/local/bin:/usr/bin:/bin"),
            ("TZ", ":UTC"),
        ]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::inherit());
        let program = command.get_program().to_string_lossy().into_owned();
        command.spawn().map(Self).context(format!("cannot run `{program}`"))
    }

    /// The processor time of all its threads so far.
    pub(crate) fn cpu(&self) -> Outcome<Duration> {
        let mut nanoseconds = 0;
        let tasks = format!("/proc/{}/task", self.0.id());
        for task in fs::read_dir(&tasks).context("the bootstrap is gone")? {
            let file = task.context("the bootstrap is gone")?.path().join("schedstat");
            let text = fs::read_to_string(&file).context("the kernel keeps no run times")?;
            let running = text.split(' ').next().and_then(|number| number.parse::<u64>().ok());
            nanoseconds += running.ok_or_else(|| Failure::new("the kernel's run times cannot be read"))?;
        }
        Ok(Duration::from_nanos(nanoseconds))
    }

    /// The most memory it has had at once so far.
    pub(crate) fn peak_memory_kb(&self) -> Outcome<u64> {
        let text =
            fs::read_to_string(format!("/proc/{}/status", self.0.id())).context("the bootstrap is gone")?;
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok())
            .ok_or_else(|| Failure::new("the kernel does not say how much memory was used"))
    }

    /// Asks the process to end, and waits until it has; its tools may write their results meanwhile.
    pub(crate) fn end(mut self) -> Outcome {
        let id = self.0.id().to_string();
        shell::run(Command::new("kill").args(["-TERM", &id]))?;
        self.0.wait().context("the bootstrap cannot be waited for")?;
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to stop.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
