//! A bootstrap against the clock: cold starts, warm invocations, processor time, memory.
//!
//! Not here: instructions (`callgrind.rs`), and where the kernel keeps its books (`process.rs`).

use std::{
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use super::{event::Question, host::Host, process::Process};
use crate::failure::{Context, Outcome};

/// What one cold process costs, from its start to its first answer.
pub(crate) struct Cold {
    pub(crate) to_first_next: Duration,
    pub(crate) cpu_to_first_next: Duration,
    pub(crate) peak_memory_kb: u64,
}

/// What one invocation of a warm process costs.
pub(crate) struct Warm {
    pub(crate) round_trip: Duration,
    pub(crate) cpu: Duration,
}

/// The median of several cold starts.
pub(crate) fn cold(binary: &Path, question: &Question) -> Outcome<Cold> {
    const STARTS: usize = 21;
    let mut starts = Vec::with_capacity(STARTS);
    for _ in 0..STARTS {
        let host = Host::open().context("cannot open a port")?;
        let start = Instant::now();
        let process = Process::start(&mut Command::new(binary), &host)?;
        host.ready()?;
        let to_first_next = start.elapsed();
        let cpu_to_first_next = process.cpu()?;
        question.check(&host.invoke(&question.event)?.payload)?;
        starts.push(Cold { to_first_next, cpu_to_first_next, peak_memory_kb: process.peak_memory_kb()? });
    }
    Ok(Cold {
        to_first_next: median(starts.iter().map(|start| start.to_first_next)),
        cpu_to_first_next: median(starts.iter().map(|start| start.cpu_to_first_next)),
        peak_memory_kb: median(starts.iter().map(|start| start.peak_memory_kb)),
    })
}

/// The median round trip and the mean processor time of many invocations, after some that do not count.
pub(crate) fn warm(binary: &Path, question: &Question) -> Outcome<Warm> {
    const UNCOUNTED: u32 = 300;
    const COUNTED: u32 = 3_000;
    let host = Host::open().context("cannot open a port")?;
    let process = Process::start(&mut Command::new(binary), &host)?;
    host.ready()?;
    for _ in 0..UNCOUNTED {
        question.check(&host.invoke(&question.event)?.payload)?;
    }
    let before = process.cpu()?;
    let mut trips = Vec::with_capacity(COUNTED as usize);
    for _ in 0..COUNTED {
        let answer = host.invoke(&question.event)?;
        question.check(&answer.payload)?;
        trips.push(answer.round_trip);
    }
    let cpu = (process.cpu()? - before) / COUNTED;
    Ok(Warm { round_trip: median(trips.into_iter()), cpu })
}

fn median<T: Ord + Copy>(values: impl Iterator<Item = T>) -> T {
    let mut values: Vec<T> = values.collect();
    values.sort_unstable();
    values[values.len() / 2]
}
