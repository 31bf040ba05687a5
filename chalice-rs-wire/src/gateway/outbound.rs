//! The way out: what the function said, or why it said nothing, as the client gets it.

use http::header::{self, HeaderName, HeaderValue};
use http::{Method, StatusCode};

use super::inbound::{Refusal, drop_hop_by_hop, trace_id};
use super::sharing::{Said, Sharing};
use super::{Arrival, Request, Response};
use crate::{Moment, cors, http_v2};

/// What the gateway remembers of a request until its answer is there.
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
/// let request = http::Request::head("/users/7").body(Vec::new()).unwrap();
/// let Step::Invoke { exchange, .. } = gateway.accept(request, &arrival) else { unreachable!() };
/// // It was HEAD: the body stays here.
/// assert_eq!(gateway.reply(&exchange, br#"{"statusCode":200,"body":"ann"}"#).body(), b"");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    route_key: Option<String>,
    request_id: String,
    trace_id: String,
    time: Moment,
    is_head: bool,
    /// What browsers are told, where the gateway tells them.
    said: Said,
}

/// Why a function returned nothing.
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
/// assert_eq!(gateway.failed(&exchange, Failure::NoAnswer).status(), 503);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// It reported an error, crashed, or ran into its own timeout.
    Function,
    /// It did not answer within [`limit::WAIT`](super::limit::WAIT).
    NoAnswer,
}

const REQUEST_ID: HeaderName = HeaderName::from_static("apigw-requestid");

impl Exchange {
    pub(super) fn new(request: &Request, arrival: &Arrival, sharing: &Sharing) -> Self {
        Self {
            route_key: None,
            request_id: arrival.request_id(),
            trace_id: trace_id(request, arrival),
            time: arrival.time,
            is_head: request.method() == Method::HEAD,
            said: sharing.said(request),
        }
    }

    pub(super) fn through(mut self, route_key: &str) -> Self {
        self.route_key = Some(route_key.to_owned());
        self
    }

    /// The key of the route that was found: `GET /users/{id}`.
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
    /// let request = http::Request::get("/users/7").body(Vec::new()).unwrap();
    /// let step = Gateway::new(&manifest).accept(request, &arrival);
    /// let Step::Invoke { exchange, .. } = step else { unreachable!() };
    /// assert_eq!(exchange.route_key(), Some("GET /users/{id}"));
    /// ```
    pub fn route_key(&self) -> Option<&str> {
        self.route_key.as_deref()
    }

    /// The X-Ray trace of the request, as the function's event has it; Lambda hands it on.
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
    /// let request = http::Request::get("/users/7").body(Vec::new()).unwrap();
    /// let step = Gateway::new(&manifest).accept(request, &arrival);
    /// let Step::Invoke { exchange, .. } = step else { unreachable!() };
    /// assert_eq!(exchange.trace_id(), arrival.trace_id());
    /// ```
    pub fn trace_id(&self) -> &str {
        &self.trace_id
    }

    pub(super) fn refuse(&self, refusal: &Refusal) -> Response {
        let mut response = self.message(refusal.status(), refusal.message());
        if let Refusal::Unauthorized { challenge: Some(challenge) } = refusal
            && let Ok(challenge) = HeaderValue::from_str(challenge)
        {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }

    /// The answer to a browser's question.
    pub(super) fn preflight(self, headers: Vec<(HeaderName, HeaderValue)>) -> Response {
        Self { said: Some(headers), ..self }.finish(http_v2::Response::new(StatusCode::NO_CONTENT))
    }

    pub(super) fn fail(&self, failure: Failure) -> Response {
        match failure {
            Failure::Function => self.message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error"),
            Failure::NoAnswer => self.message(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable"),
        }
    }

    /// Turns what the function wants to say into what HTTP allows.
    pub(super) fn finish(&self, said: http_v2::Response) -> Response {
        // A status below 200 does not end an exchange.
        if said.status.is_informational() {
            return self.fail(Failure::Function);
        }
        let has_body = !matches!(said.status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
        let mut response = Response::default();
        *response.status_mut() = said.status;
        let headers = response.headers_mut();
        for (name, value) in said.headers {
            headers.append(name, value);
        }
        for cookie in said.cookies {
            headers.append(header::SET_COOKIE, cookie);
        }
        drop_hop_by_hop(headers);
        if let Some(ours) = &self.said {
            cors::NAMES.iter().for_each(|name| drop(headers.remove(name)));
            headers.extend(ours.iter().cloned());
        }
        headers.remove(header::CONTENT_LENGTH);
        if has_body {
            headers.insert(header::CONTENT_LENGTH, said.body.len().into());
        }
        for (name, value) in
            [(header::DATE, self.time.http_date().to_string()), (REQUEST_ID, self.request_id.clone())]
        {
            if let Ok(value) = HeaderValue::try_from(value) {
                headers.insert(name, value);
            }
        }
        if has_body && !self.is_head {
            *response.body_mut() = said.body;
        }
        response
    }

    fn message(&self, status: StatusCode, message: &str) -> Response {
        let body = format!(r#"{{"message":"{message}"}}"#);
        self.finish(
            http_v2::Response::new(status).with_body(HeaderValue::from_static("application/json"), body),
        )
    }
}
