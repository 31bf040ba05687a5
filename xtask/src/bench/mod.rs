//! `cargo xtask bench`: what an app of ours costs beside what the usual choices cost, in one run.
//!
//! Each file below is one question: [`recipe`] is the order of the measurements, [`host`] plays the Runtime API,
//! [`event`] is what every app is asked, [`app`] says which apps there are and builds them, [`process`] runs one,
//! [`measure`] holds it against the clock, [`callgrind`] counts its instructions, [`table`] has the targets.

pub(crate) mod recipe;

mod app;
pub(crate) mod event;
pub(crate) mod host;
pub(crate) mod process;

mod callgrind;
mod measure;
mod table;
