//! The project that `new` writes: embedded in this program, so that no network is needed for it.
//!
//! Not here: what may be a project's name; see `command/new.rs`.

use camino::{Utf8Path, Utf8PathBuf};
use include_dir::{Dir, DirEntry, include_dir};
use miette::Diagnostic;
use thiserror::Error;

use crate::failure::{Exit, StageError};

static HELLO: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../templates/hello");

/// What differs from project to project; only `Cargo.toml` has places for it.
#[derive(Debug, Clone)]
pub struct Values {
    /// The package's name.
    pub app_name: String,
    /// What stands behind `chalice-rs =`.
    pub chalice_rs: toml::Value,
}

/// Writes the template into a new folder.
pub fn expand(folder: &Utf8Path, values: &Values) -> Result<(), TemplateError> {
    write(&HELLO, folder, values)
}

fn write(template: &Dir<'_>, folder: &Utf8Path, values: &Values) -> Result<(), TemplateError> {
    let failed = |path: &Utf8Path| {
        let path = path.to_owned();
        move |source| TemplateError::Write { path, source }
    };
    std::fs::create_dir_all(folder).map_err(failed(folder))?;
    for entry in template.entries() {
        let Some(name) = entry.path().file_name().and_then(|name| name.to_str()) else { continue };
        let path = folder.join(name);
        match entry {
            DirEntry::Dir(inner) => write(inner, &path, values)?,
            DirEntry::File(file) if name == "Cargo.toml" => {
                let text = fill(file.contents_utf8().unwrap_or_default(), values);
                std::fs::write(&path, text).map_err(failed(&path))?;
            }
            DirEntry::File(file) => std::fs::write(&path, file.contents()).map_err(failed(&path))?,
        }
    }
    Ok(())
}

fn fill(text: &str, values: &Values) -> String {
    text.replace("{{app_name}}", &values.app_name).replace("{{chalice_rs}}", &values.chalice_rs.to_string())
}

/// Why there is no new project.
#[derive(Debug, Error, Diagnostic)]
pub enum TemplateError {
    #[error("cannot write `{path}`")]
    #[diagnostic(
        code(chalice::template::write),
        help(
            "check the folder's permissions and that the disk has room; remove what was begun and try again"
        )
    )]
    Write { path: Utf8PathBuf, source: std::io::Error },
}

impl StageError for TemplateError {
    fn exit(&self) -> Exit {
        Exit::Project
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_manifest_has_places_to_fill() {
        let mut open: Vec<&Dir<'_>> = vec![&HELLO];
        let mut with_places = Vec::new();
        while let Some(folder) = open.pop() {
            open.extend(folder.dirs());
            let has_places =
                |file: &&include_dir::File<'_>| file.contents_utf8().is_some_and(|text| text.contains("{{"));
            with_places.extend(folder.files().filter(has_places).map(|file| file.path().to_owned()));
        }
        assert_eq!(with_places, [std::path::Path::new("Cargo.toml")]);
    }

    #[test]
    fn the_example_is_what_new_writes() {
        let example = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("examples/hello");
        for name in ["src/main.rs", "src/tests.rs", "Chalice.toml"] {
            let text = std::fs::read_to_string(example.join(name)).expect(name);
            let ours = HELLO.get_file(name).and_then(include_dir::File::contents_utf8).expect(name);
            let (header, rest) = text.split_at(text.len() - ours.len());
            assert_eq!(rest, ours, "{name}");
            assert!(header.is_empty() || header.starts_with("//! ") && header.ends_with("\n\n"), "{header}");
        }
    }

    #[test]
    fn hello_world_has_at_most_twelve_lines() {
        let main = HELLO.get_file("src/main.rs").and_then(include_dir::File::contents_utf8).expect("main.rs");
        assert!(main.lines().filter(|line| !line.trim().is_empty()).count() <= 12, "{main}");
    }

    #[test]
    fn every_line_of_the_configuration_is_a_comment_that_would_be_valid() {
        let file = HELLO.get_file("Chalice.toml").and_then(include_dir::File::contents_utf8).expect("a file");
        assert!(file.lines().all(|line| line.is_empty() || line.starts_with('#')), "{file}");
        let is_setting = |line: &&str| {
            line.starts_with('[') || line.split_once(" = ").is_some_and(|(key, _)| !key.contains(' '))
        };
        let settings: Vec<&str> =
            file.lines().filter_map(|line| line.strip_prefix("# ")).filter(is_setting).collect();
        assert!(settings.len() > 10, "{settings:?}");
        crate::config::Config::parse(Utf8Path::new("Chalice.toml"), &settings.join("\n"))
            .expect("valid settings");
    }
}
