//! What API Gateway does around a function: find the route, build the event, read the reply.
//!
//! Pure: no socket, no clock. The local server and the in-process test client carry the bytes, and
//! both behave alike because everything is decided here.
//! Not here: the event's and the payload's format; see [`crate::http_v2`].

pub mod limit;

mod arrival;
mod inbound;
mod outbound;
mod routes;

use std::borrow::Cow;

use chalice_rs_manifest::Manifest;

use crate::http_v2;
use inbound::Refusal;
use routes::Routes;

pub use arrival::Arrival;
pub use outbound::{Exchange, Failure};

/// A request as it comes from the client.
pub type Request = http::Request<Vec<u8>>;

/// A response as it goes to the client.
pub type Response = http::Response<Vec<u8>>;

/// One HTTP API: its routes, with the `$default` stage and payload format 2.0.
///
/// ```
/// use chalice_rs_manifest::{Manifest, Method, PathPattern, Record, Route, Source};
/// use chalice_rs_wire::Moment;
/// use chalice_rs_wire::gateway::{Arrival, Gateway, Step};
///
/// let manifest = Manifest::from_records([Record::Route(Route {
///     path: PathPattern::parse("/hello/<name>").unwrap(),
///     methods: vec![Method::Get],
///     function: "hello".to_owned(),
///     source: Source { module: "app".to_owned(), file: "src/main.rs".to_owned(), line: 3 },
///     ..Route::default()
/// })]);
/// let gateway = Gateway::new(&manifest);
/// let arrival = Arrival {
///     time: Moment::from_epoch_millis(1_783_711_145_123),
///     client: "203.0.113.9:50112".parse().unwrap(),
///     entropy: 7,
/// };
///
/// let request = http::Request::get("/hello/you").body(Vec::new()).unwrap();
/// let Step::Invoke { event, exchange } = gateway.accept(request, &arrival) else { unreachable!() };
/// assert!(String::from_utf8(event).unwrap().contains(r#""pathParameters":{"name":"you"}"#));
/// let response = gateway.reply(&exchange, br#"{"statusCode":200,"body":"hi"}"#);
/// assert_eq!(response.body(), b"hi");
///
/// let request = http::Request::post("/hello/you").body(Vec::new()).unwrap();
/// let Step::Answer(response) = gateway.accept(request, &arrival) else { unreachable!() };
/// assert_eq!(response.status(), 404);
/// ```
#[derive(Debug, Clone)]
pub struct Gateway {
    routes: Routes,
}

/// What to do next with a request.
#[derive(Debug)]
pub enum Step {
    /// Call the function with the event; then [`Gateway::reply`] or [`Gateway::failed`].
    Invoke {
        /// The event, as JSON.
        event: Vec<u8>,
        /// What the answer needs to know of the request.
        exchange: Exchange,
    },
    /// The gateway answers by itself.
    Answer(Response),
}

impl Gateway {
    /// The API of an app. What [`Manifest::check`] finds is the caller's to refuse: of two equal
    /// routes the first one answers.
    pub fn new(manifest: &Manifest) -> Self {
        Self { routes: Routes::new(manifest) }
    }

    /// Takes a request in.
    pub fn accept(&self, request: Request, arrival: &Arrival) -> Step {
        let exchange = Exchange::new(&request, arrival);
        match self.event(request, arrival) {
            Ok((event, route_key)) => Step::Invoke { event, exchange: exchange.through(route_key) },
            Err(refusal) => Step::Answer(exchange.refuse(refusal)),
        }
    }

    /// Makes the response of what the function returned.
    pub fn reply(&self, exchange: &Exchange, payload: &[u8]) -> Response {
        if payload.len() > limit::PAYLOAD {
            return self.failed(exchange, Failure::Function);
        }
        match http_v2::decode_response(payload) {
            Ok(response) => exchange.finish(response),
            Err(_) => self.failed(exchange, Failure::Function),
        }
    }

    /// Makes the response when the function returned nothing.
    pub fn failed(&self, exchange: &Exchange, failure: Failure) -> Response {
        exchange.fail(failure)
    }

    fn event(&self, request: Request, arrival: &Arrival) -> Result<(Vec<u8>, &str), Refusal> {
        inbound::check(&request)?;
        let path = inbound::decoded_path(request.uri());
        let (route_key, path_parameters) =
            self.routes.find(request.method(), &path).ok_or(Refusal::NoRoute)?;
        let inbound = http_v2::Request {
            route_key: Cow::Borrowed(route_key),
            path_parameters,
            ..inbound::request(&request, &path, arrival)
        };
        let event = http_v2::encode_request(&inbound);
        if event.len() > limit::EVENT { Err(Refusal::BodyTooLarge) } else { Ok((event, route_key)) }
    }
}
