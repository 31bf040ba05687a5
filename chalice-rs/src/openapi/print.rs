//! What `cargo chalice openapi` asks a program for.

use std::io::Write;
use std::process::ExitCode;
use std::{env, io};

use serde_json::json;

use super::document;

/// Whether this program was started to say what it is, and not to serve.
pub(crate) fn is_asked() -> bool {
    env::var_os("CHALICE_DESCRIBE").is_some_and(|what| what == "openapi")
}

/// Writes the document and the notes to stdout, for the tool to read. Nothing of the user's has run.
pub(crate) fn print() -> ExitCode {
    let printed = document().map_err(|error| error.to_string()).and_then(|document| {
        let both = json!({ "document": document.json(), "notes": document.notes() });
        writeln!(io::stdout(), "{both}").map_err(|error| error.to_string())
    });
    match printed {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}
