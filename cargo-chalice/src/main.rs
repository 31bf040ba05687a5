//! `cargo chalice`: deploys Rust functions as a live HTTP API on AWS.
//!
//! Here: parse, run, print, exit code. Where everything else lives: `ARCHITECTURE.md`.

#![expect(unreachable_pub, reason = "in a program, `pub` says that other files use it")]

mod cli;
mod command;
mod failure;
mod report;

mod config;
mod machine;
mod project;
mod settings;
mod suggest;
mod template;

mod compile;

mod artifact;

mod scope;

mod sandbox;

mod logs;

mod local;

mod aws;
mod consent;
mod desired;
mod execute;
mod observe;
mod plan;
mod resource;

use std::process::ExitCode;

use failure::Exit;

fn main() -> ExitCode {
    let cli = match cli::parse(std::env::args_os()) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version come this way too; clap knows which of the two outputs each belongs to.
            let exit = if error.use_stderr() { Exit::Usage } else { Exit::Success };
            return match error.print() {
                Ok(()) => exit.into(),
                Err(_) => Exit::Failed.into(),
            };
        }
    };
    let mut report = report::Report::new(&cli.output);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            report.failure(&failure::Failure::from(failure::NoRuntime(error)));
            return Exit::Failed.into();
        }
    };
    match runtime.block_on(command::run(&cli, &mut report)) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            report.failure(&failure);
            failure.exit().into()
        }
    }
}
