mod app {
    use std::io;

    use chalice_rs::prelude::*;

    const GREETING: &str = "hello";

    #[chalice_rs::main]
    pub(super) async fn main() -> Result<App, io::Error> {
        if GREETING.is_empty() {
            return Err(io::Error::other("no greeting"));
        }
        Ok(App::new())
    }
}

fn main() {
    // It would look for Lambda; that it can be called is enough here.
    let _: fn() -> std::process::ExitCode = app::main;
}
