//! The house rules of STYLE.md and the invariants of ARCHITECTURE.md that a machine can check.
//!
//! One test a rule; each names every place that breaks it. Not here: what rustc, clippy and rustfmt check already.

use std::{
    fs,
    path::{Path, PathBuf},
};

#[test]
fn every_file_says_what_lives_in_it() {
    check(rust_files(&["."]), |file| !file.text.trim_start().starts_with("//!"), "has no `//!` header");
}

#[test]
fn only_the_report_prints() {
    const PRINTS: [&str; 4] = ["println!(", "eprintln!(", "print!(", "eprint!("];
    let files = rust_files(&[
        "chalice-rs-manifest/src",
        "chalice-rs-wire/src",
        "chalice-rs-macros/src",
        "chalice-rs/src",
    ]);
    let tool =
        rust_files(&["cargo-chalice/src"]).into_iter().filter(|file| !file.is("cargo-chalice/src/report.rs"));
    check_lines(files.into_iter().chain(tool), |line| PRINTS.iter().any(|print| line.contains(print)));
}

#[test]
fn nothing_is_allowed_only_expected() {
    // In two pieces, or this file would break its own rule.
    let attribute = ["allow", "("].concat();
    let hits = move |line: &str| {
        line.contains(&format!("#[{attribute}")) || line.contains(&format!("#![{attribute}"))
    };
    check_lines(rust_files(&["."]), hits);
}

#[test]
fn long_files_say_why_they_are_long() {
    const LONG: usize = 600;
    let too_long =
        |file: &File| file.code().lines().count() > LONG && !file.header().contains("Long because");
    let sources = rust_files(&["."]).into_iter().filter(|file| !file.path.contains("/tests/"));
    check(sources, too_long, "has more than 600 lines and its header has no `Long because`");
}

#[test]
fn the_shared_crates_do_no_io() {
    const IO: [&str; 7] =
        ["async fn", "std::fs", "TcpStream", "std::env", "SystemTime::now", "Instant::now", "std::process"];
    let files = rust_files(&["chalice-rs-manifest/src", "chalice-rs-wire/src"]);
    check_lines(files, |line| IO.iter().any(|word| line.contains(word)));
}

#[test]
fn the_benchmarked_apps_are_built_alike() {
    let profile = |folder: &str| {
        let path = root().join("xtask/bench-apps").join(folder).join("Cargo.toml");
        let text = fs::read_to_string(&path).unwrap();
        text.split_once("[profile.release]").expect("a release profile").1.trim().to_owned()
    };
    assert_eq!(profile("peers"), profile("chalice"));
}

/// One source file, with its path from the repository's top.
struct File {
    path: String,
    text: String,
}

impl File {
    fn is(&self, path: &str) -> bool {
        self.path == path
    }

    /// Without the tests at its end.
    fn code(&self) -> &str {
        self.text.split("\n#[cfg(test)]\nmod ").next().unwrap_or_default()
    }

    fn header(&self) -> String {
        self.text.lines().take_while(|line| line.starts_with("//!")).collect()
    }
}

/// Fails with the path of every file that breaks a rule.
fn check(files: impl IntoIterator<Item = File>, breaks: impl Fn(&File) -> bool, how: &str) {
    let mut seen = 0;
    let mut bad = Vec::new();
    for file in files {
        seen += 1;
        if breaks(&file) {
            bad.push(format!("{} {how}", file.path));
        }
    }
    assert!(seen > 0, "the rule looked at no file");
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

/// Fails with every line of code, tests and comments left out, that breaks a rule.
fn check_lines(files: impl IntoIterator<Item = File>, breaks: impl Fn(&str) -> bool) {
    let mut seen = 0;
    let mut bad = Vec::new();
    for file in files {
        seen += 1;
        for (number, line) in file.code().lines().enumerate() {
            if !line.trim_start().starts_with("//") && breaks(line) {
                bad.push(format!("{}:{}: {}", file.path, number + 1, line.trim()));
            }
        }
    }
    assert!(seen > 0, "the rule looked at no file");
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

/// All Rust files below these folders of the repository that people wrote for people: no build output, and not the
/// small programs of the ui tests, which are each one mistake.
fn rust_files(folders: &[&str]) -> Vec<File> {
    let mut files = Vec::new();
    for folder in folders {
        walk(&root().join(folder), &mut |path| {
            if path.extension().is_some_and(|extension| extension == "rs") {
                let relative = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
                files.push(File {
                    path: relative.trim_start_matches("./").to_owned(),
                    text: fs::read_to_string(path).unwrap(),
                });
            }
        });
    }
    files
}

fn walk(folder: &Path, visit: &mut impl FnMut(&Path)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            let skipped = name == "target" || name.starts_with('.') || path.ends_with("tests/ui");
            if !skipped {
                walk(&path, visit);
            }
        } else {
            visit(&path);
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}
