mod app {
    use chalice_rs::prelude::*;

    #[chalice_rs::main]
    pub(super) fn main() -> App {
        App::new()
    }
}

fn main() {
    // It would look for Lambda; that it can be called is enough here.
    let _: fn() -> std::process::ExitCode = app::main;
}
