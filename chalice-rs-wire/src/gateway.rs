//! What API Gateway does around a function: find the route, let the caller in, build the event, read
//! the reply, tell browsers who may see it.
//!
//! Pure: no socket, no clock, no cryptography. The local server and the in-process test client carry
//! the bytes and ask what only somebody else can know; both behave alike because everything is decided
//! here.
//! Not here: the event's and the payload's format; see [`crate::http_v2`].

pub mod limit;
pub mod token;

mod answers;
mod arrival;
mod authorize;
mod found;
mod identity;
mod inbound;
mod outbound;
mod policy;
mod routes;
mod sharing;

use chalice_rs_manifest::{FunctionName, Manifest};

use crate::http_v2;
use answers::Answers;
use inbound::Refusal;
use routes::Routes;
use sharing::Sharing;

pub use arrival::Arrival;
pub use authorize::{Guarded, IamIdentity, Question, Verdict};
pub use found::{Found, Held};
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
/// let Step::Invoke { event, exchange, .. } = gateway.accept(request, &arrival) else { unreachable!() };
/// assert!(String::from_utf8(event).unwrap().contains(r#""pathParameters":{"name":"you"}"#));
/// let response = gateway.reply(&exchange, br#"{"statusCode":200,"body":"hi"}"#);
/// assert_eq!(response.body(), b"hi");
///
/// let request = http::Request::post("/hello/you").body(Vec::new()).unwrap();
/// let Step::Answer(response) = gateway.accept(request, &arrival) else { unreachable!() };
/// assert_eq!(response.status(), 404);
/// ```
#[derive(Debug)]
pub struct Gateway {
    routes: Routes,
    sharing: Sharing,
    /// What authorizers said, for as long as it goes.
    answers: Answers,
}

/// What to do next with a request.
///
/// ```
/// # use chalice_rs_manifest::{Guard, Manifest, Method, PathPattern, Record, Route, Rules};
/// # use chalice_rs_wire::Moment;
/// # use chalice_rs_wire::gateway::Arrival;
/// # let path = PathPattern::parse("/users/<id>").unwrap();
/// # let rules = Rules { authorizer: Some(Guard::None), ..Rules::default() };
/// # let route = Route { path, methods: vec![Method::Get], rules, ..Route::default() };
/// # let manifest = Manifest::from_records([Record::Route(route)]);
/// # let client = "203.0.113.9:50112".parse().unwrap();
/// # let arrival = Arrival { time: Moment::from_epoch_millis(1_783_711_145_123), client, entropy: 7 };
/// use chalice_rs_wire::gateway::{Gateway, Step};
///
/// let gateway = Gateway::new(&manifest);
/// let request = http::Request::get("/users/7").body(Vec::new()).unwrap();
/// let event = match gateway.accept(request, &arrival) {
///     Step::Invoke { event, .. } => event,
///     Step::Authorize { question, .. } => unreachable!("{question:?}"),
///     Step::Answer(response) => unreachable!("{response:?}"),
/// };
/// assert!(event.starts_with(br#"{"version":"2.0","#));
/// ```
#[derive(Debug)]
pub enum Step {
    /// Call the function with the event; then [`Gateway::reply`] or [`Gateway::failed`].
    Invoke {
        /// The Lambda function beside the one of all routes, if the route runs in one.
        function: Option<FunctionName>,
        /// The event, as JSON.
        event: Vec<u8>,
        /// What the answer needs to know of the request.
        exchange: Exchange,
    },
    /// Find the answer to a question; then [`Gateway::resume`].
    Authorize {
        /// What only somebody else can know.
        question: Question,
        /// The request meanwhile.
        held: Box<Held>,
    },
    /// The gateway answers by itself.
    Answer(Response),
}

impl Gateway {
    /// The API of an app. What [`Manifest::check`] finds is the caller's to refuse: of two equal
    /// routes the first one answers.
    ///
    /// ```
    /// # use chalice_rs_wire::Moment;
    /// # use chalice_rs_wire::gateway::Arrival;
    /// # let client = "203.0.113.9:50112".parse().unwrap();
    /// # let arrival = Arrival { time: Moment::from_epoch_millis(1_783_711_145_123), client, entropy: 7 };
    /// use chalice_rs_manifest::Manifest;
    /// use chalice_rs_wire::gateway::Gateway;
    ///
    /// let gateway = Gateway::new(&Manifest::default());
    /// let request = http::Request::get("/").body(Vec::new()).unwrap();
    /// assert_eq!(gateway.find(request, &arrival).route_key(), None);
    /// ```
    pub fn new(manifest: &Manifest) -> Self {
        Self { routes: Routes::new(manifest), sharing: Sharing::new(manifest), answers: Answers::default() }
    }

