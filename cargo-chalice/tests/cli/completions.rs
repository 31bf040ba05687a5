//! The completion scripts.

use std::process::Command;

use crate::support::Folder;

fn script(shell: &str) -> String {
    Folder::temporary().chalice(&["completions", shell]).ok().stdout
}

/// What bash offers for a command line whose last word is being typed.
fn offers(line: &[&str]) -> Vec<String> {
    let words = line.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" ");
    let last = line.len() - 1;
    let call = format!(
        "COMP_WORDS=({words}); COMP_CWORD={last}; _cargo_with_chalice cargo '{}' '{}'\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"",
        line[last],
        line[last - 1]
    );
    let folder = Folder::temporary()
        .file("script", &script("bash"))
        .file("test", &format!("set -e\nsource ./script\n{call}\n"));
    let output = Command::new("bash").arg("test").current_dir(folder.path()).output().expect("bash");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).expect("UTF-8").lines().map(ToOwned::to_owned).collect()
}

#[test]
fn bash_completes_commands_flags_and_values() {
    assert_eq!(offers(&["cargo", "chalice", "compl"]), ["completions"]);
    assert_eq!(offers(&["cargo", "chalice", "build", "--arc"]), ["--arch"]);
    assert_eq!(offers(&["cargo", "chalice", "build", "--arch", ""]), ["arm64", "x86_64"]);
    assert_eq!(offers(&["cargo", "chal"]), ["chalice"]);
}

#[test]
fn bash_asks_what_completed_cargo_before() {
    let before = "_before() { COMPREPLY=(before); }\ncomplete -F _before cargo\n";
    let call =
        "COMP_WORDS=(cargo te); COMP_CWORD=1; _cargo_with_chalice cargo te cargo; echo \"${COMPREPLY[@]}\"";
    let text = format!("{before}{0}\n{0}\n{call}\n", "source ./script");
    let folder = Folder::temporary().file("script", &script("bash")).file("test", &text);
    let output = Command::new("bash").arg("test").current_dir(folder.path()).output().expect("bash");
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "before", "{output:?}");
}

#[test]
fn every_shell_has_a_script_that_names_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = script(shell);
        for command in ["new", "routes", "build", "doctor"] {
            assert!(script.contains(command), "{shell} knows no `{command}`");
        }
    }
}
