//! One HTTP exchange with this machine, whatever the name in the address.
//!
//! `*.localhost` is not resolved by every system's resolver, so the connection goes to 127.0.0.1 and the name into
//! `Host`, which is what curl does by itself.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use bytes::Bytes;
use http::header::{HOST, HeaderValue};
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;

/// GETs an address of an API in the local AWS as anybody would: unsigned.
pub fn get(url: &str) -> Response<Bytes> {
    call("GET", url, &[], "")
}

/// GETs an address of an API that belongs to another account than the local AWS's own. An unsigned request is looked
/// up in that one, so this names the account the way a signature would.
pub fn get_as(account: &str, url: &str) -> Response<Bytes> {
    let scope = format!("AWS4-HMAC-SHA256 Credential={account}/20261122/us-east-1/execute-api/aws4_request");
    call("GET", url, &[("authorization", &scope)], "")
}

/// Any call.
pub fn call(method: &str, url: &str, headers: &[(&str, &str)], body: &str) -> Response<Bytes> {
    let mut request = Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    send(request.body(Bytes::from(body.to_owned())).unwrap())
}

/// Sends a request to where its address points.
pub fn send(mut request: Request<Bytes>) -> Response<Bytes> {
    let uri = std::mem::take(request.uri_mut());
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    *request.uri_mut() = path.parse().unwrap();
    let host = HeaderValue::from_str(uri.authority().unwrap().as_str()).unwrap();
    request.headers_mut().insert(HOST, host);
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, uri.port_u16().unwrap_or(80)));
    let method = request.method().clone();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let answer = runtime.block_on(exchange(address, request.map(Full::new)));
    answer.unwrap_or_else(|error| panic!("{method} {uri}: {error}"))
}

/// Sends one request over a connection of its own and reads the whole answer.
pub async fn exchange(address: SocketAddr, request: Request<Full<Bytes>>) -> io::Result<Response<Bytes>> {
    let stream = tokio::net::TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(io::Error::other)?;
    let connection = tokio::spawn(connection);
    let (head, body) = sender.send_request(request).await.map_err(io::Error::other)?.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    connection.abort();
    Ok(Response::from_parts(head, body))
}
