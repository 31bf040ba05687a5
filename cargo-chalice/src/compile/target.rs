//! What must be installed to build for Lambda: the target's standard library and a linker.

use camino::{Utf8Path, Utf8PathBuf};
use tokio::process::Command;

use crate::cli::{Architecture, Libc};
use crate::compile::CompileError;
use crate::compile::flags::UserConfig;
use crate::machine::Machine;
use crate::project::Project;
use crate::report::Report;

/// What a function is built for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// The processor.
    pub architecture: Architecture,
    /// The C library.
    pub libc: Libc,
}

impl Target {
    /// The name that rustc and cargo know it by.
    pub const fn triple(self) -> &'static str {
        match (self.architecture, self.libc) {
            (Architecture::Arm64, Libc::Musl) => "aarch64-unknown-linux-musl",
            (Architecture::Arm64, Libc::Gnu) => "aarch64-unknown-linux-gnu",
            (Architecture::X86_64, Libc::Musl) => "x86_64-unknown-linux-musl",
            (Architecture::X86_64, Libc::Gnu) => "x86_64-unknown-linux-gnu",
        }
    }

    /// The first part of the triple, which C compilers' names have too.
    pub const fn processor(self) -> &'static str {
        match self.architecture {
            Architecture::Arm64 => "aarch64",
            Architecture::X86_64 => "x86_64",
        }
    }
}

impl Target {
    /// The gcc that compiles and links for the target from another machine, when it is there.
    pub fn cross_gcc(self, machine: &Machine) -> Option<String> {
        Some(self.cross_gcc_name()).filter(|gcc| machine.program(gcc).is_some())
    }

    /// As Debian, Fedora and most others name it.
    fn cross_gcc_name(self) -> String {
        format!("{}-linux-gnu-gcc", self.processor())
    }
}

/// The compiler that builds the project.
#[derive(Debug)]
pub struct Toolchain {
    sysroot: Utf8PathBuf,
    host: String,
}

impl Toolchain {
    /// Asks the compiler that cargo will call in the project's folder.
    pub async fn find(project: &Project) -> Result<Self, CompileError> {
        Self::at(&project.root, &project.machine).await
    }

    /// Asks the compiler that cargo will call in a folder.
    pub async fn at(folder: &Utf8Path, machine: &Machine) -> Result<Self, CompileError> {
        let rustc = machine.variable("RUSTC").unwrap_or("rustc");
        let not_run = |source| CompileError::NoRustc { rustc: rustc.to_owned(), source };
        let ask = async |arguments: &[&str]| {
            let output =
                Command::new(rustc).args(arguments).current_dir(folder).output().await.map_err(not_run)?;
            if output.status.success() {
                Ok(String::from_utf8_lossy(&output.stdout).into_owned())
            } else {
                let message = String::from_utf8_lossy(&output.stderr).trim().to_owned();
                Err(not_run(std::io::Error::other(message)))
            }
        };
        let sysroot = ask(&["--print", "sysroot"]).await?.trim().into();
        let version = ask(&["--version", "--verbose"]).await?;
        let host =
            version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default().to_owned();
        Ok(Self { sysroot, host })
    }

    /// Sees to it that the target can be built for; adds it when rustup is there.
    pub async fn ensure(
        &self,
        target: Target,
        project: &Project,
        report: &mut Report,
    ) -> Result<(), CompileError> {
        let triple = target.triple();
        if !self.has(target) {
            let command = format!("rustup target add {triple}");
            let missing = || CompileError::NoTarget { triple, command: command.clone() };
            let rustup = project.machine.program("rustup").ok_or_else(missing)?;
            report.note(&format!("adding the target `{triple}` with `{command}`"));
            let added = Command::new(rustup)
                .args(["target", "add", triple])
                .current_dir(&project.root)
                .stdin(std::process::Stdio::null())
                .stdout(std::process::Stdio::null())
                .status()
                .await;
            if !added.is_ok_and(|status| status.success()) || !self.has(target) {
                return Err(missing());
            }
        }
        if UserConfig::read(project).has_linker(target) {
            return Ok(());
        }
        match target.libc {
            Libc::Musl if self.linker().is_none() => {
                Err(CompileError::NoLinker { sysroot: self.sysroot.clone(), triple })
            }
            Libc::Gnu if self.host != triple && target.cross_gcc(&project.machine).is_none() => {
                Err(CompileError::NoGnuLinker { triple, gcc: target.cross_gcc_name() })
            }
            Libc::Musl | Libc::Gnu => Ok(()),
        }
    }

    /// Whether the target's standard library is installed.
    pub fn has(&self, target: Target) -> bool {
        self.sysroot.join("lib/rustlib").join(target.triple()).join("lib").is_dir()
    }

    /// The linker that comes with the compiler.
    pub fn linker(&self) -> Option<Utf8PathBuf> {
        let file = format!("rust-lld{}", std::env::consts::EXE_SUFFIX);
        let linker = self.sysroot.join("lib/rustlib").join(&self.host).join("bin").join(file);
        linker.is_file().then_some(linker)
    }

    /// The compiler's folder.
    pub fn sysroot(&self) -> &Utf8Path {
        &self.sysroot
    }
}
