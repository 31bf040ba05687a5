//! Everything a user sees: data on stdout, the rest on stderr, text or JSON lines.
//!
//! Only this file prints. It reads values and events and decides nothing.

use std::io::{IsTerminal, Write};

use serde::Serialize;

use crate::cli::OutputOptions;
use crate::failure::Failure;

/// Where a command says what it does and what came out.
pub struct Report {
    json: bool,
    quiet: bool,
    /// The line in progress, drawn on a terminal only.
    progress: Option<indicatif::ProgressBar>,
}

impl Report {
    /// A report as the flags want it.
    pub fn new(output: &OutputOptions) -> Self {
        Self { json: output.json, quiet: output.quiet, progress: None }
    }

    /// Whether the data goes out as JSON.
    pub fn is_json(&self) -> bool {
        self.json
    }

    /// The data of the command: the text, or the value as one line of JSON.
    pub fn data(&mut self, text: &str, value: &impl Serialize) {
        self.done();
        let mut stdout = anstream::stdout();
        // A closed pipe (`| head`) is the reader's right and not an error of ours.
        let _ = if self.json {
            serde_json::to_string(value).map(|json| writeln!(stdout, "{json}"))
        } else {
            Ok(writeln!(stdout, "{text}"))
        };
    }

    /// A sentence for the user on stderr.
    pub fn note(&mut self, text: &str) {
        self.done();
        if !self.quiet {
            let _ = writeln!(anstream::stderr(), "{text}");
        }
    }

    /// Something that takes longer than a second has begun. The next call of any kind ends it.
    pub fn progress(&mut self, text: &str) {
        self.done();
        if self.quiet {
            return;
        }
        if std::io::stderr().is_terminal() {
            let bar = indicatif::ProgressBar::new_spinner().with_message(text.to_owned());
            bar.enable_steady_tick(std::time::Duration::from_millis(100));
            self.progress = Some(bar);
        } else {
            let _ = writeln!(anstream::stderr(), "{text}");
        }
    }

    /// Ends what [`Report::progress`] began.
    pub fn done(&mut self) {
        if let Some(bar) = self.progress.take() {
            bar.finish_and_clear();
        }
    }

    /// Why the command failed: what, its causes, and what to do next.
    pub fn failure(&mut self, failure: &Failure) {
        self.done();
        let diagnostic = failure.diagnostic();
        let red = anstyle::AnsiColor::Red.on_default().bold();
        let cyan = anstyle::AnsiColor::Cyan.on_default();
        let mut stderr = anstream::stderr();
        let _ = writeln!(stderr, "{red}error{red:#}: {diagnostic}");
        let mut source = diagnostic.source();
        while let Some(cause) = source {
            let _ = writeln!(stderr, "  cause: {cause}");
            source = cause.source();
        }
        if let Some(help) = diagnostic.help() {
            let _ = writeln!(stderr, "  {cyan}help{cyan:#}: {help}");
        }
    }
}