    /// Finds the route of a request, which can then be taken in.
    ///
    /// ```
    /// # use chalice_rs_manifest::{Guard, Manifest, Method, PathPattern, Record, Route, Rules};
    /// # use chalice_rs_wire::Moment;
    /// # use chalice_rs_wire::gateway::Arrival;
    /// # let path = PathPattern::parse("/users/<id>").unwrap();
    /// # let rules = Rules { authorizer: Some(Guard::None), ..Rules::default() };
    /// # let route = Route { path, methods: vec![Method::Get], rules, ..Route::default() };
    /// # let manifest = Manifest::from_records([Record::Route(route)]);
    /// # let client = "203.0.113.9:50112".parse().unwrap();
    /// # let arrival = Arrival { time: Moment::from_epoch_millis(1_783_711_145_123), client, entropy: 7 };
    /// use chalice_rs_wire::gateway::{Gateway, Step};
    ///
    /// let gateway = Gateway::new(&manifest);
    /// let request = http::Request::get("/users/7").body(Vec::new()).unwrap();
    /// let found = gateway.find(request, &arrival);
    /// assert_eq!(found.route_key(), Some("GET /users/{id}"));
    /// assert!(matches!(found.accept(), Step::Invoke { .. }));
    /// ```
    pub fn find(&self, request: Request, arrival: &Arrival) -> Found<'_> {
        Found::new(self, request, arrival)
    }

    /// Takes a request in.
    ///
    /// ```
    /// # use chalice_rs_manifest::{Guard, Manifest, Method, PathPattern, Record, Route, Rules};
    /// # use chalice_rs_wire::Moment;
    /// # use chalice_rs_wire::gateway::Arrival;
    /// # let path = PathPattern::parse("/users/<id>").unwrap();
    /// # let rules = Rules { authorizer: Some(Guard::None), ..Rules::default() };
    /// # let route = Route { path, methods: vec![Method::Get], rules, ..Route::default() };
    /// # let manifest = Manifest::from_records([Record::Route(route)]);
    /// # let client = "203.0.113.9:50112".parse().unwrap();
    /// # let arrival = Arrival { time: Moment::from_epoch_millis(1_783_711_145_123), client, entropy: 7 };
    /// use chalice_rs_wire::gateway::{Gateway, Step};
    ///
    /// let request = http::Request::put("/users/7").body(Vec::new()).unwrap();
    /// let Step::Answer(response) = Gateway::new(&manifest).accept(request, &arrival) else { unreachable!() };
    /// assert_eq!(response.status(), 404);
    /// ```
    pub fn accept(&self, request: Request, arrival: &Arrival) -> Step {
        self.find(request, arrival).accept()
    }

    /// Goes on with a request when the question about it has an answer.
    ///
    /// ```
    /// # use chalice_rs_manifest::{Guard, Manifest, Method, PathPattern, Record, Route, Rules};
    /// # use chalice_rs_wire::Moment;
    /// # use chalice_rs_wire::gateway::Arrival;
    /// # let path = PathPattern::parse("/users/<id>").unwrap();
    /// # let rules = Rules { authorizer: Some(Guard::Iam), ..Rules::default() };
    /// # let route = Route { path, methods: vec![Method::Get], rules, ..Route::default() };
    /// # let manifest = Manifest::from_records([Record::Route(route)]);
    /// # let client = "203.0.113.9:50112".parse().unwrap();
    /// # let arrival = Arrival { time: Moment::from_epoch_millis(1_783_711_145_123), client, entropy: 7 };
    /// use chalice_rs_wire::gateway::{Gateway, IamIdentity, Step, Verdict};
    ///
    /// let gateway = Gateway::new(&manifest);
    /// let request = http::Request::get("/users/7").header("authorization", "AWS4-HMAC-SHA256 ..");
    /// let step = gateway.accept(request.body(Vec::new()).unwrap(), &arrival);
    /// let Step::Authorize { held, .. } = step else { unreachable!() };
    /// let step = gateway.resume(held, &Verdict::Identity(IamIdentity::default()));
    /// assert!(matches!(step, Step::Invoke { .. }));
    /// ```
    pub fn resume(&self, held: Box<Held>, verdict: &Verdict) -> Step {
        self.answers.keep(&held.entry, &held.asked, verdict, held.arrival.time);
        held.judged(verdict)
    }

    /// Ends a request about which nobody knows who calls.
    ///
    /// ```
    /// # use chalice_rs_manifest::{Guard, Manifest, Method, PathPattern, Record, Route, Rules};
    /// # use chalice_rs_wire::Moment;
    /// # use chalice_rs_wire::gateway::Arrival;
    /// # let path = PathPattern::parse("/users/<id>").unwrap();
    /// # let rules = Rules { authorizer: Some(Guard::Iam), ..Rules::default() };
    /// # let route = Route { path, methods: vec![Method::Get], rules, ..Route::default() };
    /// # let manifest = Manifest::from_records([Record::Route(route)]);
    /// # let client = "203.0.113.9:50112".parse().unwrap();
    /// # let arrival = Arrival { time: Moment::from_epoch_millis(1_783_711_145_123), client, entropy: 7 };
    /// use chalice_rs_wire::gateway::{Gateway, Step};
    ///
    /// let gateway = Gateway::new(&manifest);
    /// let request = http::Request::get("/users/7").header("authorization", "AWS4-HMAC-SHA256 ..");
    /// let step = gateway.accept(request.body(Vec::new()).unwrap(), &arrival);
    /// let Step::Authorize { held, .. } = step else { unreachable!() };
    /// assert!(gateway.refuse(held).status().is_server_error());
    /// ```
    pub fn refuse(&self, held: Box<Held>) -> Response {
        held.exchange.refuse(&Refusal::NoVerdict)
    }

    /// Makes the response of what the function returned.
    ///
    /// ```
    /// # use chalice_rs_manifest::{Guard, Manifest, Method, PathPattern, Record, Route, Rules};
    /// # use chalice_rs_wire::Moment;
    /// # use chalice_rs_wire::gateway::Arrival;
    /// # let path = PathPattern::parse("/users/<id>").unwrap();
    /// # let rules = Rules { authorizer: Some(Guard::None), ..Rules::default() };
    /// # let route = Route { path, methods: vec![Method::Get], rules, ..Route::default() };
    /// # let manifest = Manifest::from_records([Record::Route(route)]);
    /// # let client = "203.0.113.9:50112".parse().unwrap();
    /// # let arrival = Arrival { time: Moment::from_epoch_millis(1_783_711_145_123), client, entropy: 7 };
    /// use chalice_rs_wire::gateway::{Gateway, Step};
    ///
    /// let gateway = Gateway::new(&manifest);
    /// let request = http::Request::get("/users/7").body(Vec::new()).unwrap();
    /// let Step::Invoke { exchange, .. } = gateway.accept(request, &arrival) else { unreachable!() };
    /// assert_eq!(gateway.reply(&exchange, br#"{"statusCode":201}"#).status(), 201);
    /// assert_eq!(gateway.reply(&exchange, br#"{"statusCode":7}"#).status(), 500);
    /// ```
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
    ///
    /// ```
    /// # use chalice_rs_manifest::{Guard, Manifest, Method, PathPattern, Record, Route, Rules};
    /// # use chalice_rs_wire::Moment;
    /// # use chalice_rs_wire::gateway::Arrival;
    /// # let path = PathPattern::parse("/users/<id>").unwrap();
    /// # let rules = Rules { authorizer: Some(Guard::None), ..Rules::default() };
    /// # let route = Route { path, methods: vec![Method::Get], rules, ..Route::default() };
    /// # let manifest = Manifest::from_records([Record::Route(route)]);
    /// # let client = "203.0.113.9:50112".parse().unwrap();
    /// # let arrival = Arrival { time: Moment::from_epoch_millis(1_783_711_145_123), client, entropy: 7 };
    /// use chalice_rs_wire::gateway::{Failure, Gateway, Step};
    ///
    /// let gateway = Gateway::new(&manifest);
    /// let request = http::Request::get("/users/7").body(Vec::new()).unwrap();
    /// let Step::Invoke { exchange, .. } = gateway.accept(request, &arrival) else { unreachable!() };
    /// assert_eq!(gateway.failed(&exchange, Failure::Function).status(), 500);
    /// ```
    pub fn failed(&self, exchange: &Exchange, failure: Failure) -> Response {
        exchange.fail(failure)
    }
}
