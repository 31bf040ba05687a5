use chalice_rs::prelude::*;

#[route("/theme")]
async fn theme(cookies: Option<Cookies<'_>>) -> &'static str {
    if cookies.is_some() { "dark" } else { "light" }
}

fn main() {}
