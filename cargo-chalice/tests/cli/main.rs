//! The tool as a user meets it: the real program, one file per conversation.
//!
//! Here: everything that needs no AWS. `support.rs` makes the projects and runs the program.

#![expect(unreachable_pub, reason = "in a test, `pub` says that other files use it")]

mod build;
mod completions;
mod config;
mod doctor;
mod errors;
mod new;
mod openapi;
mod output;
mod project;
mod support;
