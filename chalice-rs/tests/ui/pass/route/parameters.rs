use std::net::IpAddr;

use chalice_rs::prelude::*;

#[route("/owned/<name>")]
async fn owned(name: String) -> String {
    name
}

#[route("/borrowed/<name>")]
async fn borrowed(name: &str) -> String {
    name.to_owned()
}

#[route("/explicit/<name>")]
async fn explicit<'a>(name: &'a str, request: &'a Request<'a>) -> String {
    let _ = request;
    name.to_owned()
}

#[route("/typed/<count>/<ratio>/<address>")]
fn typed(address: IpAddr, count: u64, ratio: f32) -> String {
    format!("{address} {count} {ratio}")
}

#[route("/changed/<name>")]
fn changed(mut name: String) -> String {
    name.push('!');
    name
}

#[route("/unread/<id>")]
fn unread(_id: u64) -> String {
    String::new()
}

#[route("/keyword/<type>")]
fn r#type(r#type: u8) -> String {
    r#type.to_string()
}

#[route("/greedy/<path..>")]
fn greedy(path: &str) -> String {
    path.to_owned()
}

fn main() {
    // Each stays an ordinary function.
    assert_eq!(changed("you".to_owned()), "you!");
    assert_eq!(r#type(7), "7");
    assert_eq!(typed([127, 0, 0, 1].into(), 1, 0.5), "127.0.0.1 1 0.5");
    drop((owned("a".to_owned()), borrowed("b")));
}
