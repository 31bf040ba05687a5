//! What cargo is told beyond the user's own settings, and how those are respected.
//!
//! Cargo takes compiler flags from one source only: `RUSTFLAGS`, else `target.*.rustflags`, else
//! `build.rustflags`. Ours therefore join whichever the user has. A linker or a profile key that the
//! user has set stays as it is, and the user's files are never written.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};
use cargo_metadata::Metadata;
use tokio::process::Command;
use toml::{Table, Value};

use crate::cli::Libc;
use crate::compile::target::Target;
use crate::machine::Machine;
use crate::project::Project;

/// What is built.
pub struct Want<'a> {
    pub project: &'a Project,
    pub target: Target,
    pub profile: &'a str,
    pub packages: &'a Metadata,
}

/// Tells cargo what Lambda needs, where the user has not said otherwise.
pub fn apply(command: &mut Command, user: &UserConfig, want: &Want<'_>) {
    let triple = want.target.triple();
    let mut ours = Vec::new();
    if !user.has_linker(want.target) {
        let linker = match want.target.libc {
            Libc::Musl => {
                // A program at a fixed address has nothing to relocate when it starts: a fifth less of a
                // cold start was measured. It is what rustc does for arm64 anyway.
                let flags =
                    ["-Clink-self-contained=yes", "-Clinker-flavor=ld.lld", "-Crelocation-model=static"];
                ours.extend(flags.map(ToOwned::to_owned));
                Some("rust-lld".to_owned())
            }
            // On the target itself there is none, and cargo's own choice is right.
            Libc::Gnu => want.target.cross_gcc(&want.project.machine),
        };
        if let Some(linker) = linker {
            command.args(["--config", &assignment(&format!("target.{triple}.linker"), linker.into())]);
        }
    }
    ours.extend(remaps(want.project, want.packages));
    match user.flags(want.target) {
        Flags::Variable(flags) => {
            let all: Vec<String> = flags.into_iter().chain(ours).collect();
            command.env("CARGO_ENCODED_RUSTFLAGS", all.join("\u{1f}"));
        }
        // Cargo itself joins lists of `--config` with those of the files and of the environment.
        Flags::Target => {
            command.args(["--config", &assignment(&format!("target.{triple}.rustflags"), ours.into())]);
        }
        Flags::Build(flags) => {
            let all: Vec<String> = flags.into_iter().chain(ours).collect();
            command.args(["--config", &assignment(&format!("target.{triple}.rustflags"), all.into())]);
        }
    }
    for (key, value) in profile_settings(user, want.profile) {
        command.args(["--config", &assignment(&format!("profile.{}.{key}", want.profile), value)]);
    }
}

/// What a small and fast function wants of its profile, without the keys the user has set.
/// Unwinding is cargo's default and stays: a panic is answered as one 500, and the function survives.
fn profile_settings(user: &UserConfig, profile: &str) -> Vec<(&'static str, Value)> {
    if !user.lineage(profile).iter().any(|name| name == "release") {
        return Vec::new();
    }
    let settings: [(&str, Value); 3] =
        [("lto", "fat".into()), ("codegen-units", 1.into()), ("strip", "symbols".into())];
    settings.into_iter().filter(|(key, _)| user.profile_key(profile, key).is_none()).collect()
}

/// Folders that would otherwise stand in panic messages, so that the same source gives the same
/// bytes wherever it lies. Of several that match, rustc takes the last.
fn remaps(project: &Project, packages: &Metadata) -> Vec<String> {
    let mut pairs: Vec<(Utf8PathBuf, String)> = Vec::new();
    pairs.extend(project.machine.cargo_home().map(|folder| (folder, "/cargo".to_owned())));
    pairs.push((project.workspace_root.clone(), "/project".to_owned()));
    pairs.push((project.target_dir.clone(), "/target".to_owned()));
    for package in packages.packages.iter().filter(|package| package.source.is_none()) {
        if let Some(folder) =
            package.manifest_path.parent().filter(|folder| !folder.starts_with(&project.workspace_root))
        {
            pairs.push((folder.to_owned(), format!("/dependency/{}", package.name)));
        }
    }
    pairs.iter().map(|(from, to)| format!("--remap-path-prefix={from}={to}")).collect()
}

/// `key=value` as cargo's `--config` takes it.
fn assignment(key: &str, value: Value) -> String {
    format!("{key}={value}")
}

/// Where the user's compiler flags are.
#[derive(Debug, PartialEq, Eq)]
enum Flags {
    /// In `RUSTFLAGS` or `CARGO_ENCODED_RUSTFLAGS`, which silence every other source.
    Variable(Vec<String>),
    /// In a list for the target, which cargo joins with ours; or nowhere.
    Target,
    /// In the list for all targets, which one for the target silences.
    Build(Vec<String>),
}

