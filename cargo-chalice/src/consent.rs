//! Asking before something is lost.

use miette::Diagnostic;
use thiserror::Error;

use crate::cli::ConsentOptions;
use crate::failure::{Exit, StageError};
use crate::plan::Plan;
use crate::report::{Answer, Report};

/// Goes on when nothing of the plan loses anything, or when the user agrees to it.
pub fn ask(plan: &Plan, options: &ConsentOptions, report: &mut Report) -> Result<(), ConsentError> {
    let lines = plan.destructive();
    if lines.is_empty() || options.yes {
        return Ok(());
    }
    let what = match lines.as_slice() {
        [only] => format!("the {} `{}`", only.kind, only.subject()),
        several => format!("{} things", several.len()),
    };
    match report.ask(&format!("This removes {what} for good. Go on?")) {
        Answer::Yes => Ok(()),
        Answer::No => Err(ConsentError::Declined),
        Answer::NobodyThere => Err(ConsentError::NobodyThere { what }),
    }
}

/// Why nothing was done.
#[derive(Debug, Error, Diagnostic)]
pub enum ConsentError {
    #[error("this would remove {what} for good, and there is no terminal to ask")]
    #[diagnostic(
        code(chalice::consent::nobody_there),
        help("add `--yes` when that is what you want; nothing was changed")
    )]
    NobodyThere { what: String },

    #[error("nothing was changed")]
    #[diagnostic(code(chalice::consent::declined), help("run the same command again to be asked again"))]
    Declined,
}

impl StageError for ConsentError {
    fn exit(&self) -> Exit {
        match self {
            Self::NobodyThere { .. } => Exit::Usage,
            Self::Declined => Exit::Failed,
        }
    }
}
