//! Crates that compile C for the function: finding them, and a compiler for them.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};
use cargo_metadata::{DependencyKind, Metadata, Node, PackageId};
use tokio::process::Command;

use crate::cli::{Architecture, Libc};
use crate::compile::CompileError;
use crate::compile::target::Target;
use crate::machine::Machine;
use crate::project::Project;

/// Build dependencies that call a C compiler.
const CALLERS: [&str; 2] = ["cc", "cmake"];

/// Which packages may compile C, and with what.
pub struct Need {
    target: Target,
    /// Name and id of each package; empty for most apps.
    packages: Vec<(String, PackageId)>,
    compiler: Option<Compiler>,
    help: String,
}

/// A C compiler for the target.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Compiler {
    /// The user named one, or the `cc` crate finds it by its name.
    Found,
    /// Zig, as a program and its first arguments.
    Zig(String),
    /// A cross gcc for glibc, which compiles for musl too, and its folder-mate `ar`.
    Gcc { gcc: String, ar: String },
}

impl Need {
    /// Walks the packages that end up in the function; what only build scripts and macros use runs
    /// on this machine and has a compiler.
    pub fn find(metadata: &Metadata, target: Target, machine: &Machine) -> Self {
        let packages = packages(metadata);
        let compiler = if packages.is_empty() { None } else { compiler(target, machine) };
        Self { target, packages, compiler, help: help(target, machine) }
    }

    /// Points the `cc` crate at the compiler.
    pub fn apply(&self, command: &mut Command, project: &Project) -> Result<(), CompileError> {
        let suffix = self.target.triple().replace('-', "_");
        let mut set = |tool: &str, value: &str| {
            command.env(format!("{tool}_{suffix}"), value);
        };
        match &self.compiler {
            None | Some(Compiler::Found) => {}
            Some(Compiler::Zig(zig)) => {
                let folder = project.target_dir.join("chalice");
                let name = format!("zig-{}", self.target.processor());
                set("CC", write(&folder, &format!("{name}-cc"), &wrapper(zig, self.target))?.as_str());
                set(
                    "AR",
                    write(&folder, &format!("{name}-ar"), &format!("#!/bin/sh\nexec {zig} ar \"$@\"\n"))?
                        .as_str(),
                );
            }
            Some(Compiler::Gcc { gcc, ar }) => {
                set("CC", gcc);
                set("AR", ar);
                // The checked variants of glibc's functions do not exist in musl.
                set("CFLAGS", "-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=0");
            }
        }
        Ok(())
    }

    /// The error, when a build failed because there is no compiler: a package's build script did
    /// not come to its end.
    pub fn explain(&self, scripts_run: &BTreeSet<String>) -> Option<CompileError> {
        if self.compiler.is_some() {
            return None;
        }
        let failed = self.packages.iter().filter(|(_, id)| !scripts_run.contains(&id.repr));
        let crates: Vec<String> = failed.map(|(name, _)| name.clone()).collect();
        if crates.is_empty() {
            return None;
        }
        Some(CompileError::NoCCompiler { crates, triple: self.target.triple(), help: self.help.clone() })
    }
}

fn packages(metadata: &Metadata) -> Vec<(String, PackageId)> {
    let Some(resolve) = &metadata.resolve else { return Vec::new() };
    let node = |id: &PackageId| resolve.nodes.iter().find(|node| node.id == *id);
    let mut seen = BTreeSet::new();
    let mut open: Vec<PackageId> = resolve.root.iter().cloned().collect();
    let mut found = Vec::new();
    while let Some(id) = open.pop() {
        if !seen.insert(id.clone()) {
            continue;
        }
        let Some((node, package)) = node(&id).zip(metadata.packages.iter().find(|package| package.id == id))
        else {
            continue;
        };
        if package.targets.iter().any(cargo_metadata::Target::is_proc_macro) {
            continue;
        }
        let calls = |id: &PackageId| {
            metadata
                .packages
                .iter()
                .any(|package| package.id == *id && CALLERS.contains(&package.name.as_str()))
        };
        if dependencies(node, DependencyKind::Build).any(calls) {
            found.push((package.name.to_string(), id));
        }
        open.extend(dependencies(node, DependencyKind::Normal).cloned());
    }
    found.sort();
    found
}

fn dependencies(node: &Node, kind: DependencyKind) -> impl Iterator<Item = &PackageId> {
    node.deps
        .iter()
        .filter(move |dependency| dependency.dep_kinds.iter().any(|found| found.kind == kind))
        .map(|dependency| &dependency.pkg)
}

fn compiler(target: Target, machine: &Machine) -> Option<Compiler> {
    let triple = target.triple();
    let named =
        [format!("CC_{triple}"), format!("CC_{}", triple.replace('-', "_")), "TARGET_CC".into(), "CC".into()];
    if named.iter().any(|name| machine.variable(name).is_some()) {
        return Some(Compiler::Found);
    }
    let processor = target.processor();
    let own = Architecture::host() == Some(target.architecture) && cfg!(target_os = "linux");
    let has = |name: &str| machine.program(name).is_some();
    if target.libc == Libc::Musl && (has(&format!("{processor}-linux-musl-gcc")) || own && has("musl-gcc")) {
        return Some(Compiler::Found);
    }
    // The wrapper around zig is a shell script.
    if cfg!(unix) && has("zig") {
        return Some(Compiler::Zig("zig".to_owned()));
    }
    if let Some(gcc) = target.cross_gcc(machine) {
        return Some(Compiler::Gcc { gcc, ar: format!("{processor}-linux-gnu-ar") });
    }
    (own && has("gcc")).then(|| Compiler::Gcc { gcc: "gcc".to_owned(), ar: "ar".to_owned() })
}

/// The one command that gets a C compiler for the target.
fn help(target: Target, machine: &Machine) -> String {
    let processor = target.processor().replace('_', "-");
    if machine.program("apt-get").is_some() {
        format!("run `sudo apt-get install gcc-{processor}-linux-gnu`")
    } else if machine.program("dnf").is_some() {
        "run `sudo dnf install zig`".to_owned()
    } else if machine.program("brew").is_some() {
        "run `brew install zig`".to_owned()
    } else {
        "install zig from https://ziglang.org/download and put it on the path".to_owned()
    }
}

/// Zig has its own names for targets and does not take those that the `cc` crate passes.
fn wrapper(zig: &str, target: Target) -> String {
    let libc = match target.libc {
        Libc::Musl => "musl",
        // What Amazon Linux 2023 has; see `artifact.rs`.
        Libc::Gnu => "gnu.2.34",
    };
    format!(
        "#!/bin/sh\n\
         # A C compiler for Lambda, written by cargo-chalice.\n\
         for argument do\n  \
         shift\n  \
         case \"$argument\" in --target=*) ;; *) set -- \"$@\" \"$argument\" ;; esac\n\
         done\n\
         exec {zig} cc -target {}-linux-{libc} \"$@\"\n",
        target.processor()
    )
}

/// Writes a script that can be run.
fn write(folder: &Utf8Path, name: &str, text: &str) -> Result<Utf8PathBuf, CompileError> {
    let path = folder.join(name);
    let failed = |source| CompileError::Write { path: path.clone(), source };
    std::fs::create_dir_all(folder).map_err(failed)?;
    std::fs::write(&path, text).map_err(failed)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).map_err(failed)?;
    }
    Ok(path)
}
