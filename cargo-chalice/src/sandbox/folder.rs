//! Where the sandbox lives on disk: one install for all, one folder for every instance.
//!
//! ```text
//! <user's cache>/chalice-rs/sandbox/
//!     install.lock              held while MiniStack is being installed
//!     ministack-<digest>/       the private Python environment
//!     instances/<name>/
//!         start.lock            held while this instance is being started or stopped
//!         server.json           who serves it; locked by the server for as long as it lives
//!         server.log            what the server printed
//!         tmp/                  the server's home and temporary folder
//! ```

use std::fs::{File, OpenOptions};
use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use etcetera::BaseStrategy;
use sha2::{Digest, Sha256};

use super::SandboxError;
use crate::machine::Machine;

/// Names the instance to use, so that tests or checkouts that run side by side do not share one.
pub const INSTANCE_VARIABLE: &str = "CHALICE_SANDBOX";

/// The packages, pinned by hash.
pub const REQUIREMENTS: &str = include_str!("requirements.txt");

/// The folders of one instance.
#[derive(Debug, Clone)]
pub struct Folder {
    root: Utf8PathBuf,
    /// The instance's own folder.
    pub instance: Utf8PathBuf,
}

impl Folder {
    /// The folders of the instance that the environment names, `default` without a name.
    pub fn find() -> Result<Self, SandboxError> {
        let name = Machine::read().variable(INSTANCE_VARIABLE).unwrap_or("default").to_owned();
        let legal = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if name.len() > 64 || !name.bytes().all(legal) {
            return Err(SandboxError::BadName { name });
        }
        let cache = etcetera::choose_base_strategy().map_err(|_| SandboxError::NoCacheFolder)?.cache_dir();
        let cache = Utf8PathBuf::from_path_buf(cache).map_err(|_| SandboxError::NoCacheFolder)?;
        let root = cache.join("chalice-rs").join("sandbox");
        Ok(Self { instance: root.join("instances").join(name), root })
    }

    /// The private Python environment. Another list of packages is another folder.
    pub fn environment(&self) -> Utf8PathBuf {
        self.root.join(release())
    }

    /// The interpreter of the private environment.
    pub fn python(&self) -> Utf8PathBuf {
        self.environment().join("bin").join("python")
    }

    /// Where installs are made before they are given their name.
    pub fn root(&self) -> &Utf8Path {
        &self.root
    }

    /// Who serves this instance.
    pub fn record(&self) -> Utf8PathBuf {
        self.instance.join("server.json")
    }

    /// What the server printed.
    pub fn log(&self) -> Utf8PathBuf {
        self.instance.join("server.log")
    }

    /// The server's home and temporary folder.
    pub fn scratch(&self) -> Utf8PathBuf {
        self.instance.join("tmp")
    }

    /// Waits until no other process installs. Dropping the file lets the next one in.
    pub async fn lock_install(&self) -> Result<File, SandboxError> {
        lock(self.root.join("install.lock")).await
    }

    /// Waits until no other process starts or stops this instance.
    pub async fn lock_instance(&self) -> Result<File, SandboxError> {
        lock(self.instance.join("start.lock")).await
    }
}

/// Names exactly this list of packages.
pub fn release() -> String {
    use std::fmt::Write;
    let digest = Sha256::digest(REQUIREMENTS.as_bytes());
    digest.iter().take(6).fold("ministack-".to_owned(), |mut name, byte| {
        let _ = write!(name, "{byte:02x}");
        name
    })
}

/// Makes a folder that only its owner can enter.
pub fn make(folder: &Utf8Path) -> Result<(), SandboxError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|source| SandboxError::Folder { path: folder.to_owned(), source })
}

async fn lock(path: Utf8PathBuf) -> Result<File, SandboxError> {
    if let Some(folder) = path.parent() {
        make(folder)?;
    }
    let failed = |source: io::Error| SandboxError::Folder { path: path.clone(), source };
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
    tokio::task::spawn_blocking(move || file.lock().map(|()| file))
        .await
        .map_err(io::Error::other)
        .and_then(|locked| locked)
        .map_err(failed)
}
