//! `cargo chalice completions`: the script that makes a shell complete `cargo chalice ..`.
//!
//! `clap_complete` writes scripts for `cargo-chalice`, the program; the rest here leads
//! `cargo chalice` to them.

use clap::CommandFactory;
use clap_complete::Shell;

use crate::cli::{Cli, CompletionsArgs};
use crate::failure::{Exit, Failure};
use crate::report::Report;

/// Prints the script.
pub async fn run(args: &CompletionsArgs, report: &mut Report) -> Result<Exit, Failure> {
    let script = script(args.shell);
    report.data(script.trim_end(), &serde_json::json!({ "shell": args.shell.to_string(), "script": script }));
    Ok(Exit::Success)
}

fn script(shell: Shell) -> String {
    match shell {
        // In bash, `clap_complete` spells a `-` of the program's name in two ways, so that no flag is
        // ever completed; the name is put right in the lines that use it.
        Shell::Bash => {
            generate(shell, "cargo_chalice").replace("default cargo_chalice", "default cargo-chalice") + BASH
        }
        Shell::Fish => generate(shell, "cargo-chalice") + FISH,
        // Zsh's completion of cargo calls `_cargo-chalice` by itself; the others have none for cargo.
        _ => generate(shell, "cargo-chalice"),
    }
}

fn generate(shell: Shell, program: &'static str) -> String {
    let mut script = Vec::new();
    let mut command = Cli::command().name(program).bin_name(program);
    clap_complete::generate(shell, &mut command, program, &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// Completes `cargo chalice ..` with the program's function and leaves every other subcommand to
/// what completed cargo before.
const BASH: &str = r#"
_cargo_completed_by=$(complete -p cargo 2>/dev/null | sed -n 's/.* -F \([^ ]*\).*/\1/p')
if [ "$_cargo_completed_by" != _cargo_with_chalice ]; then
    _cargo_before_chalice=$_cargo_completed_by
fi
_cargo_with_chalice() {
    if [ "${COMP_WORDS[1]}" = chalice ] && [ "$COMP_CWORD" -ge 2 ]; then
        COMP_WORDS=(cargo-chalice "${COMP_WORDS[@]:2}")
        COMP_CWORD=$((COMP_CWORD - 1))
        _cargo_chalice cargo-chalice "$2" "${COMP_WORDS[COMP_CWORD - 1]}"
    elif [ -n "$_cargo_before_chalice" ]; then
        "$_cargo_before_chalice" "$@"
    elif [ "$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=($(compgen -W "chalice" -- "$2"))
    fi
}
complete -F _cargo_with_chalice -o bashdefault -o default cargo
"#;

const FISH: &str = r#"
complete -c cargo -n "__fish_seen_subcommand_from chalice" -f -a "(complete -C (string join ' ' -- cargo-chalice (commandline -opc)[3..-1] (commandline -ct | string collect --allow-empty)))"
complete -c cargo -n "__fish_is_first_token" -f -a chalice -d "HTTP APIs on AWS Lambda"
"#;
