//! The folder for copies of executables: one per run, and gone with it.

use std::fs::File;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::TempDir;

/// The names of all these folders start so.
const PREFIX: &str = "local-";

/// The file in each whose lock says that its run goes on.
const LOCK: &str = "lock";

/// A folder of this run's own.
#[derive(Debug)]
pub struct Scratch {
    folder: TempDir,
    /// Held until the folder is removed, or the system ends the process.
    _lock: File,
}

impl Scratch {
    /// Makes the folder below `parent`, and removes those of runs that were killed.
    pub fn new(parent: &Utf8Path) -> io::Result<Self> {
        remove_leftovers(parent);
        std::fs::create_dir_all(parent)?;
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(parent)?;
        let lock = File::create(folder.path().join(LOCK))?;
        lock.lock()?;
        Ok(Self { folder, _lock: lock })
    }

    /// A copy of an executable, in a folder that is removed with the value that comes back.
    pub fn copy(&self, executable: &Utf8Path) -> io::Result<(TempDir, Utf8PathBuf)> {
        let folder = tempfile::tempdir_in(self.folder.path())?;
        let name = executable.file_name().unwrap_or("app");
        let copy = Utf8PathBuf::try_from(folder.path().join(name)).map_err(io::Error::other)?;
        std::fs::copy(executable, &copy)?;
        Ok((folder, copy))
    }
}

fn remove_leftovers(parent: &Utf8Path) {
    let folders = parent.read_dir_utf8().into_iter().flatten().flatten();
    for folder in folders.filter(|entry| entry.file_name().starts_with(PREFIX)) {
        // Without the file it is about to be locked, or to be removed.
        let Ok(lock) = File::open(folder.path().join(LOCK)) else { continue };
        if lock.try_lock().is_ok() {
            let _ = std::fs::remove_dir_all(folder.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_kept_while_its_run_goes_on_and_removed_after_it() {
        let parent = tempfile::tempdir().unwrap();
        let parent = Utf8Path::from_path(parent.path()).unwrap();
        let executable = parent.join("app");
        std::fs::write(&executable, "code").unwrap();
        let folders =
            || parent.read_dir_utf8().unwrap().flatten().filter(|entry| entry.path().is_dir()).count();

        let first = Scratch::new(parent).unwrap();
        let (_keep, copy) = first.copy(&executable).unwrap();
        let second = Scratch::new(parent).unwrap();
        assert_eq!(std::fs::read_to_string(&copy).unwrap(), "code");
        assert_eq!(folders(), 2);
        drop(second);
        assert_eq!(folders(), 1);

        // As when the process is killed: the lock goes, the folder stays.
        let Scratch { mut folder, _lock } = first;
        folder.disable_cleanup(true);
        drop((folder, _lock));
        assert_eq!(folders(), 1);
        drop(Scratch::new(parent).unwrap());
        assert_eq!(folders(), 0);
    }
}
