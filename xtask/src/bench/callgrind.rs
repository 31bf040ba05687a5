//! Instructions instead of time: they repeat to within a percent or two on any machine.
//!
//! Needs valgrind. What is counted is what the process itself executes; the kernel's part is not.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

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

/// What each function costs, the costliest first. Needs a binary with its symbols.
pub(crate) type Costs = Vec<(i64, String)>;

/// Where the instructions of a whole process with one request go.
pub(crate) fn annotate_cold(binary: &Path, question: &Question) -> Outcome<Costs> {
    Ok(sorted(costs(binary, question, 1)?))
}

/// Where the instructions of one more request go.
pub(crate) fn annotate_warm(binary: &Path, question: &Question) -> Outcome<Costs> {
    let (few, many) = (200, 700);
    let less = costs(binary, question, few)?;
    let mut costs = costs(binary, question, many)?;
    for (function, cost) in &mut costs {
        *cost = (*cost - less.get(function).unwrap_or(&0)) / (many - few) as i64;
    }
    Ok(sorted(costs))
}

fn costs(binary: &Path, question: &Question, invocations: u64) -> Outcome<HashMap<String, i64>> {
    let result = run(binary, question, invocations)?;
    let mut annotate = Command::new("callgrind_annotate");
    let text = shell::output(annotate.args(["--threshold=100", "--show-percs=no", "--auto=no"]).arg(result))?;
    let mut costs = HashMap::new();
    for line in text.lines() {
        // A line is a number with commas, then `file:function [object]`; inlined code counts for its function.
        let Some((number, place)) = line.trim().split_once(' ') else { continue };
        let Some((_, function)) = place.split_once(':') else { continue };
        if let Ok(count) = number.replace(',', "").parse::<i64>() {
            let name = function.split(" [").next().unwrap_or(function);
            *costs.entry(name.to_owned()).or_default() += count;
        }
    }
    Ok(costs)
}

fn sorted(costs: HashMap<String, i64>) -> Costs {
    let mut costs: Costs = costs.into_iter().map(|(function, cost)| (cost, function)).collect();
    costs.sort_by_key(|(cost, _)| std::cmp::Reverse(*cost));
    costs
}

fn total(binary: &Path, question: &Question, invocations: u64) -> Outcome<u64> {
    let result = run(binary, question, invocations)?;
    let text = fs::read_to_string(&result).context("valgrind wrote no result")?;
    let total = text.lines().find_map(|line| line.strip_prefix("totals: "));
    total
        .and_then(|total| total.trim().parse().ok())
        .ok_or_else(|| Failure::new(format!("`{}` has no total", result.display())))
}

/// One process under callgrind, from its start to its end; gives the file that callgrind wrote.
fn run(binary: &Path, question: &Question, invocations: u64) -> Outcome<PathBuf> {
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
    Ok(result)
}
