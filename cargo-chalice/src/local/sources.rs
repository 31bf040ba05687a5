//! Which files a build reads, so that saving one of them means building again.
//!
//! Only these count: not the target folder, not what the app writes while it runs.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use camino::{Utf8Path, Utf8PathBuf};
use cargo_metadata::{Metadata, MetadataCommand, PackageId};

use crate::config;
use crate::project::Project;

/// The files of one build.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sources {
    /// Every Rust file below these is a source, also one that is new.
    code: BTreeSet<Utf8PathBuf>,
    /// Single files: manifests, and what the compiler read besides.
    files: BTreeSet<Utf8PathBuf>,
    /// How the files read when they were looked at.
    seen: BTreeMap<Utf8PathBuf, Option<u64>>,
}

impl Sources {
    /// Finds the files of a project. `executable` is the last build's, where there is one: beside it
    /// cargo notes what was read, files that a macro includes among them.
    pub fn find(project: &Project, executable: Option<&Utf8Path>) -> Self {
        let mut sources = Self::default();
        for folder in [&project.root, &project.workspace_root] {
            for name in
                ["Cargo.toml", "Cargo.lock", config::FILE, "rust-toolchain.toml", ".cargo/config.toml"]
            {
                sources.files.insert(folder.join(name));
            }
        }
        sources.code.insert(project.root.join("src"));
        // A manifest that cargo refuses is said by the build; until then the project's own files do.
        if let Some(metadata) = metadata(project) {
            sources.add_packages(&metadata, project);
        }
        sources.files.extend(sources.code.iter().flat_map(|folder| rust_files(folder)));
        let notes = executable.map(|executable| executable.with_extension("d"));
        if let Some(notes) = notes.and_then(|notes| std::fs::read_to_string(notes).ok()) {
            sources.files.extend(noted_files(&notes));
        }
        // The system names what has changed by its real path.
        sources.code = sources.code.iter().map(|folder| real(folder)).collect();
        sources.files = sources.files.iter().map(|file| real(file)).collect();
        sources
    }

    /// Notes how the files read now: from here on only what reads otherwise has changed.
    pub fn look(&mut self) {
        self.seen = self.files.iter().map(|file| (file.clone(), fingerprint(file))).collect();
    }

    /// Takes other files, and keeps how those read that are known already.
    pub fn replace(&mut self, other: Self) {
        let seen = std::mem::take(&mut self.seen);
        *self = other;
        for file in &self.files {
            // A file that is new to us was read by the build that has just ended.
            let read = seen.get(file).copied().unwrap_or_else(|| fingerprint(file));
            self.seen.insert(file.clone(), read);
        }
    }

    /// Notes that what cargo itself may have written is as it should be.
    pub fn look_at_lock(&mut self) {
        for file in self.files.iter().filter(|file| file.file_name() == Some("Cargo.lock")) {
            self.seen.insert(file.clone(), fingerprint(file));
        }
    }

    /// The folders to watch: with all below them, and alone.
    pub fn folders(&self) -> (BTreeSet<Utf8PathBuf>, BTreeSet<Utf8PathBuf>) {
        let deep = self.code.iter().filter(|folder| folder.is_dir()).cloned().collect();
        let parents = self.files.iter().filter_map(|file| file.parent());
        let flat = parents.filter(|folder| folder.is_dir() && !self.is_below_code(folder));
        (deep, flat.map(Utf8Path::to_owned).collect())
    }

    /// Whether a path that something happened to is a reason to build.
    pub fn have_changed_at(&self, path: &Utf8Path) -> bool {
        if self.files.contains(path) {
            return self.seen.get(path).is_none_or(|seen| *seen != fingerprint(path));
        }
        // A folder of code that is gone, or back, changes much.
        self.is_below_code(path)
            && (path.extension() == Some("rs") || path.is_dir() || self.code.contains(path))
    }

    fn is_below_code(&self, path: &Utf8Path) -> bool {
        self.code.iter().any(|folder| path.starts_with(folder))
    }

    /// The packages on this machine that the app is made of.
    fn add_packages(&mut self, metadata: &Metadata, project: &Project) {
        let nodes: BTreeMap<&PackageId, _> =
            metadata.resolve.iter().flat_map(|resolve| &resolve.nodes).map(|node| (&node.id, node)).collect();
        let root = metadata.packages.iter().find(|package| package.manifest_path == project.manifest_path);
        let mut ahead: Vec<&PackageId> = root.map(|package| &package.id).into_iter().collect();
        let mut reached = BTreeSet::new();
        while let Some(id) = ahead.pop() {
            if reached.insert(id) {
                ahead.extend(nodes.get(id).into_iter().flat_map(|node| &node.dependencies));
            }
        }
        for package in metadata.packages.iter().filter(|package| package.source.is_none()) {
            if !reached.contains(&package.id) {
                continue;
            }
            self.files.insert(package.manifest_path.clone());
            let folder = package.manifest_path.parent();
            for target in &package.targets {
                let is_built = target.is_lib() || target.is_bin() || target.is_proc_macro();
                match target.src_path.parent() {
                    Some(code) if is_built && Some(code) != folder => {
                        self.code.insert(code.to_owned());
                    }
                    // A file in the package's own folder: what lies beside it is not code.
                    _ if is_built || target.is_custom_build() => {
                        self.files.insert(target.src_path.clone());
                    }
                    _ => {}
                }
            }
        }
    }
}

