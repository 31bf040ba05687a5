//! Instructions instead of time: they repeat to within a percent or two on any machine.
//!
//! Needs valgrind. What is counted is what the process itself executes; the kernel's part is not.

use std::{fs, path::Path, process::Command};

use super::{event::Question, host::Host, process::Process};
use crate::{
    failure::{Context, Failure, Outcome},
    shell,
};

/// Instructions of one bootstrap.
pub(crate) struct Instructions {
    /// Of a whole process that answers one request.
    pub(crate) cold: u64,
    /// Of one more request.
    pub(crate) warm: u64,
}

/// Can instructions be counted on this machine?
pub(crate) fn is_available() -> bool {
    shell::is_installed("valgrind")
}

/// Counts twice with different numbers of invocations: the slope is free of what start and end cost.
pub(crate) fn count(binary: &Path, question: &Question) -> Outcome<Instructions> {
    // Large events are slow to count and vary less, so fewer of them do.
    let (few, many) = if question.event.len() > 16_000 { (10, 60) } else { (200, 700) };
    let cold = total(binary, question, 1)?;
    let warm = (total(binary, question, many)? - total(binary, question, few)?) / (many - few);
    Ok(Instructions { cold, warm })
}

fn total(binary: &Path, question: &Question, invocations: u64) -> Outcome<u64> {
    let result = binary.with_extension("callgrind");
    let host = Host::open().context("cannot open a port")?;
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--quiet", "--tool=callgrind"]);
    valgrind.arg(format!("--callgrind-out-file={}", result.display())).arg(binary);
    let process = Process::start(&mut valgrind, &host)?;
    host.ready()?;
    for _ in 0..invocations {
        question.check(&host.invoke(&question.event)?.payload)?;
    }
    process.end()?;
    let text = fs::read_to_string(&result).context("valgrind wrote no result")?;
    let total = text.lines().find_map(|line| line.strip_prefix("totals: "));
    total
        .and_then(|total| total.trim().parse().ok())
        .ok_or_else(|| Failure::new(format!("`{}` has no total", result.display())))
}
