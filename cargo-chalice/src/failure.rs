//! How a command ends: the exit codes, and the one type that every stage's error becomes.
//!
//! Not here: the texts of the errors; each stage has an enum of its own beside its code.

use miette::Diagnostic;
use thiserror::Error;

/// The documented exit codes. They are an interface: scripts rely on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done; for `plan`: nothing to change.
    Success = 0,
    /// AWS or this machine refused something, or a function failed.
    Failed = 1,
    /// Only `plan`: there are changes.
    Changes = 2,
    /// The command line itself is wrong.
    Usage = 3,
    /// The project, its `Chalice.toml`, or what the app declares is wrong.
    Project = 4,
    /// The code does not compile, or Lambda would refuse what came out.
    Build = 5,
    /// No credentials, expired ones, or not the account that is pinned.
    Account = 6,
    /// The credentials do not allow an action.
    Denied = 7,
    /// AWS, or the sandbox, cannot be reached.
    Unreachable = 8,
    /// Stopped by Ctrl-C.
    Interrupted = 130,
}

#[cfg(test)]
impl Exit {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Success,
        Self::Failed,
        Self::Changes,
        Self::Usage,
        Self::Project,
        Self::Build,
        Self::Account,
        Self::Denied,
        Self::Unreachable,
        Self::Interrupted,
    ];
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// What every stage's error type is: a text, a help, and the exit code it leads to.
pub trait StageError: Diagnostic + Send + Sync + 'static {
    /// The exit code of a command that fails with this.
    fn exit(&self) -> Exit;

    /// Whether the user has read about it already, as with the compiler's own messages.
    fn is_told(&self) -> bool {
        false
    }
}

/// Why a command failed, ready to be reported.
#[derive(Debug)]
pub struct Failure {
    exit: Exit,
    told: bool,
    diagnostic: miette::Report,
}

impl Failure {
    /// The exit code to end with.
    pub fn exit(&self) -> Exit {
        self.exit
    }

    /// Whether there is nothing left to say.
    pub fn is_told(&self) -> bool {
        self.told
    }

    /// The text, help and causes.
    pub fn diagnostic(&self) -> &dyn Diagnostic {
        self.diagnostic.as_ref()
    }
}

impl<E: StageError> From<E> for Failure {
    fn from(error: E) -> Self {
        Self { exit: error.exit(), told: error.is_told(), diagnostic: miette::Report::new(error) }
    }
}

/// The asynchronous runtime could not start.
#[derive(Debug, Error, Diagnostic)]
#[error("cannot start the worker threads")]
#[diagnostic(code(chalice::no_runtime), help("the system is out of threads or files; try again"))]
pub struct NoRuntime(#[source] pub std::io::Error);

impl StageError for NoRuntime {
    fn exit(&self) -> Exit {
        Exit::Failed
    }
}
