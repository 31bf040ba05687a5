//! `build` and `routes`: what is compiled, what is refused, and the zip.

use std::path::{Path, PathBuf};

use crate::support::{Answer, Folder, HELLO, LIBRARY, chalice};

/// An app that is quick to compile: a library of the right name without dependencies, and one
/// record, framed by hand. What the real library writes is tested with `HELLO`.
fn bare(folder: Folder, name: &str) -> Folder {
    let json = r#"{"kind":"route","path":"/x","methods":["GET","POST"],"function":"x","source":{"module":"bare","file":"src/main.rs","line":1}}"#;
    let frame: Vec<u8> =
        [b"CHRS\x01".as_slice(), &(json.len() as u32).to_le_bytes(), json.as_bytes()].concat();
    let main = format!(
        "#[used]\n#[cfg_attr(target_vendor = \"apple\", unsafe(link_section = \"__DATA,__chalice\"))]\n\
         #[cfg_attr(not(target_vendor = \"apple\"), unsafe(link_section = \".chalice\"))]\n\
         static RECORD: [u8; {}] = {frame:?};\n\
         fn main() {{\n    let count = std::env::args().count();\n    \
         assert!(chalice_rs::check(count), \"{{}}\", file!());\n}}\n",
        frame.len()
    );
    folder
        .file("Cargo.toml", "[workspace]\nmembers = ['app', 'library']\nresolver = '3'\n")
        .file("library/Cargo.toml", "[package]\nname = 'chalice-rs'\nversion = '0.1.0'\nedition = '2024'\n")
        .file(
            "library/src/lib.rs",
            "pub fn check(count: usize) -> bool {\n    assert_ne!(count, 7);\n    count > 0\n}\n",
        )
        .file(
            "app/Cargo.toml",
            &format!(
                "[package]\nname = '{name}'\nversion = '0.1.0'\nedition = '2024'\n\
                 [dependencies]\nchalice-rs = {{ path = '../library' }}\n"
            ),
        )
        .file("app/src/main.rs", &main)
}

fn build(folder: &Folder, arguments: &[&str]) -> Answer {
    folder.chalice(&[&["build", "--project", "app"], arguments].concat())
}

