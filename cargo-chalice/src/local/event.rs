//! What happens while the API is served, in words for the terminal.

use std::fmt;
use std::time::Duration;

use super::authorize::Refused;
use super::worker::Fault;

const UNTIL_MENDED: &str = "every request is answered with this until it is mended";

/// Something a user wants to see, the moment it happens.
#[derive(Debug)]
pub enum Event {
    /// A request was answered.
    Answered {
        /// The request's method.
        method: http::Method,
        /// The path as it came.
        path: String,
        /// The key of the route it took.
        route: Option<String>,
        /// Who may call it, if not everybody.
        guard: Option<String>,
        /// The answer's status.
        status: http::StatusCode,
        /// From the request's last byte to the answer's first.
        took: Duration,
    },
    /// Somebody was not let in.
    Refused(Refused),
    /// A function did not answer as it should.
    Faulted(Fault),
    /// A file was saved.
    Changed(String),
    /// The newest code is served.
    Reloaded {
        /// From the start of the build until now.
        took: Duration,
    },
    /// The newest code does not compile; the compiler has said why.
    DoesNotCompile,
    /// The newest code cannot be served, for this reason.
    CannotBeServed(String),
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answered { method, path, route, guard, status, took } => {
                write!(f, "{method} {path}  [{}", route.as_deref().unwrap_or("no route"))?;
                if let Some(guard) = guard {
                    write!(f, ", {guard}")?;
                }
                write!(f, "]  {}  {} ms", status.as_u16(), took.as_millis())
            }
            Self::Refused(refused) => write!(f, "{refused}"),
            Self::Faulted(fault) => write!(f, "{fault}"),
            Self::Changed(file) => write!(f, "`{file}` changed: building"),
            Self::Reloaded { took } => write!(f, "serving the new code after {:.1} s", took.as_secs_f32()),
            Self::DoesNotCompile => write!(f, "{UNTIL_MENDED}"),
            Self::CannotBeServed(text) => write!(f, "{}\n{UNTIL_MENDED}", text.trim_end()),
        }
    }
}
