//! What is deployed: the zip, its digest, and the manifest read out of the executable.
//!
//! The only place that reads ELF, Mach-O and PE (`artifact/executable.rs`) and that knows what
//! Lambda refuses in a zip.

mod executable;
#[cfg(test)]
mod fixture;
mod stage;

use std::fmt;
use std::io::{Cursor, Write};

use base64::Engine;
use camino::{Utf8Path, Utf8PathBuf};
use chalice_rs_manifest::{Manifest, Problem, SectionError, Stage};
use miette::Diagnostic;
use sha2::{Digest, Sha256};
use thiserror::Error;
use zip::write::SimpleFileOptions;

use crate::artifact::executable::{Executable, Glibc};
use crate::artifact::stage::StageProblem;
use crate::cli::Architecture;
use crate::compile::{Binary, Destination};
use crate::failure::{Exit, StageError};
use crate::project::Project;

/// A zip that Lambda takes, and what its executable declares.
#[derive(Debug, Clone)]
pub struct Artifact {
    /// Where the zip lies.
    pub zip: Utf8PathBuf,
    /// The SHA-256 of the zip in base64, as Lambda's `CodeSha256`.
    pub sha256: String,
    /// The zip's size in bytes.
    pub size: u64,
    /// The processor the executable was built for.
    pub architecture: Architecture,
    /// What the app declares, checked as a whole.
    pub manifest: Manifest,
}

/// The file that Lambda starts.
/// <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html>
const BOOTSTRAP: &str = "bootstrap";

/// The most bytes of a zip that is sent in the call itself.
/// <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
const ZIP_LIMIT: u64 = 50 * 1024 * 1024;

/// The most bytes of the unpacked files.
/// <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
const UNPACKED_LIMIT: u64 = 250 * 1024 * 1024;

/// The C library of `provided.al2023`.
/// <https://docs.aws.amazon.com/linux/al2023/ug/compare-with-al2.html>
const LAMBDA_GLIBC: Glibc = Glibc { major: 2, minor: 34 };

impl Artifact {
    /// Checks the executable against what Lambda runs and puts it into a zip. The same executable
    /// gives the same bytes, whenever and wherever.
    pub fn pack(project: &Project, binary: &Binary) -> Result<Self, ArtifactError> {
        let bytes = read(&binary.path)?;
        let executable = Executable::parse(&binary.path, &bytes)?;
        runs_on_lambda(&binary.path, &executable, binary.architecture)?;
        let manifest = settled(declared(&binary.path, &executable)?, project, binary.destination)?;
        within(bytes.len(), UNPACKED_LIMIT, What::Executable)?;

        let packed = zipped(&bytes)?;
        let size = within(packed.len(), ZIP_LIMIT, What::Zip)?;
        let folder = project.target_dir.join("chalice");
        let zip = folder.join(format!("{}-{}.zip", project.package, binary.architecture));
        // Whole or not at all: another build of the same app may be read at this moment.
        let written = std::fs::create_dir_all(&folder).and_then(|()| {
            let mut file = tempfile::NamedTempFile::new_in(&folder)?;
            std::io::Write::write_all(&mut file, &packed)?;
            file.persist(&zip).map(drop).map_err(|error| error.error)
        });
        written.map_err(|source| ArtifactError::Write { path: zip.clone(), source })?;

        let sha256 = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(&packed));
        Ok(Self { zip, sha256, size, architecture: binary.architecture, manifest })
    }
}

/// Reads what an executable declares for the project's stage, without running it, and checks it as a
/// whole.
pub fn manifest(project: &Project, executable: &Utf8Path) -> Result<Manifest, ArtifactError> {
    let bytes = read(executable)?;
    // It is read to be run here, or to be looked at.
    settled(declared(executable, &Executable::parse(executable, &bytes)?)?, project, Destination::Sandbox)
}

fn settled(
    manifest: Manifest,
    project: &Project,
    destination: Destination,
) -> Result<Manifest, ArtifactError> {
    stage::settled(manifest, project, destination).map_err(|problems| ArtifactError::Stage {
        stage: project.stage.clone(),
        count: problems.len(),
        problems,
    })
}

fn read(path: &Utf8Path) -> Result<Vec<u8>, ArtifactError> {
    std::fs::read(path).map_err(|source| ArtifactError::Unreadable { binary: path.to_owned(), source })
}

