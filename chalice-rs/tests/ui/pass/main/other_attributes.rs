#![deny(warnings)]

mod app {
    use chalice_rs::prelude::*;

    /// Starts the app.
    #[chalice_rs::main]
    #[expect(unused_variables, reason = "the attribute is what counts")]
    pub(super) async fn main() -> App {
        let unused = 1;
        App::new()
    }
}

fn main() {
    // It would look for Lambda; that it can be called is enough here.
    let _: fn() -> std::process::ExitCode = app::main;
}
