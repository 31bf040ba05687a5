//! A request on its way in: with its route, and held until an authorizer has answered.
//!
//! Not here: who is let in; see `authorize.rs`.

use std::borrow::Cow;
use std::sync::Arc;

use super::authorize::{self, Asked, Caller, Guarded, Verdict};
use super::inbound::{self, Refusal};
use super::outbound::Exchange;
use super::routes::Entry;
use super::{Arrival, Gateway, Request, Response, Step, limit};
use crate::http_v2;

/// A request, and the route that it takes.
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
/// use chalice_rs_wire::gateway::{Gateway, Guarded};
///
/// let gateway = Gateway::new(&manifest);
/// let request = http::Request::put("/users/7").body(Vec::new()).unwrap();
/// let found = gateway.find(request, &arrival);
/// assert_eq!((found.route_key(), found.guard()), (None, Guarded::Open));
/// ```
#[derive(Debug)]
pub struct Found<'g> {
    gateway: &'g Gateway,
    entry: Option<&'g Arc<Entry>>,
    request: Request,
    arrival: Arrival,
}

impl<'g> Found<'g> {
    pub(super) fn new(gateway: &'g Gateway, request: Request, arrival: &Arrival) -> Self {
        Self { gateway, entry: gateway.routes.find(&request), request, arrival: *arrival }
    }

    /// The key of the route, if one takes the request: `GET /users/{id}`.
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
    /// use chalice_rs_wire::gateway::Gateway;
    ///
    /// let gateway = Gateway::new(&manifest);
    /// let look = |uri| gateway.find(http::Request::get(uri).body(Vec::new()).unwrap(), &arrival).route_key();
    /// assert_eq!(look("/users/7"), Some("GET /users/{id}"));
    /// assert_eq!(look("/users"), None);
    /// ```
    pub fn route_key(&self) -> Option<&'g str> {
        self.entry.map(|entry| entry.key.as_str())
    }

    /// Who may call the route.
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
    /// use chalice_rs_wire::gateway::{Gateway, Guarded};
    ///
    /// let request = http::Request::get("/users/7").body(Vec::new()).unwrap();
    /// assert_eq!(Gateway::new(&manifest).find(request, &arrival).guard(), Guarded::Iam);
    /// ```
    pub fn guard(&self) -> Guarded<'g> {
        self.entry.map_or(Guarded::Open, |entry| authorize::guarded(entry))
    }

    /// Takes the request in.
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
    /// let request = http::Request::get("/users/7").body(Vec::new()).unwrap();
    /// let gateway = Gateway::new(&manifest);
    /// let Step::Answer(response) = gateway.find(request, &arrival).accept() else { unreachable!() };
    /// assert_eq!(response.status(), 403);
    /// ```
    pub fn accept(self) -> Step {
        let answers = &self.gateway.answers;
        let held = match self.admitted() {
            Ok(held) => held,
            Err(response) => return Step::Answer(*response),
        };
        match authorize::begin(&held.entry, &held.request, &held.arrival, answers) {
            Ok(Ok(caller)) => held.invoke(&caller),
            Ok(Err((question, asked))) => {
                Step::Authorize { question, held: Box::new(Held { asked, ..held }) }
            }
            Err(refusal) => Step::Answer(held.exchange.refuse(&refusal)),
        }
    }

    /// Takes the request in when it is known who calls: nobody is asked, and the request need not say
    /// it. What the route asks of the caller still goes.
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
    /// let request = http::Request::get("/users/7").body(Vec::new()).unwrap();
    /// let gateway = Gateway::new(&manifest);
    /// let ann = IamIdentity { user_arn: "arn:aws:iam::123456789012:user/ann".to_owned(), ..IamIdentity::default() };
    /// let step = gateway.find(request, &arrival).accept_as(&Verdict::Identity(ann));
    /// assert!(matches!(step, Step::Invoke { .. }));
    /// ```
    pub fn accept_as(self, verdict: &Verdict) -> Step {
        match self.admitted() {
            Ok(held) => held.judged(verdict),
            Err(response) => Step::Answer(*response),
        }
    }

    /// The request with its route, or the answer of the gateway's own. That one in a box, because answers
    /// are large and these rare.
    fn admitted(self) -> Result<Held, Box<Response>> {
        let Self { gateway: Gateway { sharing, .. }, entry, request, arrival } = self;
        let exchange = Exchange::new(&request, &arrival, sharing);
        if let Err(refusal) = inbound::check(&request) {
            return Err(Box::new(exchange.refuse(&refusal)));
        }
        if let Some(headers) = sharing.preflight(&request, entry.is_some()) {
            return Err(Box::new(exchange.preflight(headers)));
        }
        let Some(entry) = entry else { return Err(Box::new(exchange.refuse(&Refusal::NoRoute))) };
        let exchange = exchange.through(&entry.key);
        Ok(Held { request, arrival, exchange, entry: Arc::clone(entry), asked: Asked::default() })
    }
}