fn declared(binary: &Utf8Path, executable: &Executable<'_>) -> Result<Manifest, ArtifactError> {
    let Some(section) = executable.section()? else {
        return Err(ArtifactError::NoHandlers { binary: binary.to_owned() });
    };
    let records = chalice_rs_manifest::section::decode(&section).map_err(|source| {
        ArtifactError::Records { binary: binary.to_owned(), help: source.help(), source }
    })?;
    let manifest = Manifest::from_records(records);
    let problems: Vec<AppProblem> = manifest.check().into_iter().map(AppProblem).collect();
    if problems.is_empty() {
        Ok(manifest)
    } else {
        Err(ArtifactError::App { count: problems.len(), problems })
    }
}

fn runs_on_lambda(
    path: &Utf8Path,
    executable: &Executable<'_>,
    wanted: Architecture,
) -> Result<(), ArtifactError> {
    let binary = path.to_owned();
    if !executable.is_linux() {
        return Err(ArtifactError::NotLinux { binary, format: executable.format() });
    }
    match executable.architecture() {
        Some(found) if found == wanted => {}
        found => {
            let found = found.map_or("another processor", Architecture::as_str);
            return Err(ArtifactError::WrongArchitecture { binary, found, wanted });
        }
    }
    if let Some(interpreter) = executable.interpreter().filter(|name| name.contains("musl")) {
        return Err(ArtifactError::DynamicMusl { binary, interpreter });
    }
    match executable.glibc()? {
        Some(needed) if needed > LAMBDA_GLIBC => Err(ArtifactError::NewerGlibc { binary, needed }),
        _ => Ok(()),
    }
}

fn zipped(executable: &[u8]) -> Result<Vec<u8>, ArtifactError> {
    // One file, a fixed time, a fixed mode: nothing of this machine gets in.
    let options = SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::DEFAULT)
        .unix_permissions(0o755);
    let write = || {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file(BOOTSTRAP, options)?;
        zip.write_all(executable)?;
        zip.finish().map(Cursor::into_inner)
    };
    write().map_err(ArtifactError::Zip)
}

fn within(len: usize, limit: u64, what: What) -> Result<u64, ArtifactError> {
    let size = len as u64;
    if size > limit {
        return Err(ArtifactError::TooLarge { what, size: Bytes(size), limit: Bytes(limit) });
    }
    Ok(size)
}

/// What has a size limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    Executable,
    Zip,
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Executable => "executable",
            Self::Zip => "zip",
        })
    }
}

/// A size, printed in MB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bytes(pub u64);

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} MB", self.0 as f64 / (1024.0 * 1024.0))
    }
}

/// A problem of the whole app, as an error of its own.
#[derive(Debug, Error)]
#[error("{0}")]
pub struct AppProblem(pub Problem);

impl Diagnostic for AppProblem {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(match self.0 {
            Problem::NothingDeclared => "chalice::app::nothing_declared",
            Problem::TooManyRoutes { .. } => "chalice::app::too_many_routes",
            Problem::SameRoute { .. } => "chalice::app::same_route",
            Problem::OtherNames { .. } => "chalice::app::other_names",
            Problem::SeveralBlueprints { .. } => "chalice::app::several_blueprints",
            Problem::SeveralHandlers { .. } => "chalice::app::several_handlers",
            Problem::TooManyAuthorizers { .. } => "chalice::app::too_many_authorizers",
            Problem::SameName { .. } => "chalice::app::same_name",
            Problem::UnknownAuthorizer { .. } => "chalice::app::unknown_authorizer",
            Problem::ScopesWithoutJwt { .. } => "chalice::app::scopes_without_jwt",
            Problem::SeveralPolicies { .. } => "chalice::app::several_policies",
            Problem::OptionsBesideCors { .. } => "chalice::app::options_beside_cors",
        }))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.0.help()))
    }
}

