//! The socket: HTTP in, HTTP out, one gateway between.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use chalice_rs_manifest::FunctionName;
use chalice_rs_wire::Moment;
use chalice_rs_wire::gateway::{self, Arrival, Exchange, Failure, Gateway, Guarded, Step, limit};
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use super::live::{Found, Live, Serving};
use super::{Authority, Event, LocalError, page};

/// A port that is ours.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
}

impl Server {
    /// Takes a port; 0 is any that is free.
    pub async fn bind(address: SocketAddr) -> Result<Self, LocalError> {
        let listen = |source| LocalError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        Ok(Self { listener, address })
    }

    /// Where the API is.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves for ever.
    pub async fn run(
        self,
        live: Live,
        authority: Authority,
        events: mpsc::UnboundedSender<Event>,
    ) -> Infallible {
        let authority = Arc::new(authority);
        loop {
            match self.listener.accept().await {
                Ok((stream, client)) => {
                    let authority = Arc::clone(&authority);
                    let carrier = Carrier { live: live.clone(), authority, events: events.clone(), client };
                    tokio::spawn(carrier.serve(stream));
                }
                // Out of files, or the client is gone already: the next one may have more luck.
                Err(_) => tokio::task::yield_now().await,
            }
        }
    }
}

/// Carries the requests of one connection.
#[derive(Clone)]
struct Carrier {
    live: Live,
    authority: Arc<Authority>,
    events: mpsc::UnboundedSender<Event>,
    client: SocketAddr,
}

impl Carrier {
    async fn serve(self, stream: TcpStream) {
        // Answers are written in one piece; waiting for more would only delay them.
        let _ = stream.set_nodelay(true);
        let service = service_fn(move |request| {
            let carrier = self.clone();
            async move { Ok::<_, Infallible>(carrier.answer(request).await) }
        });
        // What is not HTTP is answered by hyper where possible, and ends this connection only.
        let _ = http1::Builder::new()
            .timer(TokioTimer::new())
            .serve_connection(TokioIo::new(stream), service)
            .await;
    }

    async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let (head, body) = request.into_parts();
        let (method, path) = (head.method.clone(), head.uri.path().to_owned());
        let Ok(body) = read(body).await else {
            let mut response = Response::new(Full::default());
            *response.status_mut() = StatusCode::BAD_REQUEST;
            return response;
        };
        let started = Instant::now();
        let Answered { response, route, guard } = match self.live.find().await {
            Found::Broken(message) => page::broken(&head.headers, &message).into(),
            Found::Serving(serving) => self.ask(&serving, Request::from_parts(head, body)).await,
        };
        let status = response.status();
        let _ =
            self.events.send(Event::Answered { method, path, route, guard, status, took: started.elapsed() });
        response.map(|body| Full::new(body.into()))
    }

    async fn ask(&self, serving: &Serving, request: gateway::Request) -> Answered {
        let gateway: &Gateway = &serving.gateway;
        let found = gateway.find(request, &arrival(self.client));
        let (route, guard) = (found.route_key().map(str::to_owned), shown(found.guard()));
        let mut step = found.accept();
        if let Step::Authorize { question, held } = step {
            let (verdict, refused) = self.authority.answer(question, serving, held.trace_id()).await;
            if let Some(refused) = refused {
                let _ = self.events.send(Event::Refused(refused));
            }
            step = gateway.resume(held, &verdict);
        }
        let response = match step {
            Step::Answer(response) => response,
            Step::Invoke { function, event, exchange } => {
                self.invoke(serving, function.as_ref(), &exchange, event).await
            }
            // Who calls is asked once. Should it be asked again, nobody is let in.
            Step::Authorize { held, .. } => gateway.refuse(held),
        };
        Answered { response, route, guard }
    }

    async fn invoke(
        &self,
        serving: &Serving,
        function: Option<&FunctionName>,
        exchange: &Exchange,
        event: Vec<u8>,
    ) -> gateway::Response {
        let gateway: &Gateway = &serving.gateway;
        let pool = serving.pool(function);
        let call = pool.call(lambda_request_id(), exchange.trace_id().to_owned(), event);
        match tokio::time::timeout(limit::WAIT, call).await {
            Ok(Ok(payload)) => gateway.reply(exchange, &payload),
            Ok(Err(fault)) => {
                let _ = self.events.send(Event::Faulted(fault));
                gateway.failed(exchange, Failure::Function)
            }
            Err(_) => gateway.failed(exchange, Failure::NoAnswer),
        }
    }
}

/// A response, and what the terminal shows of how it came about.
struct Answered {
    response: gateway::Response,
    route: Option<String>,
    guard: Option<String>,
}

impl From<gateway::Response> for Answered {
    fn from(response: gateway::Response) -> Self {
        Self { response, route: None, guard: None }
    }
}

/// Who may call, in a word.
fn shown(guard: Guarded<'_>) -> Option<String> {
    match guard {
        Guarded::Open => None,
        Guarded::Iam => Some("iam".to_owned()),
        Guarded::By(authorizer) => Some(authorizer.name.to_string()),
        Guarded::Unknown(name) => Some(name.to_string()),
    }
}

/// Reads a body to its end, and keeps one byte more than the gateway takes at most. The rest is read
/// as well, within reason, so that the client gets to read the refusal.
async fn read(mut body: Incoming) -> Result<Vec<u8>, hyper::Error> {
    const WITHIN_REASON: usize = 8 * limit::BODY;
    let (mut kept, mut seen) = (Vec::new(), 0);
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame?.into_data() else { continue };
        seen += data.len();
        let room = (limit::BODY + 1).saturating_sub(kept.len());
        kept.extend_from_slice(&data[..data.len().min(room)]);
        if seen > WITHIN_REASON {
            break;
        }
    }
    Ok(kept)
}

fn arrival(client: SocketAddr) -> Arrival {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    // The clock would have to be 500 million years ahead.
    let millis = u64::try_from(now.as_millis()).unwrap_or(u64::MAX);
    Arrival { time: Moment::from_epoch_millis(millis), client, entropy: fastrand::u128(..) }
}

/// Lambda's ids are UUIDs of version 4.
pub(super) fn lambda_request_id() -> String {
    let id = fastrand::u128(..) & !(0xf << 76) & !(0x3 << 62) | (4 << 76) | (2 << 62);
    let hex = format!("{id:032x}");
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}
