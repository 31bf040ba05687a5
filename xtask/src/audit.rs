//! `cargo xtask audit`: may we ship what we depend on?
//!
//! Here: getting cargo-deny and running it. The rules, each with its reason, are in `deny.toml`.

use std::path::PathBuf;

use crate::{failure::Outcome, shell};

/// Pinned, so that the same rules give the same answer tomorrow.
const CARGO_DENY: &str = "0.20.2";

/// Checks crates, licences and sources, and known vulnerabilities where their list can be fetched.
pub(crate) fn run() -> Outcome {
    let deny = install()?;
    let check = |what: &[&str]| {
        let mut command = std::process::Command::new(&deny);
        command.current_dir(shell::root()).args(["--all-features", "--locked", "check"]).args(what);
        shell::narrate(&mut command)
    };
    check(&["bans", "licenses", "sources"])?;
    // The list of vulnerabilities is a git repository; a network without it must not hide the other results.
    if shell::answers("https://github.com/rustsec/advisory-db") {
        check(&["advisories"])
    } else {
        println!(
            "advisories: skipped, the list at github.com/rustsec/advisory-db cannot be reached from here"
        );
        Ok(())
    }
}

/// Compiles it once, into `target/tools`; that takes some minutes.
fn install() -> Outcome<PathBuf> {
    let folder = shell::root().join("target/tools").join(format!("cargo-deny-{CARGO_DENY}"));
    let program = folder.join("bin/cargo-deny");
    if !program.exists() {
        println!("cargo-deny {CARGO_DENY} is compiled once, into `{}`", folder.display());
        let folder = folder.to_string_lossy();
        shell::narrate(shell::cargo().args([
            "install",
            "--locked",
            "cargo-deny",
            "--version",
            CARGO_DENY,
            "--root",
            &folder,
        ]))?;
    }
    Ok(program)
}
