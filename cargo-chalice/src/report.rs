//! Everything a user sees: data on stdout, the rest on stderr, text or JSON lines.
//!
//! Only this file prints. It reads values and events and decides nothing.

use std::io::{IsTerminal, Write};

use miette::Diagnostic;
use serde::Serialize;

use crate::cli::OutputOptions;
use crate::execute::{Event, Outcome};
use crate::failure::Failure;
use crate::plan::Plan;
use crate::resource::{Action, Line};
use crate::scope::Scope;

/// Where a command says what it does and what came out.
pub struct Report {
    json: bool,
    quiet: bool,
    /// Nobody reads the data any more.
    closed: bool,
    /// The line in progress, drawn on a terminal only.
    progress: Option<indicatif::ProgressBar>,
}

impl Report {
    /// A report as the flags want it.
    pub fn new(output: &OutputOptions) -> Self {
        Self { json: output.json, quiet: output.quiet, closed: false, progress: None }
    }

    /// Another one of the same flags, for what happens side by side.
    pub fn second(&self) -> Self {
        Self { json: self.json, quiet: self.quiet, closed: self.closed, progress: None }
    }

    /// Whether the data goes out as JSON.
    pub fn is_json(&self) -> bool {
        self.json
    }

    /// Whether only data and errors are wanted.
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// The data of the command: the text, or the value as one line of JSON.
    pub fn data(&mut self, text: &str, value: &impl Serialize) {
        self.done();
        let mut stdout = anstream::stdout();
        let written = if self.json {
            serde_json::to_string(value).map_err(Into::into).and_then(|json| writeln!(stdout, "{json}"))
        } else {
            writeln!(stdout, "{text}")
        };
        // A closed pipe (`| head`) is the reader's right and not an error of ours.
        self.closed |= written.is_err();
    }

    /// Whether nobody reads the data any more, so that there is no point in going on.
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// A sentence for the user on stderr.
    pub fn note(&mut self, text: &str) {
        self.done();
        if !self.quiet {
            let _ = writeln!(anstream::stderr(), "{text}");
        }
    }

    /// What cargo or the compiler says, as it is: they know themselves how quiet they shall be.
    pub fn cargo(&mut self, text: &str) {
        self.done();
        let _ = writeln!(anstream::stderr(), "{text}");
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

    /// Where the command works; shown before anything is written.
    pub fn place(&mut self, scope: &Scope) {
        let Scope { account, region, .. } = scope;
        self.note(&format!("{} in account {account}, {region}", scope.name()));
    }

    /// What will be changed.
    pub fn plan(&mut self, plan: &Plan) {
        self.done();
        if self.json {
            return self.document(&Document::Planned { plan });
        }
        if plan.is_empty() {
            return self.note("  nothing to change");
        }
        if !self.quiet {
            let _ = write!(anstream::stderr(), "{}", coloured(&shortened(plan.lines())));
        }
    }

    /// What would be changed, as the data of the command.
    pub fn plan_as_data(&mut self, plan: &Plan) {
        self.done();
        if self.json {
            return self.document(plan);
        }
        if plan.is_empty() {
            return self.note("  nothing to change");
        }
        let _ = write!(anstream::stdout(), "{}", coloured(&plan.lines()));
    }

    /// Something that happened on the way.
    pub fn event(&mut self, event: &Event) {
        if self.json {
            return self.document(event);
        }
        match event {
            Event::Started { lines } => self.progress(&format!("Working on {}", kinds(lines))),
            // The error that ends the command says more; one that passes is no news.
            Event::Done { .. } | Event::Failed { .. } => {}
            Event::LookingAgain { because } => self.note(&format!("Looking again: {because}")),
            Event::Stopping => {
                self.note("Stopping after the call that is under way; Ctrl-C again to stop now.")
            }
        }
    }

    /// The end of a deploy. The URL is the last line of the data.
    pub fn deployed(&mut self, outcome: &Outcome) {
        self.done();
        if self.json {
            return self.document(&Document::Deployed { outcome });
        }
        for note in &outcome.outputs.notes {
            self.note(note);
        }
        if let Some(url) = &outcome.outputs.url {
            self.data(url, url);
        }
    }

    /// The end of a delete.
    pub fn deleted(&mut self, outcome: &Outcome) {
        self.done();
        if self.json {
            return self.document(&Document::Deleted { outcome });
        }
        if outcome.changes > 0 {
            self.note("Deleted; nothing is left.");
        }
    }

    /// Asks a question that is answered with yes or no.
    pub fn ask(&mut self, question: &str) -> Answer {
        self.done();
        let terminal = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
        if self.json || !terminal {
            return Answer::NobodyThere;
        }
        let mut stderr = anstream::stderr();
        let _ = write!(stderr, "{question} [y/N] ");
        let _ = stderr.flush();
        let mut answer = String::new();
        match std::io::stdin().read_line(&mut answer) {
            Ok(_) if matches!(answer.trim().to_lowercase().as_str(), "y" | "yes") => Answer::Yes,
            _ => Answer::No,
        }
    }

    fn document(&mut self, value: &impl Serialize) {
        self.data("", value);
    }

    /// Why the command failed: what, its causes, and what to do next. With `--json` one object.
    pub fn failure(&mut self, failure: &Failure) {
        self.done();
        if failure.is_told() {
            return;
        }
        let mut stderr = anstream::stderr();
        if self.json {
            let error = Problem::of(failure.diagnostic());
            let document = serde_json::json!({ "error": error, "exit": failure.exit() as u8 });
            let _ = writeln!(stderr, "{document}");
        } else {
            let _ = write!(stderr, "{}", Problem::of(failure.diagnostic()));
        }
    }
}

/// What a question was answered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Yes,
    No,
    /// There is no terminal.
    NobodyThere,
}

