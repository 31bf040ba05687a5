//! The records are in the executable, however it is compiled and linked.
//!
//! A small program (`section/`) with routes in its own modules and in a library, a blueprint and
//! authorizers is built with each setting that we document, for both of Lambda's architectures, by the
//! linkers that we document, and read back. It has the least runtime that links, so that a build takes a second or two; the
//! compiler is called without cargo, which would compile the attributes anew for each setting.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use chalice_rs_manifest::{Authorizer, By, Record, section};
use object::{Object, ObjectSection};
use serde_json::Value;

const ARM: &str = "aarch64-unknown-linux-musl";
const INTEL: &str = "x86_64-unknown-linux-musl";

/// What cargo says to the compiler for a release build.
const RELEASE: &[&str] = &["-Copt-level=3"];
const FAT: &[&str] = &["-Copt-level=3", "-Clto=fat"];
const THIN: &[&str] = &["-Copt-level=3", "-Clto=thin"];
const ONE_UNIT: &[&str] = &["-Copt-level=3", "-Ccodegen-units=1"];
const STRIPPED: &[&str] = &["-Copt-level=3", "-Cstrip=symbols"];
const SMALL: &[&str] = &["-Copt-level=s"];
const ALL: &[&str] = &["-Copt-level=s", "-Clto=fat", "-Ccodegen-units=1", "-Cstrip=symbols"];

const RUST_LLD: &[&str] = &[
    "-Clinker=rust-lld",
    "-Clinker-flavor=ld.lld",
    "-Clink-self-contained=yes",
    "-Crelocation-model=static",
];

/// What the program declares, and where it stands.
const DECLARED: [&str; 7] = [
    "GET /hello/<name> app::hello app.rs:8",
    "POST /users app::users::add app.rs:14",
    "blueprint /library library library.rs:5",
    "DELETE /<id> library::private library.rs:7",
    "authorizer users library::admin library.rs:13",
    "authorizer check library::admin library.rs:15",
    "ANY /admin library::admin::all library.rs:20",
];

#[test]
fn records_survive_the_release_settings_on_intel() {
    for settings in [RELEASE, FAT, THIN, ONE_UNIT, STRIPPED, SMALL, ALL] {
        check("lld", INTEL, settings, RUST_LLD);
    }
}

#[test]
fn records_survive_the_release_settings_on_arm() {
    for settings in [RELEASE, FAT, ALL] {
        check("lld", ARM, settings, RUST_LLD);
    }
}

#[test]
fn records_survive_the_linker_of_this_machine() {
    let host = host();
    for settings in [RELEASE, ALL] {
        check("host", &host, settings, &[]);
    }
}

#[test]
fn records_survive_zig_as_the_linker() {
    // One architecture: zig compiles its C library for each, which takes longer than all the rest.
    let linker = format!("-Clinker={}", zig(INTEL).display());
    for settings in [RELEASE, ALL] {
        check("zig", INTEL, settings, &[&linker, "-Clink-self-contained=no"]);
    }
}

/// Builds the program, reads its records and, if this machine can, asks it for them.
#[track_caller]
fn check(linker: &str, target: &str, settings: &[&str], link: &[&str]) {
    let what = format!("{linker} {target} {}", settings.join(" "));
    let program = build(linker, target, settings, link);
    let bytes = fs::read(&program).expect("the program");
    let file = object::File::parse(&*bytes).expect("an executable");
    let name = match file.format() {
        object::BinaryFormat::MachO => section::NAME_MACH_O.1,
        _ => section::NAME,
    };
    let records = file.section_by_name(name).unwrap_or_else(|| panic!("{what}: no section"));
    let records = section::decode(records.data().expect("its bytes")).expect("records");

    let (apps, others): (Vec<&Record>, Vec<&Record>) =
        records.iter().partition(|record| matches!(record, Record::App(_)));
    let [Record::App(app)] = apps[..] else { panic!("{what}: {} apps", apps.len()) };
    assert_eq!((&*app.package, &*app.version), ("section-app", "1.2.3"), "{what}");
    assert_eq!(app.library, env!("CARGO_PKG_VERSION"), "{what}: the crates are released together");
    let found: BTreeSet<String> = others.iter().map(|record| describe(record)).collect();
    assert_eq!(found, BTreeSet::from(DECLARED.map(str::to_owned)), "{what}");
    assert_eq!(others.len(), DECLARED.len(), "{what}");

    if runs_here(target) {
        let registered = run(&program);
        let declared: BTreeSet<String> = others.iter().map(|record| line(record)).collect();
        assert_eq!(registered, declared, "{what}: what is registered is what is declared");
    }
}

