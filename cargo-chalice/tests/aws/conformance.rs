//! The table of `conformance`, against the app in the sandbox.

use bytes::Bytes;
use camino::Utf8Path;

use crate::support::http;
use crate::support::tool::in_sandbox;

#[path = "../../../conformance/src/table.rs"]
mod table;

#[test]
fn the_sandbox_answers_as_the_table_says() {
    let project = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("conformance");
    let url = in_sandbox(&project, &["deploy", "--yes"]).good().last_line().to_owned();
    let base = url.trim_end_matches('/');
    table::check_all(table::Place::Sandbox, |request| {
        let mut sent = request.clone().map(Bytes::from);
        *sent.uri_mut() = format!("{base}{}", request.uri()).parse().unwrap();
        http::send(sent).map(Vec::from)
    });
    in_sandbox(&project, &["delete", "--yes"]).good();
    assert_eq!(http::get(&url).status(), 404);
}
