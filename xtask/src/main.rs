//! The recipes of this workspace. `cargo xtask --help` lists them.
//!
//! Here: the command line. Each recipe is a file of its own; none is part of the product.

mod demo;
mod rustdoc;
mod test;

mod arm64;
mod audit;

mod bench;

mod failure;
mod shell;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// What contributors and CI run, with nothing installed but cargo and python3.
#[derive(Debug, Parser)]
#[command(name = "xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    recipe: Recipe,
}

#[derive(Debug, Subcommand)]
enum Recipe {
    /// Tell the whole road in the terminal: new, deploy, call, logs, change, delete
    Demo,
    /// Run everything that a change must pass; CI runs exactly this
    Test(test::TestArgs),
    /// Check the licences, sources and known vulnerabilities of what we depend on
    Audit,
    /// Measure an app of ours beside what the usual choices cost
    Bench(bench::recipe::BenchArgs),
}

fn main() -> ExitCode {
    if rustdoc::is_meant() {
        return rustdoc::run();
    }
    let outcome = match Cli::parse().recipe {
        Recipe::Demo => demo::run(),
        Recipe::Test(args) => test::run(&args),
        Recipe::Audit => audit::run(),
        Recipe::Bench(args) => bench::recipe::run(&args),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}