/// Why there is nothing to deploy.
#[derive(Debug, Error, Diagnostic)]
pub enum ArtifactError {
    #[error("cannot read the executable `{binary}`")]
    #[diagnostic(
        code(chalice::artifact::unreadable),
        help("build again; something removed it or took its permissions")
    )]
    Unreadable { binary: Utf8PathBuf, source: std::io::Error },

    #[error("`{binary}` is not an executable: {message}")]
    #[diagnostic(
        code(chalice::artifact::not_an_executable),
        help("build again; a linker wrapper in `.cargo/config.toml` may have written something else")
    )]
    NotAnExecutable { binary: Utf8PathBuf, message: String },

    #[error("`{binary}` declares no handlers")]
    #[diagnostic(
        code(chalice::artifact::no_handlers),
        help("put `#[route(\"/\")]` on a function, and `#[chalice_rs::main]` on `main`")
    )]
    NoHandlers { binary: Utf8PathBuf },

    #[error("`{binary}`: {source}")]
    #[diagnostic(code(chalice::artifact::records), help("{help}"))]
    Records { binary: Utf8PathBuf, source: SectionError, help: &'static str },

    #[error("the app has {count} problems")]
    #[diagnostic(code(chalice::artifact::app), help("mend each of them; nothing was changed"))]
    App {
        count: usize,
        #[related]
        problems: Vec<AppProblem>,
    },

    #[error("{count} settings of stage `{stage}` do not go with the app")]
    #[diagnostic(code(chalice::artifact::stage), help("mend each of them; nothing was changed"))]
    Stage {
        stage: Stage,
        count: usize,
        #[related]
        problems: Vec<StageProblem>,
    },

    #[error("`{binary}` is {format}; Lambda runs Linux")]
    #[diagnostic(code(chalice::artifact::not_linux), help("build it with `cargo chalice build`"))]
    NotLinux { binary: Utf8PathBuf, format: &'static str },

    #[error("`{binary}` is for {found}; the function has {wanted}")]
    #[diagnostic(
        code(chalice::artifact::wrong_architecture),
        help(
            "remove the linker or target that `.cargo/config.toml` sets, or choose the other one with `--arch`"
        )
    )]
    WrongArchitecture { binary: Utf8PathBuf, found: &'static str, wanted: Architecture },

    #[error("`{binary}` is linked dynamically with musl (`{interpreter}`), which Lambda does not have")]
    #[diagnostic(
        code(chalice::artifact::dynamic_musl),
        help("remove `-C target-feature=-crt-static` from the compiler flags")
    )]
    DynamicMusl { binary: Utf8PathBuf, interpreter: String },

    #[error("`{binary}` needs glibc {needed}; Lambda has {LAMBDA_GLIBC}")]
    #[diagnostic(
        code(chalice::artifact::newer_glibc),
        help("leave out `--libc gnu`: the static musl build needs no glibc")
    )]
    NewerGlibc { binary: Utf8PathBuf, needed: Glibc },

    #[error("the {what} has {size}; Lambda takes {limit}")]
    #[diagnostic(
        code(chalice::artifact::too_large),
        help("drop dependencies or embedded files; files that change rarely belong in S3")
    )]
    TooLarge { what: What, size: Bytes, limit: Bytes },

    #[error("cannot make the zip")]
    #[diagnostic(code(chalice::artifact::zip), help("report it as a bug of chalice-rs"))]
    Zip(#[source] zip::result::ZipError),

    #[error("cannot write `{path}`")]
    #[diagnostic(
        code(chalice::artifact::write),
        help("check the folder's permissions and that the disk has room")
    )]
    Write { path: Utf8PathBuf, source: std::io::Error },
}

