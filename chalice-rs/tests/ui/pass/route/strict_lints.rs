//! Each lint group that a user may have at its strictest, and no `unsafe`.
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs, unused, future_incompatible, rust_2018_idioms, unreachable_pub)]
#![deny(single_use_lifetimes, unused_qualifications, unused_lifetimes, let_underscore, absolute_paths_not_starting_with_crate)]

use chalice_rs::prelude::*;

/// Says hello.
#[route("/hello/<name>", methods = ["GET", "POST"])]
pub(crate) async fn hello(name: &str, request: &Request<'_>, Json(times): Json<usize>) -> String {
    let _ = request;
    name.repeat(times)
}

/// Starts the app.
pub mod app {
    use chalice_rs::prelude::*;

    #[chalice_rs::main]
    async fn main() -> App {
        App::new()
    }

    pub(crate) fn start() -> std::process::ExitCode {
        main()
    }
}

fn main() {
    let _: fn() -> std::process::ExitCode = app::start;
}
