//! Which project is meant, and what is said when there is none.

use crate::support::{Folder, HELLO};

/// Any command that needs a project and reads nothing else.
const CONFIG: &[&str] = &["config"];

fn package(name: &str, rest: &str) -> String {
    format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n{rest}")
}

#[test]
fn a_folder_that_is_no_cargo_project_is_refused() {
    let folder = Folder::temporary();
    folder.chalice(CONFIG).refused(4, &["is not in a cargo project", "cargo chalice new hello"]);
    folder
        .chalice(&["config", "--project", "nowhere"])
        .refused(4, &["there is no folder `nowhere`", "--project"]);
}

#[test]
fn a_package_without_the_library_is_refused() {
    let folder =
        Folder::temporary().file("Cargo.toml", &package("plain", "")).file("src/main.rs", "fn main() {}");
    folder.chalice(CONFIG).refused(4, &["`plain` does not use `chalice-rs`", "cargo add chalice-rs"]);
}

#[test]
fn a_manifest_that_cargo_cannot_read_is_refused_in_cargos_words() {
    let folder = Folder::temporary().file("Cargo.toml", "[package]\nname = 1\n");
    folder.chalice(CONFIG).refused(4, &["cargo cannot read the project", "name = 1", "help:"]);
}

#[test]
fn a_package_without_one_clear_binary_is_refused() {
    let library = Folder::temporary().app(".", "none", "").file("src/lib.rs", "");
    std::fs::remove_file(library.path().join("src/main.rs")).expect("to remove it");
    library.chalice(CONFIG).refused(4, &["the package `none` has no binary", "src/main.rs"]);

    let several = Folder::temporary().app(".", "many", HELLO).file("src/bin/other.rs", HELLO);
    several.chalice(CONFIG).refused(4, &["`many` has several binaries", "default-run = \"many\"", "`other`"]);

    let manifest = std::fs::read_to_string(several.path().join("Cargo.toml")).expect("a manifest");
    let chosen = several.file("Cargo.toml", &manifest.replace("[dep", "default-run = \"other\"\n[dep"));
    chosen.chalice(CONFIG).ok();
}

#[test]
fn in_a_workspace_the_app_is_found_or_asked_for() {
    let one = Folder::temporary()
        .file("Cargo.toml", "[workspace]\nmembers = ['*']\nexclude = ['target']\nresolver = '3'\n")
        .file("plain/Cargo.toml", &package("plain", ""))
        .file("plain/src/main.rs", "fn main() {}")
        .app("orders", "orders", HELLO);
    let app =
        |answer: crate::support::Answer| answer.ok().json()["app"]["value"].as_str().map(ToOwned::to_owned);
    assert_eq!(app(one.chalice(&["config", "--json"])).as_deref(), Some("orders"));
    assert_eq!(app(one.chalice(&["config", "--json", "--project", "orders/src"])).as_deref(), Some("orders"));
    one.chalice(&["config", "--project", "plain"])
        .refused(4, &["`plain` does not use `chalice-rs`", "--package`: `orders`"]);

    let two = one.app("users", "users", HELLO);
    two.chalice(CONFIG).refused(4, &["the workspace has 2 apps", "--package`: `orders`, `users`"]);
    assert_eq!(app(two.chalice(&["config", "--json", "--package", "users"])).as_deref(), Some("users"));
    assert_eq!(app(two.chalice(&["config", "--json", "--project", "users"])).as_deref(), Some("users"));
    two.chalice(&["config", "--package", "user"]).refused(4, &["no package `user`", "did you mean `users`?"]);
    two.chalice(&["config", "--package", "plain"]).refused(4, &["`plain` does not use `chalice-rs`"]);
}

#[test]
fn a_package_name_that_cannot_be_an_apps_asks_for_another() {
    let name = "a".repeat(41);
    let folder = Folder::temporary().app(".", &name, HELLO);
    folder.chalice(CONFIG).refused(4, &["has 41 characters", "set `app = \"..\"` in `Chalice.toml`"]);
    folder.file("Chalice.toml", "app = 'short'").chalice(CONFIG).ok();
}