impl StageError for ArtifactError {
    fn exit(&self) -> Exit {
        match self {
            Self::NoHandlers { .. } | Self::App { .. } | Self::Stage { .. } => Exit::Project,
            _ => Exit::Build,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artifact::fixture::{self, Section};

    const BINARY: &str = "target/hello";

    /// What is wrong with an executable for an arm64 function: error and help.
    #[track_caller]
    fn check(bytes: &[u8], expected: &str) {
        let path = Utf8Path::new(BINARY);
        let executable = Executable::parse(path, bytes);
        let outcome = executable.and_then(|executable| {
            runs_on_lambda(path, &executable, Architecture::Arm64)?;
            declared(path, &executable)
        });
        let text = match outcome {
            Ok(manifest) => format!("{} routes", manifest.routes.len()),
            Err(error) => format!("{error}; {}", error.help().expect("a help")),
        };
        assert_eq!(text, expected);
    }

    #[test]
    fn an_executable_for_lambda_passes() {
        check(&fixture::elf(fixture::AARCH64, &[Section::records()]), "1 routes");
        let glibc = Section::glibc(&["GLIBC_2.17", "GLIBC_2.34", "GCC_3.0", "GLIBC_PRIVATE"]);
        check(&fixture::elf(fixture::AARCH64, &[Section::records(), glibc]), "1 routes");
    }

    #[test]
    fn records_are_read_from_the_executables_of_every_system() {
        let elf = fixture::elf(fixture::X86_64, &[Section::records()]);
        for (bytes, format) in [
            (elf, "a Linux executable"),
            (fixture::mach_o(), "a macOS executable"),
            (fixture::pe(), "a Windows executable"),
        ] {
            let executable = Executable::parse(Utf8Path::new(BINARY), &bytes).expect(format);
            assert_eq!(executable.format(), format);
            let manifest = declared(Utf8Path::new(BINARY), &executable).expect(format);
            assert_eq!(manifest.routes[0].function, "hello", "{format}");
        }
    }

    #[test]
    fn what_lambda_would_refuse_is_refused() {
        check(
            &fixture::elf(fixture::X86_64, &[Section::records()]),
            "`target/hello` is for x86_64; the function has arm64; \
             remove the linker or target that `.cargo/config.toml` sets, or choose the other one with `--arch`",
        );
        check(
            &fixture::elf(fixture::RISC_V, &[Section::records()]),
            "`target/hello` is for another processor; the function has arm64; \
             remove the linker or target that `.cargo/config.toml` sets, or choose the other one with `--arch`",
        );
        check(
            &fixture::mach_o(),
            "`target/hello` is a macOS executable; Lambda runs Linux; build it with `cargo chalice build`",
        );
        check(
            &fixture::elf(
                fixture::AARCH64,
                &[Section::records(), Section::glibc(&["GLIBC_2.34", "GLIBC_2.35"])],
            ),
            "`target/hello` needs glibc 2.35; Lambda has 2.34; \
             leave out `--libc gnu`: the static musl build needs no glibc",
        );
        check(
            &fixture::interpreted(fixture::AARCH64, "/lib/ld-musl-aarch64.so.1"),
            "`target/hello` is linked dynamically with musl (`/lib/ld-musl-aarch64.so.1`), \
             which Lambda does not have; remove `-C target-feature=-crt-static` from the compiler flags",
        );
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        check(
            b"#!/bin/sh\nexec /usr/bin/env program",
            "`target/hello` is not an executable: unknown file magic; \
             build again; a linker wrapper in `.cargo/config.toml` may have written something else",
        );
        check(
            &fixture::elf(fixture::AARCH64, &[]),
            "`target/hello` declares no handlers; put `#[route(\"/\")]` on a function, and `#[chalice_rs::main]` on `main`",
        );
        check(
            &fixture::elf(fixture::AARCH64, &[Section::bytes(b"CHRS\x63\0\0\0\0")]),
            "`target/hello`: the app's records have format 99; this tool reads up to 1; \
             update cargo-chalice: `cargo install cargo-chalice`",
        );
        check(
            &fixture::elf(fixture::AARCH64, &[Section::bytes(b"nonsense")]),
            "`target/hello`: the app's records are damaged at byte 0 of their section; \
             build again from a clean target folder; if it stays, report it as a bug of chalice-rs",
        );
    }

    #[test]
    fn every_cut_of_an_executable_is_an_error_and_never_a_panic() {
        let whole = fixture::elf(fixture::AARCH64, &[Section::records(), Section::glibc(&["GLIBC_2.34"])]);
        for bytes in [whole, fixture::mach_o(), fixture::pe()] {
            for end in 0..bytes.len() {
                let path = Utf8Path::new(BINARY);
                if let Ok(executable) = Executable::parse(path, &bytes[..end]) {
                    let _ = runs_on_lambda(path, &executable, Architecture::Arm64);
                    let _ = declared(path, &executable);
                }
            }
        }
    }

    #[test]
    fn sizes_over_lambdas_limits_are_refused() {
        assert_eq!(within(50 << 20, ZIP_LIMIT, What::Zip).expect("within"), 50 << 20);
        assert!(within((50 << 20) + 1, ZIP_LIMIT, What::Zip).is_err());
        let error = within(51 << 20, ZIP_LIMIT, What::Zip).expect_err("over");
        assert_eq!(error.to_string(), "the zip has 51.0 MB; Lambda takes 50.0 MB");
        let error = within(300 << 20, UNPACKED_LIMIT, What::Executable).expect_err("over");
        assert_eq!(error.to_string(), "the executable has 300.0 MB; Lambda takes 250.0 MB");
    }

    #[test]
    fn the_zip_holds_one_program_of_1980() {
        let bytes = zipped(b"program").expect("a zip");
        assert_eq!(bytes, zipped(b"program").expect("a zip"));
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
        let entry = zip.by_index(0).expect("an entry");
        assert_eq!(entry.unix_mode().map(|mode| mode & 0o777), Some(0o755));
        assert_eq!(entry.last_modified().map(|time| time.year()), Some(1980));
    }
}
