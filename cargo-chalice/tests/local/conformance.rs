//! The table of `conformance`, against `cargo chalice local`.

use camino::Utf8Path;
use http::{Method, Request, Response};

use crate::client::Connection;
use crate::session::Session;

#[path = "../../../conformance/src/table.rs"]
mod table;

#[test]
fn local_answers_as_the_table_says() {
    let project = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("conformance");
    let session = Session::serve(&project, &[]);
    table::check_all(table::Place::Local, |request| send(&session, request));
}

fn send(session: &Session, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
    let target = request.uri().path_and_query().unwrap();
    let mut bytes = format!(
        "{} {target} HTTP/1.1\r\nhost: {}\r\ncontent-length: {}\r\n",
        request.method(),
        session.address,
        request.body().len()
    )
    .into_bytes();
    for (name, value) in request.headers() {
        bytes.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    bytes.extend(b"\r\n");
    bytes.extend(request.body());
    let mut connection = Connection::open(session);
    connection.write_bytes(&bytes);
    let answer = if request.method() == Method::HEAD { connection.read_head() } else { connection.read() };
    let mut response = Response::builder().status(answer.status);
    for (name, value) in &answer.headers {
        response = response.header(name, value);
    }
    response.body(answer.body).unwrap()
}