fn metadata(project: &Project) -> Option<Metadata> {
    let mut command = MetadataCommand::new();
    command.cargo_path(project.machine.cargo()).current_dir(&project.root);
    command.manifest_path(&project.manifest_path).exec().ok()
}

/// The path without links in its folders; the file itself need not exist.
fn real(path: &Utf8Path) -> Utf8PathBuf {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return path.to_owned() };
    folder.canonicalize_utf8().map_or_else(|_| path.to_owned(), |folder| folder.join(name))
}

/// The Rust files below a folder, as they are now. Links are not followed: they could lead back.
fn rust_files(folder: &Utf8Path) -> Vec<Utf8PathBuf> {
    let (mut ahead, mut files) = (vec![folder.to_owned()], Vec::new());
    while let Some(folder) = ahead.pop() {
        for entry in folder.read_dir_utf8().into_iter().flatten().flatten() {
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                ahead.push(entry.into_path());
            } else if entry.path().extension() == Some("rs") {
                files.push(entry.into_path());
            }
        }
    }
    files
}

/// The files in cargo's note: `target: file file`, a space in a name escaped.
fn noted_files(notes: &str) -> impl Iterator<Item = Utf8PathBuf> {
    const SPACE: char = '\u{0}';
    let files = notes.lines().filter_map(|line| line.split_once(": ")).flat_map(|(_, files)| {
        let files = files.replace("\\ ", &SPACE.to_string());
        files.split_whitespace().map(|file| file.replace(SPACE, " ").into()).collect::<Vec<Utf8PathBuf>>()
    });
    files.collect::<Vec<_>>().into_iter()
}

/// `None` for what cannot be read, as a file that is not there.
fn fingerprint(file: &Utf8Path) -> Option<u64> {
    let mut hasher = DefaultHasher::new();
    std::fs::read(file).ok()?.hash(&mut hasher);
    Some(hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargos_notes_are_read_with_spaces_in_names() {
        let notes = "/t/debug/app: /w/my\\ app/src/main.rs /w/lib/src/lib.rs\n\n/w/x:\n";
        let files: Vec<_> = noted_files(notes).collect();
        assert_eq!(files, ["/w/my app/src/main.rs", "/w/lib/src/lib.rs"]);
    }

    #[test]
    fn rust_files_are_found_in_folders_of_folders() {
        let folder = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(folder.path()).unwrap();
        std::fs::create_dir_all(root.join("a/b")).unwrap();
        for file in ["main.rs", "a/b/c.rs", "a/data.txt"] {
            std::fs::write(root.join(file), "").unwrap();
        }
        let mut found = rust_files(root);
        found.sort();
        assert_eq!(found, [root.join("a/b/c.rs"), root.join("main.rs")]);
        assert_eq!(rust_files(&root.join("none")), [""; 0]);
    }

    #[cfg(unix)]
    #[test]
    fn files_are_known_by_their_real_paths() {
        let folder = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(folder.path()).unwrap().canonicalize_utf8().unwrap();
        std::fs::create_dir(root.join("real")).unwrap();
        std::os::unix::fs::symlink(root.join("real"), root.join("link")).unwrap();
        assert_eq!(real(&root.join("link/Cargo.toml")), root.join("real/Cargo.toml"));
        assert_eq!(real(&root.join("none/Cargo.toml")), root.join("none/Cargo.toml"));
    }

    #[test]
    fn only_what_reads_otherwise_has_changed() {
        let folder = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(folder.path()).unwrap();
        let (file, other) = (root.join("Chalice.toml"), root.join("app.log"));
        std::fs::write(&file, "a").unwrap();
        std::fs::create_dir(root.join("src")).unwrap();
        let mut sources =
            Sources { code: [root.join("src")].into(), files: [file.clone()].into(), ..Sources::default() };
        sources.look();
        assert!(!sources.have_changed_at(&file));
        std::fs::write(&file, "b").unwrap();
        assert!(sources.have_changed_at(&file));
        std::fs::remove_file(&file).unwrap();
        assert!(sources.have_changed_at(&file));

        std::fs::write(&other, "a").unwrap();
        assert!(!sources.have_changed_at(&other));
        assert!(!sources.have_changed_at(&root.join("src/data.log")));
        assert!(sources.have_changed_at(&root.join("src/new.rs")));
        assert_eq!(sources.folders(), ([root.join("src")].into(), [root.to_owned()].into()));
    }
}