fn describe(record: &Record) -> String {
    let (what, source) = match record {
        Record::Route(route) => {
            let methods: Vec<&str> = route.methods.iter().map(|method| method.as_str()).collect();
            let what =
                format!("{} {} {}::{}", methods.join(","), route.path, route.source.module, route.function);
            (what, &route.source)
        }
        Record::Blueprint(blueprint) => {
            (format!("blueprint {} {}", blueprint.prefix, blueprint.source.module), &blueprint.source)
        }
        Record::Authorizer(authorizer) => {
            (format!("authorizer {} {}", authorizer.name, authorizer.source.module), &authorizer.source)
        }
        Record::App(_) | Record::NotFound(_) | Record::ErrorHandler(_) => panic!("not declared: {record:?}"),
    };
    let file = Path::new(&source.file).file_name().and_then(OsStr::to_str).expect("a file");
    format!("{what} {file}:{}", source.line)
}

/// One line that the program prints: the constant that the runtime goes by, if there is one, and the
/// record.
fn line(record: &Record) -> String {
    let constant = match record {
        Record::Route(route) => route.keys().collect(),
        Record::Blueprint(blueprint) => blueprint.prefix.to_string(),
        Record::Authorizer(Authorizer { by: By::Function(_), name, .. }) => name.to_string(),
        _ => String::new(),
    };
    format!("{constant} {}", serde_json::to_string(record).expect("JSON"))
}

fn run(program: &Path) -> BTreeSet<String> {
    let output = Command::new(program).output().expect("it runs");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).expect("text").lines().map(str::to_owned).collect()
}

/// Compiles the program and the crates it uses, each with the same settings.
fn build(linker: &str, target: &str, settings: &[&str], link: &[&str]) -> PathBuf {
    let Crates { macros, inventory } = crates();
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/section");
    let folder = temporary(&format!("section/{linker}-{target}{}", settings.join("").replace('=', "-")));
    let rustc = |name: &str, source: &Path, uses: &[(&str, &Path)], more: &[&str]| {
        let mut command = Command::new(rustc());
        command.arg(source).args(["--crate-name", name, "--target", target]);
        command.arg("--out-dir").arg(&folder).args(more);
        for folder in [&*folder, macros.parent().expect("a folder")] {
            command.arg("-L").arg(format!("dependency={}", folder.display()));
        }
        // Fat and thin are the program's choice; a library has what both need by default.
        let is_lto = |setting: &&&str| setting.starts_with("-Clto");
        command
            .args(settings.iter().filter(|setting| more.contains(&"--crate-type=bin") || !is_lto(setting)));
        for (name, path) in uses {
            command.arg("--extern").arg(format!("{name}={}", path.display()));
        }
        command.env("CARGO_PKG_NAME", "section-app").env("CARGO_PKG_VERSION", "1.2.3");
        succeed(&mut command);
        folder.join(format!("lib{name}.rlib"))
    };
    let library = &["--edition=2024", "--crate-type=rlib"];
    let program = &["--edition=2024", "--crate-type=bin"];
    let foreign = &["--edition=2021", "--crate-type=rlib", "--cap-lints=allow"];
    let inventory = rustc("inventory", inventory, &[], foreign);
    let uses = [("inventory", &*inventory), ("chalice_rs_macros", &**macros)];
    let runtime = rustc("chalice_rs", &fixture.join("runtime.rs"), &uses, library);
    let uses = [("chalice_rs", &*runtime)];
    let routes = rustc("library", &fixture.join("library.rs"), &uses, library);
    let uses = [("chalice_rs", &*runtime), ("library", &*routes)];
    rustc("app", &fixture.join("app.rs"), &uses, &[program, link].concat());
    folder.join(format!("app{}", if target.contains("windows") { ".exe" } else { "" }))
}