/// What the user told cargo, in files and variables.
#[derive(Debug, Default)]
pub struct UserConfig {
    machine: Machine,
    /// The workspace's `Cargo.toml`, for its profiles.
    manifest: Table,
    /// Cargo's configuration files, nearest first.
    files: Vec<Table>,
}

impl UserConfig {
    /// Reads what applies to the project. A file that is broken is left to cargo to complain about.
    /// <https://doc.rust-lang.org/cargo/reference/config.html#hierarchical-structure>
    pub fn read(project: &Project) -> Self {
        let read = |path: &Utf8Path| std::fs::read_to_string(path).ok()?.parse::<Table>().ok();
        let folders = project.root.ancestors().map(|folder| folder.join(".cargo"));
        let mut folders: Vec<Utf8PathBuf> = folders.collect();
        folders.extend(project.machine.cargo_home().filter(|home| !folders.contains(home)));
        let file =
            |folder: &Utf8PathBuf| read(&folder.join("config")).or_else(|| read(&folder.join("config.toml")));
        Self {
            machine: project.machine.clone(),
            manifest: read(&project.workspace_root.join("Cargo.toml")).unwrap_or_default(),
            files: folders.iter().filter_map(file).collect(),
        }
    }

    /// Whether the user has chosen a linker for the target.
    pub fn has_linker(&self, target: Target) -> bool {
        let in_flags = |flags: &[String]| flags.iter().any(|flag| flag.contains("linker="));
        self.machine.variable(&variable(target, "LINKER")).is_some()
            || self.lookup(&["target", target.triple(), "linker"]).is_some()
            || in_flags(&self.target_flags(target))
            || match self.flags(target) {
                Flags::Variable(flags) | Flags::Build(flags) => in_flags(&flags),
                Flags::Target => false,
            }
    }

    /// The value of a profile's key, its own or inherited; `None` when the user has not set it.
    pub fn profile_key(&self, profile: &str, key: &str) -> Option<String> {
        self.lineage(profile).iter().find_map(|name| self.own_profile_key(name, key))
    }

    /// The profile and those it inherits from.
    fn lineage(&self, profile: &str) -> Vec<String> {
        let mut lineage = vec![profile.to_owned()];
        let mut known = BTreeSet::from([profile.to_owned()]);
        while let Some(parent) = lineage.last().and_then(|name| self.own_profile_key(name, "inherits")) {
            // A circle is cargo's to complain about.
            if !known.insert(parent.clone()) {
                break;
            }
            lineage.push(parent);
        }
        lineage
    }

    fn own_profile_key(&self, profile: &str, key: &str) -> Option<String> {
        let variable = format!("CARGO_PROFILE_{}_{}", screaming(profile), screaming(key));
        if let Some(value) = self.machine.variable(&variable) {
            return Some(value.to_owned());
        }
        let path = ["profile", profile, key];
        let value = self.lookup(&path).or_else(|| find(&self.manifest, &path));
        value.map(|value| value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned))
    }

    fn flags(&self, target: Target) -> Flags {
        if let Some(flags) = self.machine.variable("CARGO_ENCODED_RUSTFLAGS") {
            return Flags::Variable(flags.split('\u{1f}').map(ToOwned::to_owned).collect());
        }
        if let Some(flags) = self.machine.variable("RUSTFLAGS") {
            return Flags::Variable(words(flags));
        }
        let build = self.list(&["build", "rustflags"], "CARGO_BUILD_RUSTFLAGS");
        if build.is_empty() || !self.target_flags(target).is_empty() {
            Flags::Target
        } else {
            Flags::Build(build)
        }
    }

    fn target_flags(&self, target: Target) -> Vec<String> {
        self.list(&["target", target.triple(), "rustflags"], &variable(target, "RUSTFLAGS"))
    }

    /// A list of flags: those of the farthest file first, as cargo joins them.
    fn list(&self, path: &[&str], variable: &str) -> Vec<String> {
        let mut flags = Vec::new();
        for file in self.files.iter().rev() {
            match find(file, path) {
                Some(Value::String(text)) => flags.extend(words(text)),
                Some(Value::Array(list)) => {
                    flags.extend(list.iter().filter_map(Value::as_str).map(ToOwned::to_owned));
                }
                _ => {}
            }
        }
        flags.extend(words(self.machine.variable(variable).unwrap_or_default()));
        flags
    }

    fn lookup(&self, path: &[&str]) -> Option<&Value> {
        self.files.iter().find_map(|file| find(file, path))
    }
}

fn find<'t>(table: &'t Table, path: &[&str]) -> Option<&'t Value> {
    let (last, folders) = path.split_last()?;
    folders.iter().try_fold(table, |table, key| table.get(*key)?.as_table())?.get(*last)
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(ToOwned::to_owned).collect()
}

/// The name of cargo's variable for a key of the target.
fn variable(target: Target, key: &str) -> String {
    format!("CARGO_TARGET_{}_{key}", screaming(target.triple()))
}