/// The documents of `--json` that are not events of the execution.
#[derive(Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Document<'d> {
    Planned {
        #[serde(flatten)]
        plan: &'d Plan,
    },
    Deployed {
        #[serde(flatten)]
        outcome: &'d Outcome,
    },
    Deleted {
        #[serde(flatten)]
        outcome: &'d Outcome,
    },
}

/// The lines of a plan; colour only repeats what the sign says.
fn coloured(lines: &[Line]) -> String {
    let style = |action| match action {
        Action::Add => anstyle::AnsiColor::Green.on_default(),
        Action::Alter => anstyle::AnsiColor::Yellow.on_default(),
        Action::Remove => anstyle::AnsiColor::Red.on_default(),
    };
    lines
        .iter()
        .map(|line| {
            let style = style(line.action);
            format!("  {style}{line}{style:#}\n")
        })
        .collect()
}

/// A first deploy of a large app shall fit on a screen. What needs consent is never left out;
/// `plan` shows all.
fn shortened(lines: Vec<Line>) -> Vec<Line> {
    const SHOWN: usize = 8;
    let alike = |a: &Line, b: &Line| a.action == b.action && a.kind == b.kind && !a.destructive;
    let mut shown = Vec::new();
    for run in lines.chunk_by(alike) {
        match run.split_at_checked(SHOWN) {
            Some((first, [one_more, rest @ ..])) if !rest.is_empty() && !one_more.destructive => {
                shown.extend_from_slice(first);
                let text = format!("and {} more", rest.len() + 1);
                shown.push(Line { text, ..one_more.clone() });
            }
            _ => shown.extend_from_slice(run),
        }
    }
    shown
}

/// What the lines are about, each kind once: `role, log group`.
fn kinds(lines: &[Line]) -> String {
    let mut kinds: Vec<String> = lines.iter().map(|line| line.kind.to_string()).collect();
    kinds.dedup();
    kinds.join(", ")
}

/// Columns as wide as their widest cell, under their headings.
pub fn table<const N: usize>(headings: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let mut lines = vec![headings.map(ToOwned::to_owned)];
    lines.extend(rows);
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; N] = std::array::from_fn(width);
    let line = |cells: &[String; N]| {
        let padded = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The text of an error as [`Report::failure`] shows it.
pub fn failure_text(failure: &Failure) -> String {
    Problem::of(failure.diagnostic()).to_string()
}

/// An error as it is shown: its text, why, what to do, and the single mistakes it consists of.
#[derive(Serialize)]
struct Problem {
    code: Option<String>,
    message: String,
    causes: Vec<String>,
    help: Option<String>,
    problems: Vec<Problem>,
}

impl Problem {
    fn of(diagnostic: &dyn Diagnostic) -> Self {
        let causes = std::iter::successors(diagnostic.source(), |cause| cause.source());
        let related = diagnostic.related().into_iter().flatten();
        let mut problem = Self {
            code: diagnostic.code().map(|code| code.to_string()),
            message: diagnostic.to_string(),
            causes: causes.map(ToString::to_string).collect(),
            help: diagnostic.help().map(|help| help.to_string()),
            problems: related.map(Self::of).collect(),
        };
        // What the text already says needs no second line.
        problem.causes.retain(|cause| !problem.message.contains(cause.as_str()));
        match problem.problems.pop() {
            Some(only) if problem.problems.is_empty() => only,
            last => {
                problem.problems.extend(last);
                problem
            }
        }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let red = anstyle::AnsiColor::Red.on_default().bold();
        let cyan = anstyle::AnsiColor::Cyan.on_default();
        writeln!(f, "{red}error{red:#}: {}", self.message)?;
        for cause in &self.causes {
            writeln!(f, "  cause: {cause}")?;
        }
        for problem in &self.problems {
            writeln!(f, "  {}", problem.message)?;
            if let Some(help) = &problem.help {
                writeln!(f, "    {cyan}help{cyan:#}: {help}")?;
            }
        }
        if let Some(help) = &self.help {
            writeln!(f, "  {cyan}help{cyan:#}: {help}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource::Kind;

    #[test]
    fn a_long_plan_is_shortened_and_nothing_that_needs_consent_left_out() {
        let check = |lines: Vec<Line>, expected: usize| assert_eq!(shortened(lines).len(), expected);
        let routes = |count: usize| (0..count).map(|n| Line::add(Kind::Route, format!("GET /{n}")));
        check(routes(9).collect(), 9);
        check(routes(300).collect(), 9);
        let last = shortened(routes(300).collect()).pop().unwrap();
        assert_eq!(last.to_string(), "+ route       and 292 more");
        check(routes(300).map(Line::destructive).collect(), 300);
    }
}
