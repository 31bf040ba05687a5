//! The last step of `cargo xtask test`: a package for arm64, built on any machine, answers a request.
//!
//! On x86-64 it runs under qemu's user-mode emulation. Where that is missing it is unpacked from the
//! distribution's package into `target/`; nothing is installed and no rights are needed.

use std::{
    env, fs, io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    bench::{event::Question, host::Host, process::Process},
    failure::{Context, Failure, Outcome},
    shell,
    test::Ending,
};

/// Builds the hello world for arm64 and asks it for a greeting.
pub(crate) fn run() -> Outcome<Ending> {
    let Some(emulator) = find_emulator()? else {
        let reason = "no qemu-aarch64 here; install your system's package `qemu-user-static`";
        return Ok(Ending::Skipped(reason.to_owned()));
    };
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    let bootstrap = build(folder.path())?;
    let host = Host::open().context("cannot open a port")?;
    let mut command = match emulator {
        Emulator::None => Command::new(&bootstrap),
        Emulator::Qemu(qemu) => {
            let mut command = Command::new(qemu);
            command.arg(&bootstrap);
            command
        }
    };
    let _process = Process::start(&mut command, &host)?;
    host.ready()?;
    let question = Question::hello();
    question.check(&host.invoke(&question.event)?.payload)?;
    println!("the arm64 bootstrap answered `GET /hello/world`");
    Ok(Ending::Passed)
}

enum Emulator {
    /// This machine is arm64 itself.
    None,
    Qemu(PathBuf),
}

fn find_emulator() -> Outcome<Option<Emulator>> {
    if env::consts::ARCH == "aarch64" {
        return Ok(Some(Emulator::None));
    }
    for program in ["qemu-aarch64-static", "qemu-aarch64"] {
        if shell::is_installed(program) {
            return Ok(Some(Emulator::Qemu(program.into())));
        }
    }
    let folder = shell::root().join("target/tools/qemu");
    let unpacked = folder.join("usr/bin/qemu-aarch64-static");
    if !unpacked.exists() && shell::is_installed("apt-get") && shell::is_installed("dpkg") {
        unpack_qemu(&folder)?;
    }
    Ok(unpacked.exists().then_some(Emulator::Qemu(unpacked)))
}

/// Debian's and Ubuntu's package holds static programs, which run from any folder.
fn unpack_qemu(folder: &Path) -> Outcome {
    println!("fetching qemu-user-static into `{}`", folder.display());
    fs::create_dir_all(folder).context("cannot make a folder for qemu")?;
    let download =
        || shell::run(Command::new("apt-get").current_dir(folder).args(["download", "qemu-user-static"]));
    if download().is_err() {
        // A fresh container has no package lists; only root can fetch them.
        let updated = shell::run(Command::new("apt-get").args(["update", "--quiet"]));
        if updated.and_then(|()| download()).is_err() {
            return Ok(());
        }
    }
    for entry in fs::read_dir(folder).context("cannot read qemu's folder")? {
        let path = entry.context("cannot read qemu's folder")?.path();
        if path.extension().is_some_and(|extension| extension == "deb") {
            shell::run(Command::new("dpkg").arg("--extract").arg(&path).arg(folder))?;
            fs::remove_file(&path).context("cannot remove qemu's package")?;
        }
    }
    Ok(())
}

/// A new project, its package for arm64, and the program in it.
fn build(folder: &Path) -> Outcome<PathBuf> {
    shell::build_tool()?;
    shell::run(shell::chalice(folder).args(["new", "hello"]))?;
    // A target folder that stays, so that the next run compiles one crate only.
    let target = shell::root().join("target/arm64");
    let mut build = shell::chalice(&folder.join("hello"));
    let printed = shell::output(build.env("CARGO_TARGET_DIR", target).args(["build", "--arch", "arm64"]))?;
    let zip = printed.lines().last().ok_or_else(|| Failure::new("`cargo chalice build` printed no path"))?;
    let zip = fs::File::open(folder.join("hello").join(zip)).context(format!("cannot open `{zip}`"))?;
    let mut archive = zip::ZipArchive::new(zip).context("the package is no zip")?;
    let mut program = archive.by_name("bootstrap").context("the package has no `bootstrap`")?;
    let path = folder.join("bootstrap");
    let mut file = fs::File::create(&path).context("cannot unpack the bootstrap")?;
    io::copy(&mut program, &mut file).context("cannot unpack the bootstrap")?;
    let executable = fs::Permissions::from_mode(0o755);
    fs::set_permissions(&path, executable).context("cannot make the bootstrap executable")?;
    Ok(path)
}