fn screaming(text: &str) -> String {
    text.to_uppercase().replace('-', "_")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Architecture;

    const ARM: Target = Target { architecture: Architecture::Arm64, libc: Libc::Musl };

    fn user(manifest: &str, files: &[&str], variables: &[(&str, &str)]) -> UserConfig {
        UserConfig {
            machine: Machine::of(Utf8Path::new("/w"), variables),
            manifest: manifest.parse().expect("a manifest"),
            files: files.iter().map(|file| file.parse().expect("a file")).collect(),
        }
    }

    fn keys(user: &UserConfig, profile: &str) -> Vec<&'static str> {
        profile_settings(user, profile).into_iter().map(|(key, _)| key).collect()
    }

    #[test]
    fn a_profile_key_that_the_user_has_set_anywhere_stays() {
        assert_eq!(keys(&user("", &[], &[]), "release"), ["lto", "codegen-units", "strip"]);
        assert_eq!(
            keys(&user("[profile.release]\nlto = false", &[], &[]), "release"),
            ["codegen-units", "strip"]
        );
        assert_eq!(
            keys(&user("", &["[profile.release]\nstrip = true"], &[]), "release"),
            ["lto", "codegen-units"]
        );
        assert_eq!(
            keys(&user("", &[], &[("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "4")]), "release"),
            ["lto", "strip"]
        );
    }

    #[test]
    fn a_profile_of_the_users_own_inherits_what_release_has_set() {
        let manifest =
            "[profile.release]\nlto = 'thin'\n[profile.small]\ninherits = 'release'\nopt-level = 's'";
        assert_eq!(keys(&user(manifest, &[], &[]), "small"), ["codegen-units", "strip"]);
        assert_eq!(keys(&user("[profile.quick]\ninherits = 'dev'", &[], &[]), "quick"), [""; 0]);
        assert_eq!(keys(&user("", &[], &[]), "dev"), [""; 0]);
        assert_eq!(
            keys(&user("[profile.a]\ninherits = 'b'\n[profile.b]\ninherits = 'a'", &[], &[]), "a"),
            [""; 0]
        );
    }

    #[test]
    fn our_flags_join_the_source_that_the_user_has() {
        let build = "[build]\nrustflags = ['-Ca']";
        let near = "[target.aarch64-unknown-linux-musl]\nrustflags = '-Cb -Cc'";
        assert_eq!(user("", &[], &[]).flags(ARM), Flags::Target);
        assert_eq!(user("", &[build], &[]).flags(ARM), Flags::Build(vec!["-Ca".to_owned()]));
        assert_eq!(user("", &[near, build], &[]).flags(ARM), Flags::Target);
        assert_eq!(
            user("", &[build], &[("RUSTFLAGS", " -Cd  -Ce")]).flags(ARM),
            Flags::Variable(vec!["-Cd".to_owned(), "-Ce".to_owned()])
        );
        assert_eq!(
            user("", &[build], &[("RUSTFLAGS", "-Cd"), ("CARGO_ENCODED_RUSTFLAGS", "-C\u{1f}x y")])
                .flags(ARM),
            Flags::Variable(vec!["-C".to_owned(), "x y".to_owned()])
        );
        assert_eq!(
            user("", &[build, "[build]\nrustflags = '-Cfar'"], &[("CARGO_BUILD_RUSTFLAGS", "-Cv")])
                .flags(ARM),
            Flags::Build(vec!["-Cfar".to_owned(), "-Ca".to_owned(), "-Cv".to_owned()])
        );
    }

    #[test]
    fn a_linker_that_the_user_has_set_anywhere_stays() {
        assert!(!user("", &["[target.x86_64-unknown-linux-musl]\nlinker = 'x'"], &[]).has_linker(ARM));
        assert!(user("", &["[target.aarch64-unknown-linux-musl]\nlinker = 'x'"], &[]).has_linker(ARM));
        assert!(user("", &[], &[("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_MUSL_LINKER", "x")]).has_linker(ARM));
        assert!(user("", &[], &[("RUSTFLAGS", "-C linker=x")]).has_linker(ARM));
        assert!(user("", &["[build]\nrustflags = ['-Clinker=x']"], &[]).has_linker(ARM));
        assert!(
            user("", &["[target.aarch64-unknown-linux-musl]\nrustflags = ['-Clinker=x']"], &[])
                .has_linker(ARM)
        );
    }

    #[test]
    fn assignments_are_toml_whatever_the_folders_name() {
        let line =
            assignment("target.a.rustflags", vec!["--remap-path-prefix=/a \"b\"\\=/p".to_owned()].into());
        let table: Table = line.parse().expect("TOML");
        assert_eq!(
            find(&table, &["target", "a", "rustflags"]).and_then(|list| list[0].as_str()),
            Some("--remap-path-prefix=/a \"b\"\\=/p")
        );
    }
}