fn bootstrap(zip: &str) -> (Vec<u8>, u32) {
    let file = std::fs::File::open(zip).expect("the zip");
    let mut zip = zip::ZipArchive::new(file).expect("a zip");
    assert_eq!(zip.len(), 1);
    let mut entry = zip.by_name("bootstrap").expect("a bootstrap");
    let mut bytes = Vec::new();
    std::io::copy(&mut entry, &mut bytes).expect("to unpack");
    (bytes, entry.unix_mode().expect("a mode"))
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn the_same_source_gives_the_same_zip_in_every_folder() {
    let one = bare(Folder::temporary(), "twins");
    let answer = build(&one, &["--json"]).ok();
    let zip = answer.json()["zip"].as_str().expect("a path").to_owned();
    assert_eq!(answer.json()["architecture"], "arm64");
    assert_eq!(answer.json()["routes"], 2);

    let other = bare(Folder::temporary(), "twins");
    let other_zip = build(&other, &[]).ok().last_line().to_owned();
    assert_ne!(zip, other_zip);
    assert_eq!(std::fs::read(&zip).expect("a zip"), std::fs::read(other_zip).expect("a zip"));

    let (bytes, mode) = bootstrap(&zip);
    assert_eq!(mode & 0o777, 0o755);
    let folder = one.path().to_str().expect("UTF-8");
    assert!(holds(&bytes, "app/src/main.rs") && !holds(&bytes, folder), "no folder of this machine is in it");
    assert!(bytes.starts_with(b"\x7fELF") && bytes[18] == 0xb7, "an ELF for arm64");
}

#[test]
fn the_users_own_settings_hold() {
    let folder = bare(Folder::temporary(), "settings")
        .file("app/.cargo/config.toml", "[build]\nrustflags = ['--cfg=from_the_user']\n")
        .file(
            "Cargo.toml",
            "[workspace]\nmembers = ['app', 'library']\nresolver = '3'\n\
             [profile.release]\npanic = 'abort'\nstrip = false\n",
        )
        .file(
            "library/src/lib.rs",
            "#[cfg(from_the_user)]\npub fn check(count: usize) -> bool {\n    count > 0\n}\n",
        );
    let answer = build(&folder, &["--arch", "x86_64"]).ok();
    assert!(
        answer.stderr.contains("warning: profile `release` has `panic = \"abort\"`"),
        "{}",
        answer.stderr
    );
    let (bytes, _) = bootstrap(answer.last_line());
    assert_eq!(bytes[18], 0x3e, "an ELF for x86_64");
    assert!(holds(&bytes, ".symtab"), "`strip = false` is the user's");
}

#[test]
fn code_that_does_not_compile_gets_the_compilers_message_and_nothing_else() {
    let folder = Folder::of("broken").app(".", "broken", &HELLO.replace("name\n", "nome\n"));
    for command in ["routes", "build"] {
        let answer = folder.chalice(&[command]);
        answer.refused(5, &["error[E0425]: cannot find value `nome`", "could not compile `broken`"]);
        let last = answer.stderr.trim().lines().last().unwrap_or_default();
        assert!(last.contains("could not compile"), "nothing of ours follows: {last}");
    }
}

#[test]
fn an_app_that_declares_nothing_is_refused() {
    let folder = Folder::of("silent").app(".", "silent", "fn main() {}");
    folder.chalice(&["routes"]).refused(4, &["declares no handlers", "#[chalice_rs::main]"]);
    let no_routes = &HELLO[HELLO.find("#[chalice_rs::main]").expect("main")..];
    let main = format!("use chalice_rs::prelude::*;\n{no_routes}");
    let folder = Folder::of("routeless").app(".", "routeless", &main);
    folder.chalice(&["routes"]).refused(4, &["the app declares no routes", "#[route(\"/\")]"]);
}

#[test]
fn problems_of_the_whole_app_name_both_places_all_at_once() {
    let more = "\n#[route(\"/hello/<other>\")]\nasync fn again(other: String) -> String {\n    other\n}\n\
                #[route(\"/a\", methods = [\"GET\", \"POST\"])]\nfn a() {}\n#[route(\"/a\", methods = [\"POST\"])]\nfn b() {}\n";
    let folder = Folder::of("twice").app(".", "twice", &format!("{HELLO}{more}"));
    folder.chalice(&["routes"]).refused(
        4,
        &[
            "the app has 2 problems",
            "`POST /a` is declared twice: `a` at src/main.rs:",
            "and `b` at src/main.rs:",
            "`/hello/<name>` and `/hello/<other>` match the same requests: `hello` at src/main.rs:3",
            "give the parameter the same name in both paths",
        ],
    );
}

#[test]
fn routes_of_a_library_crate_are_found_too() {
    let library = "use chalice_rs::prelude::*;\n\n#[route(\"/from/library\", methods = [\"PUT\"])]\n\
                   /// In another crate.\npub fn library_route() {}\n";
    let manifest = |name: &str, rest: &str| {
        format!(
            "[package]\nname = '{name}'\nversion = '0.1.0'\nedition = '2024'\n\
             [dependencies]\nchalice-rs = {{ path = '{LIBRARY}' }}\n{rest}"
        )
    };
    let main = HELLO.replace("use chalice_rs::prelude::*;", "use chalice_rs::prelude::*;\nuse parts as _;");
    let folder = Folder::of("split")
        .file(
            "Cargo.toml",
            &manifest("split", "parts = { path = 'parts' }\n[workspace]\nmembers = ['parts']\n"),
        )
        .file("src/main.rs", &main)
        .file("parts/Cargo.toml", &manifest("parts", ""))
        .file("parts/src/lib.rs", library);
    let routes = folder.chalice(&["routes", "--json"]).ok().json();
    assert_eq!(routes[0]["path"], "/from/library");
    assert_eq!(routes[0]["module"], "parts");
    assert_eq!(routes[0]["source"], "parts/src/lib.rs:3");
    assert_eq!(routes[0]["doc"], "In another crate.");
    assert_eq!(routes[1]["path"], "/hello/<name>");
}

#[test]
fn records_survive_the_smallest_release_build_and_the_test_client_does_not() {
    let folder = Folder::of("small").app(".", "small", HELLO);
    let manifest = std::fs::read_to_string(folder.path().join("Cargo.toml")).expect("a manifest");
    let profile = "[profile.release]\nopt-level = 's'\nlto = 'fat'\ncodegen-units = 1\nstrip = true\n";
    let folder = folder.file("Cargo.toml", &format!("{manifest}\n{profile}"));
    for arch in ["arm64", "x86_64"] {
        let answer = folder.chalice(&["build", "--arch", arch, "--json"]).ok();
        assert_eq!(answer.json()["routes"], 1);
        assert_eq!(answer.json()["architecture"], arch);

        let (bytes, _) = bootstrap(answer.json()["zip"].as_str().expect("a path"));
        assert!(holds(&bytes, "GET /hello/{name}"));
        for only_tests_say in ["apigw-requestid", "the app cannot be served", "cannot be requested"] {
            assert!(!holds(&bytes, only_tests_say), "{only_tests_say}");
        }
    }
}

#[test]
fn features_and_profiles_reach_cargo() {
    let folder = bare(Folder::temporary(), "featured");
    let manifest = std::fs::read_to_string(folder.path().join("app/Cargo.toml")).expect("a manifest");
    let main = std::fs::read_to_string(folder.path().join("app/src/main.rs")).expect("source");
    let folder = folder.file("app/Cargo.toml", &format!("{manifest}\n[features]\nextra = []\n")).file(
        "app/src/main.rs",
        &format!("{main}\n#[cfg(feature = \"extra\")]\ncompile_error!(\"extra is on\");\n"),
    );
    let routes = |arguments: &[&str]| folder.chalice(&[&["routes", "--project", "app"], arguments].concat());
    routes(&[]).ok();
    routes(&["--features", "extra"]).refused(5, &["extra is on"]);
    routes(&["--cargo-profile", "nonesuch"]).refused(5, &["nonesuch"]);
    routes(&["--locked"]).ok();
    std::fs::remove_file(folder.path().join("Cargo.lock")).expect("to remove it");
    routes(&["--locked"]).refused(5, &["--locked"]);
}

#[cfg(unix)]
mod machine {
    //! Machines that lack something: programs are scripts in a folder that is the whole path.

    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    /// The processor that this machine does not have.
    fn foreign() -> (&'static str, &'static str) {
        if cfg!(target_arch = "aarch64") { ("x86_64", "x86_64") } else { ("arm64", "aarch64") }
    }

    fn script(folder: &Path, name: &str, text: &str) -> PathBuf {
        let path = folder.join(name);
        std::fs::write(&path, format!("#!/bin/sh\n{text}\n")).expect("a script");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("its mode");
        path
    }

    #[test]
    fn a_target_that_is_missing_is_added_or_the_command_is_shown() {
        let folder = bare(Folder::temporary(), "poor");
        let path = folder.path();
        let sysroot = path.join("sysroot");
        let rustc =
            format!("case \"$1\" in --print) echo '{}';; *) echo 'host: here';; esac", sysroot.display());
        let rustc = script(path, "fake-rustc", &rustc);
        let build = || {
            let mut command = chalice(path, &["build", "--project", "app", "--arch", "arm64"]);
            Answer::of(command.env("RUSTC", &rustc).env("PATH", path).output().expect("to run"))
        };
        let says = [
            "`aarch64-unknown-linux-musl` is not installed",
            "run `rustup target add aarch64-unknown-linux-musl`",
        ];
        build().refused(5, &says);
        script(path, "rustup", "exit 1");
        build().refused(5, &says);

        let library = sysroot.join("lib/rustlib/aarch64-unknown-linux-musl/lib");
        script(
            path,
            "rustup",
            &format!(
                "[ \"$*\" = 'target add aarch64-unknown-linux-musl' ] && /bin/mkdir -p '{}'",
                library.display()
            ),
        );
        build().refused(5, &["adding the target", "has no `rust-lld`", "https://rustup.rs"]);
    }

    #[test]
    fn glibc_for_another_processor_needs_a_gcc_for_it() {
        let folder = bare(Folder::temporary(), "gnu");
        let (arch, processor) = foreign();
        // The target counts as installed; only the gcc is missing.
        let library = folder.path().join(format!("lib/rustlib/{processor}-unknown-linux-gnu/lib"));
        std::fs::create_dir_all(library).expect("a folder");
        let sysroot = folder.path().display();
        let rustc = format!("case \"$1\" in --print) echo '{sysroot}';; *) echo 'host: here';; esac");
        let rustc = script(folder.path(), "fake-rustc", &rustc);
        let mut command =
            chalice(folder.path(), &["build", "--project", "app", "--arch", arch, "--libc", "gnu"]);
        let answer = command.env("RUSTC", rustc).env("PATH", folder.path()).output().expect("to run");
        Answer::of(answer)
            .refused(5, &[&format!("there is no `{processor}-linux-gnu-gcc`"), "leave out `--libc gnu`"]);
    }

    /// Zig as a program, or as the Python package `ziglang`; the words that call it.
    fn zig() -> Option<&'static str> {
        let works = |words: &&str| {
            let (program, rest) = words.split_once(' ').unwrap_or((words, ""));
            let mut command = std::process::Command::new(program);
            let output = command.args(rest.split_whitespace()).arg("version").output();
            output.is_ok_and(|output| output.status.success())
        };
        ["zig", "python3 -m ziglang"].into_iter().find(works)
    }

    #[test]
    fn records_survive_zigs_linker() {
        let Some(zig) = zig() else {
            // Written past the harness, which keeps what a passing test prints to itself.
            let reason =
                "SKIPPED records_survive_zigs_linker: there is no zig; `pip install ziglang` brings it\n";
            std::io::Write::write_all(&mut std::io::stderr(), reason.as_bytes()).expect("to say so");
            return;
        };
        let folder = bare(Folder::temporary(), "zigged");
        let (arch, processor) = foreign();
        let words =
            "for word do shift; case \"$word\" in --target=*) ;; *) set -- \"$@\" \"$word\";; esac; done";
        let linker = format!("{words}\nexec {zig} cc -target {processor}-linux-musl \"$@\"");
        let linker = script(folder.path(), "zig-cc", &linker);
        let mut command = chalice(folder.path(), &["build", "--project", "app", "--arch", arch, "--json"]);
        let variable =
            |key: &str| format!("CARGO_TARGET_{}_UNKNOWN_LINUX_MUSL_{key}", processor.to_uppercase());
        command.env(variable("LINKER"), linker).env(variable("RUSTFLAGS"), "-Clink-self-contained=no");
        assert_eq!(Answer::of(command.output().expect("to run")).ok().json()["routes"], 2);
    }

    /// An app with a crate that compiles C by way of a crate `cc`, which calls what it is told to.
    fn native(name: &str) -> Folder {
        let (_, processor) = foreign();
        let cc = format!(
            "pub fn compile() {{\n    \
             let cc = std::env::var(\"CC_{processor}_unknown_linux_musl\").expect(\"a C compiler\");\n    \
             let status = std::process::Command::new(cc).args([\"--target=x\", \"-c\", \"a b.c\"]).status();\n    \
             assert!(status.expect(\"to run\").success());\n}}\n"
        );
        bare(Folder::temporary(), name)
            .file("Cargo.toml", "[workspace]\nmembers = ['app', 'library', 'native', 'cc']\nresolver = '3'\n")
            .file("cc/Cargo.toml", "[package]\nname = 'cc'\nversion = '0.1.0'\nedition = '2024'\n")
            .file("cc/src/lib.rs", &cc)
            .file(
                "native/Cargo.toml",
                "[package]\nname = 'native'\nversion = '0.1.0'\nedition = '2024'\n\
                 [build-dependencies]\ncc = { path = '../cc' }\n",
            )
            .file("native/build.rs", "fn main() {\n    cc::compile();\n}\n")
            .file("native/src/lib.rs", "")
            .file(
                "library/Cargo.toml",
                "[package]\nname = 'chalice-rs'\nversion = '0.1.0'\nedition = '2024'\n\
                 [dependencies]\nnative = { path = '../native' }\n",
            )
    }

    /// A path with what building for this machine needs, and no compiler for another one.
    fn tools(folder: &Folder) -> PathBuf {
        let tools = folder.path().join("tools");
        std::fs::create_dir(&tools).expect("a folder");
        let path = std::env::var("PATH").expect("a path");
        for name in ["cc", "ld", "as", "rustc", "cargo", "rustup", "sh"] {
            if let Some(program) =
                path.split(':').map(|folder| Path::new(folder).join(name)).find(|path| path.is_file())
            {
                symlink(program, tools.join(name)).expect("a link");
            }
        }
        tools
    }

    fn build_with(folder: &Folder, tools: &Path) -> Answer {
        let mut command = chalice(folder.path(), &["build", "--project", "app", "--arch", foreign().0]);
        Answer::of(command.env("PATH", tools).output().expect("to run"))
    }

    #[test]
    fn c_code_without_a_compiler_names_the_crate_and_the_command() {
        let folder = native("native-without");
        let tools = tools(&folder);
        build_with(&folder, &tools)
            .refused(5, &["the crate `native` has C code", "no C compiler for", "https://ziglang.org"]);
        script(&tools, "apt-get", "exit 1");
        let package = format!("sudo apt-get install gcc-{}-linux-gnu", foreign().1.replace('_', "-"));
        build_with(&folder, &tools).refused(5, &["the crate `native` has C code", &package]);
    }

    #[test]
    fn c_code_is_compiled_with_the_zig_that_is_there() {
        let folder = native("native-with-zig");
        let tools = tools(&folder);
        let log = folder.path().join("log");
        script(&tools, "zig", &format!("for word do echo \"$word\"; done > '{}'", log.display()));
        build_with(&folder, &tools).ok();
        let words = std::fs::read_to_string(log).expect("zig was called");
        let target = format!("{}-linux-musl", foreign().1);
        assert_eq!(words.lines().collect::<Vec<_>>(), ["cc", "-target", &target, "-c", "a b.c"]);
    }

    #[test]
    fn c_code_is_compiled_with_the_cross_gcc_that_is_there() {
        let folder = native("native-with-gcc");
        let tools = tools(&folder);
        let log = folder.path().join("log");
        script(
            &tools,
            &format!("{}-linux-gnu-gcc", foreign().1),
            &format!("echo \"$@\" > '{}'", log.display()),
        );
        build_with(&folder, &tools).ok();
        assert_eq!(std::fs::read_to_string(log).expect("gcc was called"), "--target=x -c a b.c\n");
    }

    #[test]
    fn errors_in_the_users_own_code_are_not_blamed_on_a_c_compiler() {
        let folder = native("native-blameless").file("native/build.rs", "fn main() {}\n");
        let folder = folder.file("app/src/main.rs", "fn main() { nonsense }");
        let tools = tools(&folder);
        let answer = build_with(&folder, &tools);
        answer.refused(5, &["cannot find value `nonsense`"]);
        assert!(!answer.stderr.contains("C compiler"), "{}", answer.stderr);
    }
}
