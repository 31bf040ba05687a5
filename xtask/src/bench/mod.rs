//! `cargo xtask bench`: what an app of ours costs beside what the usual choices cost, in one run.
//!
//! Here: the order of the measurements. Each file below is one question: [`host`] plays the Runtime API,
//! [`event`] is what every app is asked, [`app`] says which apps there are and builds them, [`measure`] runs them
//! against the clock, [`callgrind`] counts their instructions, [`table`] holds the targets and prints.

pub(crate) mod recipe;

mod app;
mod callgrind;
mod event;
mod host;
mod measure;
mod table;