/// What the program is built from and that cargo has already.
struct Crates {
    /// The attributes, compiled.
    macros: PathBuf,
    /// The source of `inventory`.
    inventory: PathBuf,
}

fn crates() -> &'static Crates {
    static CRATES: OnceLock<Crates> = OnceLock::new();
    CRATES.get_or_init(|| {
        let built = cargo(&["build", "--quiet", "--message-format=json", "--package", "chalice-rs-macros"]);
        let macros = built
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).expect("a JSON message"))
            .find(|message| {
                message["target"]["name"] == "chalice_rs_macros" && message["filenames"].is_array()
            })
            .expect("the attributes are built");
        let known: Value = serde_json::from_str(&cargo(&["metadata", "--format-version=1"])).expect("JSON");
        let packages = known["packages"].as_array().expect("packages");
        let inventory = packages.iter().find(|package| package["name"] == "inventory").expect("inventory");
        let path = |value: &Value| PathBuf::from(value.as_str().expect("a path"));
        Crates {
            macros: path(&macros["filenames"][0]),
            inventory: path(&inventory["manifest_path"]).with_file_name("src").join("lib.rs"),
        }
    })
}

fn cargo(arguments: &[&str]) -> String {
    succeed(Command::new(env!("CARGO")).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")))
}

/// A script that links as zig does, with the version of zig that is pinned here.
fn zig(target: &str) -> PathBuf {
    const VERSION: &str = "0.17.1";
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    let python = PYTHON.get_or_init(|| {
        let folder = temporary("zig").join(VERSION);
        let python = folder.join("bin/python");
        let done = folder.join("installed");
        if !done.exists() {
            succeed(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder));
            let mut pip = Command::new(&python);
            pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]);
            succeed(pip.args(["--only-binary=:all:", &format!("ziglang=={VERSION}")]));
            fs::write(&done, "").expect("a folder we can write to");
        }
        python
    });
    let processor = target.split('-').next().expect("a processor");
    let folder = temporary("zig");
    let script = folder.join(format!("cc-{processor}"));
    let text = format!(
        "#!/bin/sh\nexport ZIG_GLOBAL_CACHE_DIR='{cache}' ZIG_LOCAL_CACHE_DIR='{cache}'\n\
         exec '{python}' -m ziglang cc -target {processor}-linux-musl \"$@\"\n",
        cache = folder.join("cache").display(),
        python = python.display()
    );
    fs::write(&script, text).expect("a folder we can write to");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).expect("our own file");
    }
    script
}

fn temporary(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).expect("a folder we can write to");
    folder
}

fn host() -> String {
    let version = succeed(Command::new(rustc()).arg("-vV"));
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.expect("rustc says what it runs on").to_owned()
}

fn runs_here(target: &str) -> bool {
    let host = host();
    let same_system = target.contains("linux") == host.contains("linux");
    same_system && target.split('-').next() == host.split('-').next()
}

fn rustc() -> PathBuf {
    std::env::var_os("RUSTC").map_or_else(|| PathBuf::from("rustc"), PathBuf::from)
}

#[track_caller]
fn succeed(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}\n{error}\n(needed: `rustup target add {ARM} {INTEL}`)");
    String::from_utf8(output.stdout).expect("text")
}
