//! The house rules of STYLE.md and the invariants of ARCHITECTURE.md that a machine can check.
//!
//! One test a rule; each names every place that breaks it. Not here: what rustc, clippy and rustfmt check already.

use std::{
    fs,
    path::{Path, PathBuf},
};

#[test]
fn every_file_says_what_lives_in_it() {
    // A template is the user's first file, and it is theirs to describe.
    let files = rust_files(&["."]).into_iter().filter(|file| !file.path.starts_with("templates/"));
    check(files, |file| !file.text.trim_start().starts_with("//!"), "has no `//!` header");
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
fn only_the_expansion_quotes() {
    let others = rust_files(&["chalice-rs-macros/src"]).into_iter().filter(|file| {
        // The macro crate's tests quote attributes and functions to try.
        !file.is("chalice-rs-macros/src/expand.rs")
            && !file.path.starts_with("chalice-rs-macros/src/expand")
            && !file.path.starts_with("chalice-rs-macros/src/tests")
    });
    check_lines(others, |line| line.contains("quote!") || line.contains("quote_spanned!"));
}

#[test]
fn only_the_resources_change_aws() {
    const WRITES: [&str; 9] = [
        "create_",
        "update_",
        "put_",
        "delete_",
        "add_permission",
        "remove_permission",
        "publish_",
        "tag_",
        "untag_",
    ];
    let others = rust_files(&["cargo-chalice/src"])
        .into_iter()
        .filter(|file| !file.path.starts_with("cargo-chalice/src/resource/"));
    // An SDK call is a method of a client; a client stands at the end of what comes before the dot.
    check_lines(others, |line| {
        WRITES.iter().any(|write| {
            line.split_once(&format!(".{write}")).is_some_and(|(before, after)| {
                let called = before.trim_end().ends_with("()") || before.trim().is_empty();
                called && after.split_once('(').is_some_and(|(_, rest)| rest.starts_with(')'))
            })
        })
    });
}

#[test]
fn only_the_machine_reads_the_environment() {
    let others = rust_files(&["cargo-chalice/src"])
        .into_iter()
        .filter(|file| !file.is("cargo-chalice/src/machine.rs"));
    check_lines(others, |line| line.contains("env::var"));
}

#[test]
fn only_the_artifact_reads_executables() {
    let others = rust_files(&["cargo-chalice/src"])
        .into_iter()
        .filter(|file| !file.path.starts_with("cargo-chalice/src/artifact"));
    check_lines(others, |line| line.contains("object::"));
}

#[test]
fn only_two_places_know_the_runtime_api() {
    let others = rust_files(&["chalice-rs/src", "chalice-rs-wire/src", "cargo-chalice/src"])
        .into_iter()
        .filter(|file| {
            !file.path.starts_with("chalice-rs/src/serve")
                && !file.path.starts_with("cargo-chalice/src/local/")
        });
    check_lines(others, |line| line.contains("2018-06-01"));
}

/// The modules of the tool, each of which may name only those before it.
const TOOL: [&str; 24] = [
    // Words that everybody uses.
    "suggest", "scope", "machine", "cli", "failure", "report", // What is to be deployed.
    "settings", "config", "project", "compile", "artifact", // Where to.
    "sandbox", "aws", // What it means there, and what it takes.
    "resource", "desired", "observe", "plan", "consent", "execute", // What a user starts.
    "local", "template", "logs", "command", "main",
];

/// A flag has the type that its reader parses; an error names the kind of resource that is in the way.
const EXCEPTIONS: [(&str, &str); 3] = [("cli", "logs"), ("cli", "local"), ("aws", "resource")];

#[test]
fn no_stage_of_the_tool_names_a_later_one() {
    let rank = |module: &str| TOOL.iter().position(|known| *known == module);
    let mut bad = Vec::new();
    for file in rust_files(&["cargo-chalice/src"]) {
        let inside = file.path.trim_start_matches("cargo-chalice/src/");
        let module = inside.split(['/', '.']).next().unwrap();
        let own = rank(module)
            .unwrap_or_else(|| panic!("`{module}` has no place in the list of the tool's modules"));
        // The report prints what the stages made, so it knows their types.
        if module == "report" {
            continue;
        }
        for used in file.code().split("crate::").skip(1) {
            let used: String = used.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            let excepted = EXCEPTIONS.contains(&(module, used.as_str()));
            if rank(&used).is_some_and(|used| used > own) && !excepted {
                bad.push(format!("{} names `{used}`", file.path));
            }
        }
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

#[test]
fn the_architecture_names_every_file_and_folder_of_source() {
    let text = read("ARCHITECTURE.md");
    let missing: Vec<String> = CRATES
        .iter()
        .flat_map(|name| source_entries(name))
        .filter(|path| {
            let name = path.rsplit('/').next().unwrap();
            // A folder stands there with its slash; tests and roots need no line.
            let named = if name.contains('.') { format!("`{name}`") } else { format!("`{name}/`") };
            !matches!(name, "lib.rs" | "tests.rs" | "tests") && !text.contains(&named)
        })
        .collect();
    assert!(missing.is_empty(), "ARCHITECTURE.md does not name {}", missing.join(", "));
}

#[test]
fn the_architecture_names_nothing_that_is_gone() {
    let text = read("ARCHITECTURE.md");
    let mut known: Vec<String> = Vec::new();
    walk(&root(), &mut |path| {
        known.push(path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/"))
    });
    let gone: Vec<&str> = text
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|word| word.ends_with(".rs") || word.ends_with('/') || word.ends_with(".toml"))
        .filter(|word| !known.iter().any(|path| format!("/{path}").contains(&format!("/{word}"))))
        .collect();
    assert!(gone.is_empty(), "ARCHITECTURE.md names what is not there: {}", gone.join(", "));
}

#[test]
fn every_command_the_documents_show_is_run_by_a_test() {
    let mut tests = String::new();
    for file in rust_files(&["cargo-chalice/tests", "cargo-chalice/src", "xtask/src"]) {
        let text =
            if file.path.contains("/tests/") || file.path.starts_with("xtask") { &file.text } else { "" };
        tests.push_str(text);
    }
    let mut missing = Vec::new();
    for document in ["README.md", "CONTRIBUTING.md"] {
        for command in read(document).lines().filter_map(|line| line.strip_prefix("$ cargo ")) {
            let mut words = command.split_whitespace();
            let covered = match words.next() {
                // A test gives the tool its command as one word, or at the start of a line of words.
                Some("chalice") => words.next().is_some_and(|verb| {
                    ["\"", " ", "\\n"].iter().any(|end| tests.contains(&format!("\"{verb}{end}")))
                }),
                // The recipes are this package; that they are spelled right is all that can be asked here.
                Some("xtask") => words.next().is_some_and(|recipe| {
                    let mut letters = recipe.chars();
                    let first = letters.next().map(|c| c.to_ascii_uppercase());
                    let variant: String = first.into_iter().chain(letters).collect();
                    tests.contains(&format!("Recipe::{variant}"))
                }),
                _ => true,
            };
            if !covered {
                missing.push(format!("{document}: cargo {command}"));
            }
        }
    }
    assert!(missing.is_empty(), "no test runs:\n{}", missing.join("\n"));
}

#[test]
fn the_readme_shows_the_app_that_a_new_project_is() {
    let readme = read("README.md");
    let shown = readme.split_once("```rust,no_run\n").and_then(|(_, rest)| rest.split_once("```")).unwrap().0;
    let template = read("templates/hello/src/main.rs").replace("#[cfg(test)]\nmod tests;\n\n", "");
    assert_eq!(shown, template);
    assert!(shown.lines().count() <= 12, "hello world takes more than 12 lines");
}

#[test]
fn the_readme_sets_only_keys_that_exist() {
    let readme = read("README.md");
    let file = readme.split_once("```toml\n").and_then(|(_, rest)| rest.split_once("```")).unwrap().0;
    let tables = file.split_once("\n\n").unwrap().0.lines();
    let keys: Vec<&str> = tables.filter_map(|line| Some(line.split_once(" =")?.0)).collect();
    let known = read("cargo-chalice/src/config.rs");
    assert!(keys.len() > 4, "the configuration's example was not found");
    for key in keys {
        assert!(
            known.contains(&format!("\"{key}\"")),
            "README.md shows the key `{key}`, which does not exist"
        );
    }
}

#[test]
fn the_readme_lists_every_command_and_exit_code() {
    let readme = read("README.md");
    let main = read("cargo-chalice/src/cli.rs");
    let commands =
        main.split_once("pub enum Command {").and_then(|(_, rest)| rest.split_once("\n}")).unwrap().0;
    let commands =
        commands.lines().filter_map(|line| line.trim().split_once('(')).map(|(name, _)| name.to_lowercase());
    let codes = read("cargo-chalice/src/failure.rs");
    let codes = codes
        .lines()
        .filter_map(|line| line.trim().strip_suffix(',')?.split_once(" = "))
        .map(|(_, code)| code.to_owned());
    let rows: Vec<String> =
        commands.map(|name| format!("| `{name}")).chain(codes.map(|code| format!("| {code} |"))).collect();
    assert!(rows.len() > 20, "the commands and codes were not found");
    let missing: Vec<&String> = rows.iter().filter(|row| !readme.contains(*row)).collect();
    assert!(missing.is_empty(), "README.md has no row {missing:?}");
}

#[test]
fn every_example_has_a_readme_and_a_test() {
    for folder in folders_in("examples") {
        assert!(root().join(&folder).join("README.md").is_file(), "`{folder}` has no README.md");
        let tested = rust_files(&[&folder])
            .iter()
            .any(|file| file.text.contains("#[test]") || file.text.contains("::test]"));
        assert!(tested, "`{folder}` has no test");
        let member = format!("\"{folder}\"");
        assert!(read("Cargo.toml").contains(&member), "`{folder}` is no member of the workspace");
    }
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

#[test]
fn the_benchmark_links_as_the_tool_does() {
    let flags = read("cargo-chalice/src/compile/flags.rs");
    let code = flags.split("\n#[cfg(test)]").next().unwrap();
    let ours: Vec<&str> =
        code.split('"').filter(|word| word.starts_with("-C") && !word.contains('{')).collect();
    assert!(!ours.is_empty(), "the tool's flags were not found");
    let bench = read("xtask/src/bench/app.rs");
    for flag in ours {
        assert!(bench.contains(flag), "the benchmark does not link with `{flag}`");
    }
}

/// The crates of the product.
const CRATES: [&str; 5] =
    ["chalice-rs-manifest", "chalice-rs-wire", "chalice-rs-macros", "chalice-rs", "cargo-chalice"];

/// The files and folders directly below a crate's sources.
fn source_entries(name: &str) -> Vec<String> {
    let folder = format!("{name}/src");
    let entries = fs::read_dir(root().join(&folder)).unwrap();
    entries.map(|entry| format!("{folder}/{}", entry.unwrap().file_name().to_string_lossy())).collect()
}

fn folders_in(folder: &str) -> Vec<String> {
    let Ok(entries) = fs::read_dir(root().join(folder)) else {
        return Vec::new();
    };
    let folders = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    folders.map(|path| format!("{folder}/{}", path.file_name().unwrap().to_string_lossy())).collect()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
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
