//! What this process was given: environment variables, the current folder, programs on the path.
//!
//! The only file that reads the environment, so that every stage's behaviour follows from its
//! arguments. (The AWS SDK reads the `AWS_*` variables by itself.)

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

/// A picture of the environment, taken once.
#[derive(Debug, Clone, Default)]
pub struct Machine {
    /// The variables whose names and values are UTF-8; no other one is of interest.
    variables: BTreeMap<String, String>,
    /// The current folder.
    folder: Utf8PathBuf,
}

impl Machine {
    /// Takes the picture.
    pub fn read() -> Self {
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        let folder = std::env::current_dir().ok().and_then(|folder| Utf8PathBuf::try_from(folder).ok());
        Self { variables, folder: folder.unwrap_or_else(|| Utf8PathBuf::from(".")) }
    }

    /// The value of a variable; an empty one counts as unset.
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The current folder.
    pub fn folder(&self) -> &Utf8Path {
        &self.folder
    }

    /// The path as a user in the current folder would write it.
    pub fn relative<'p>(&self, path: &'p Utf8Path) -> &'p Utf8Path {
        match path.strip_prefix(&self.folder) {
            Ok(relative) if relative.as_str().is_empty() => Utf8Path::new("."),
            Ok(relative) => relative,
            Err(_) => path,
        }
    }

    /// Where a program lies that can be called by its name.
    pub fn program(&self, name: &str) -> Option<Utf8PathBuf> {
        let path = self.variable("PATH")?;
        let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        std::env::split_paths(path)
            .filter_map(|folder| Utf8PathBuf::try_from(folder).ok())
            .map(|folder| folder.join(&file))
            .find(|program| program.is_file())
    }

    /// The cargo to call: the one that called us, when it did.
    pub fn cargo(&self) -> &str {
        self.variable("CARGO").unwrap_or("cargo")
    }

    /// The user's home folder.
    pub fn home(&self) -> Option<&Utf8Path> {
        self.variable(if cfg!(windows) { "USERPROFILE" } else { "HOME" }).map(Utf8Path::new)
    }

    /// Cargo's own folder: its configuration and the sources it has fetched.
    pub fn cargo_home(&self) -> Option<Utf8PathBuf> {
        match self.variable("CARGO_HOME") {
            Some(folder) => Some(self.folder.join(folder)),
            None => self.home().map(|home| home.join(".cargo")),
        }
    }
}

#[cfg(test)]
impl Machine {
    /// A machine as a test wants it.
    pub fn of(folder: &Utf8Path, variables: &[(&str, &str)]) -> Self {
        let variables = variables.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        Self { variables, folder: folder.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_variable_counts_as_unset() {
        let machine = Machine::of(Utf8Path::new("/w"), &[("RUSTFLAGS", ""), ("CARGO", "/bin/cargo")]);
        assert_eq!(machine.variable("RUSTFLAGS"), None);
        assert_eq!(machine.cargo(), "/bin/cargo");
    }

    #[test]
    fn paths_are_shown_as_seen_from_the_current_folder() {
        let machine = Machine::of(Utf8Path::new("/w"), &[]);
        assert_eq!(machine.relative(Utf8Path::new("/w/a/Chalice.toml")), "a/Chalice.toml");
        assert_eq!(machine.relative(Utf8Path::new("/w")), ".");
        assert_eq!(machine.relative(Utf8Path::new("/x/y")), "/x/y");
    }
}