/// A request that waits for an authorizer's answer.
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
/// use chalice_rs_wire::gateway::{Gateway, Step, Verdict};
///
/// let gateway = Gateway::new(&manifest);
/// let request = http::Request::get("/users/7").header("authorization", "AWS4-HMAC-SHA256 ..");
/// let step = gateway.accept(request.body(Vec::new()).unwrap(), &arrival);
/// let Step::Authorize { held, .. } = step else { unreachable!() };
/// let Step::Answer(refused) = gateway.resume(held, &Verdict::Refused) else { unreachable!() };
/// assert_eq!(refused.status(), 403);
/// ```
#[derive(Debug)]
pub struct Held {
    pub(super) request: Request,
    pub(super) arrival: Arrival,
    pub(super) exchange: Exchange,
    pub(super) entry: Arc<Entry>,
    pub(super) asked: Asked,
}

impl Held {
    /// The key of the route that was found: `GET /users/{id}`.
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
    /// let request = http::Request::get("/users/7").header("authorization", "AWS4-HMAC-SHA256 ..");
    /// let step = Gateway::new(&manifest).accept(request.body(Vec::new()).unwrap(), &arrival);
    /// let Step::Authorize { held, .. } = step else { unreachable!() };
    /// assert_eq!(held.route_key(), "GET /users/{id}");
    /// ```
    pub fn route_key(&self) -> &str {
        &self.entry.key
    }

    /// The X-Ray trace of the request, which an authorizer's function gets as well.
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
    /// let request = http::Request::get("/users/7").header("authorization", "AWS4-HMAC-SHA256 ..");
    /// let step = Gateway::new(&manifest).accept(request.body(Vec::new()).unwrap(), &arrival);
    /// let Step::Authorize { held, .. } = step else { unreachable!() };
    /// assert_eq!(held.trace_id(), arrival.trace_id());
    /// ```
    pub fn trace_id(&self) -> &str {
        self.exchange.trace_id()
    }

    /// What a verdict makes of it.
    pub(super) fn judged(self, verdict: &Verdict) -> Step {
        match authorize::judge(&self.entry, &self.request, &self.arrival, verdict, &self.asked) {
            Ok(caller) => self.invoke(&caller),
            Err(refusal) => Step::Answer(self.exchange.refuse(&refusal)),
        }
    }

    fn invoke(self, caller: &Caller) -> Step {
        let path = inbound::decoded_path(self.request.uri());
        let mut inbound = self.entry.event(&self.request, &path, &self.arrival);
        inbound.context.authorizer = Cow::Borrowed(caller.as_json());
        let event = http_v2::encode_request(&inbound);
        if event.len() > limit::EVENT {
            return Step::Answer(self.exchange.refuse(&Refusal::BodyTooLarge));
        }
        Step::Invoke { function: self.entry.lambda.clone(), event, exchange: self.exchange }
    }
}
