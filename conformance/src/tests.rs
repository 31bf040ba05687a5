//! The table, through the test client.

use chalice_rs::App;
use chalice_rs::test::Client;

use crate::table::{Place, check_all};

#[test]
fn the_test_client_answers_as_the_table_says() {
    let client = Client::new(App::new());
    check_all(Place::Client, |request| {
        let target = request.uri().path_and_query().unwrap().as_str();
        let mut builder = client.request(request.method().clone(), target).body(request.body().clone());
        for (name, value) in request.headers() {
            builder = builder.header(name.as_str(), std::str::from_utf8(value.as_bytes()).unwrap());
        }
        let answer = builder.send();
        let mut response = http::Response::new(answer.bytes().to_vec());
        *response.status_mut() = answer.status();
        *response.headers_mut() = answer.headers().clone();
        response
    });
}
