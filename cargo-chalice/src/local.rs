//! The API on this machine: an HTTP server around the gateway, and the app in its own process.
//!
//! ```text
//!  HTTP request ─▶ server ─▶ wire::gateway ─ event ─▶ pool ─▶ worker ─▶ runtime_api ⇄ the app's process
//!                    ▲                                  ▲
//!                    └────────────── live ◀─────────────┴──── reload ◀─ a file was saved
//! ```
//!
//! Before the event there may be a question who calls: `authorize` answers it, with an issuer's keys, a
//! function of the app, or what a flag says.
//!
//! What API Gateway does is decided in `chalice_rs_wire::gateway`, and what the app does in the app:
//! here bytes are carried and processes started.

mod authorize;
mod build;
mod event;
mod issuer;
mod live;
mod page;
mod pool;
mod reload;
mod runtime_api;
mod scratch;
mod server;
mod sources;
pub mod stand_in;
mod worker;

pub use authorize::Authority;
pub use event::Event;
pub use live::Live;
pub use reload::Reload;
pub use server::Server;

use std::net::SocketAddr;

use camino::Utf8PathBuf;
use miette::Diagnostic;
use thiserror::Error;

use crate::failure::{Exit, StageError};

/// Why nothing can be served.
#[derive(Debug, Error, Diagnostic)]
pub enum LocalError {
    #[error("cannot listen on {address}")]
    #[diagnostic(
        code(chalice::local::listen),
        help("choose another port with `--port`; `--port 0` takes one that is free")
    )]
    Listen { address: SocketAddr, source: std::io::Error },

    #[error("cannot put the executable into `{folder}`")]
    #[diagnostic(
        code(chalice::local::copy),
        help("check the folder's permissions and that the disk has room")
    )]
    Copy { folder: Utf8PathBuf, source: std::io::Error },

    #[error("cannot watch the sources")]
    #[diagnostic(
        code(chalice::local::watch),
        help("the system's limit of watched files may be reached: on Linux see fs.inotify.max_user_watches")
    )]
    Watch(#[source] notify::Error),
}

impl StageError for LocalError {
    fn exit(&self) -> Exit {
        Exit::Failed
    }
}
