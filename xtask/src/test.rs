//! `cargo xtask test`: everything that a change must pass, in the order in which it is cheapest to fail.
//!
//! Here: the steps and what is said about them. Not here: the tests; they live with the crates. CI runs exactly this.

use std::{
    fmt,
    process::Command,
    time::{Duration, Instant},
};

use clap::{Args, ValueEnum};

use crate::{arm64, failure::Outcome, rustdoc, shell};

/// `cargo xtask test`
#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    /// Only these steps [default: all]
    #[arg(value_enum)]
    steps: Vec<Step>,
}

/// One step each, in the order in which they run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Step {
    /// The compiler's targets for Lambda are installed
    Targets,
    /// All code is formatted
    Format,
    /// Clippy finds nothing
    Lint,
    /// Everything compiles, the tests too
    Build,
    /// The documentation builds without a warning, and each public item has an example
    Document,
    /// The local AWS is installed and starts
    Sandbox,
    /// Unit, integration, end-to-end, documentation and tidiness tests pass
    Test,
    /// A package for arm64 answers a request, under emulation
    Arm64,
}

/// How a step ended that did not fail.
pub(crate) enum Ending {
    Passed,
    /// It cannot run on this machine, for this reason.
    Skipped(String),
}

/// Runs the steps and stops at the first that fails.
pub(crate) fn run(args: &TestArgs) -> Outcome {
    let steps = if args.steps.is_empty() { Step::value_variants() } else { &args.steps };
    let start = Instant::now();
    let mut done = Vec::new();
    for (number, &step) in steps.iter().enumerate() {
        println!("\n== {}/{} {step}: {}", number + 1, steps.len(), step.promise());
        let start = Instant::now();
        let ending = step.run().map_err(|failure| failure.next(format!("cargo xtask test {step}")))?;
        done.push((step, ending, start.elapsed()));
    }
    println!("\n== Summary");
    for (step, ending, took) in &done {
        let ending = match ending {
            Ending::Passed => "passed".to_owned(),
            Ending::Skipped(reason) => format!("skipped: {reason}"),
        };
        println!("{step:<10} {:>7}  {ending}", minutes(*took));
    }
    println!("{:<10} {:>7}", "all", minutes(start.elapsed()));
    Ok(())
}

impl Step {
    fn run(self) -> Outcome<Ending> {
        match self {
            Self::Targets => targets()?,
            Self::Format => {
                shell::narrate(shell::cargo().args(["fmt", "--all", "--check"]))?;
                for folder in ["peers", "chalice"] {
                    let manifest = format!("xtask/bench-apps/{folder}/Cargo.toml");
                    shell::narrate(shell::cargo().args([
                        "fmt",
                        "--all",
                        "--check",
                        "--manifest-path",
                        &manifest,
                    ]))?;
                }
            }
            Self::Lint => shell::narrate(shell::cargo().args([
                "clippy",
                "--workspace",
                "--all-targets",
                "--all-features",
                "--locked",
                "--",
                "--deny",
                "warnings",
            ]))?,
            Self::Build => {
                shell::narrate(shell::cargo().args(["test", "--workspace", "--locked", "--no-run"]))?;
            }
            Self::Document => {
                let mut doc = shell::cargo();
                doc.env("RUSTDOCFLAGS", "--deny warnings");
                doc.args(["doc", "--workspace", "--all-features", "--no-deps", "--locked"]);
                rustdoc::check(&mut doc)?;
                shell::narrate(&mut doc)?;
            }
            Self::Sandbox => {
                // An instance of its own, so that one in which somebody works stays as it is.
                shell::build_tool()?;
                for verb in ["start", "stop"] {
                    let mut chalice = shell::chalice(&shell::root());
                    shell::narrate(chalice.env("CHALICE_SANDBOX", "xtask-test").args(["sandbox", verb]))?;
                }
            }
            Self::Test => {
                shell::narrate(shell::cargo().args(["test", "--workspace", "--locked", "--no-fail-fast"]))?;
            }
            Self::Arm64 => return arm64::run(),
        }
        Ok(Ending::Passed)
    }

    /// What holds once the step has passed; the same text that `--help` shows.
    fn promise(self) -> String {
        let value = self.to_possible_value();
        value.and_then(|value| value.get_help().map(ToString::to_string)).unwrap_or_default()
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.to_possible_value();
        f.pad(value.as_ref().map_or("", |value| value.get_name()))
    }
}

/// Installs what a fresh toolchain lacks; needs the network only then.
fn targets() -> Outcome {
    const TARGETS: [&str; 2] = ["aarch64-unknown-linux-musl", "x86_64-unknown-linux-musl"];
    let installed = shell::output(Command::new("rustup").args(["target", "list", "--installed"]))?;
    for target in TARGETS {
        if !installed.lines().any(|line| line == target) {
            shell::narrate(Command::new("rustup").args(["target", "add", target]))?;
        }
    }
    Ok(())
}

fn minutes(duration: Duration) -> String {
    let seconds = duration.as_secs();
    format!("{}:{:02} min", seconds / 60, seconds % 60)
}
