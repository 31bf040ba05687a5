//! A service of `tower` below a path.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http_body::Body;
use http_body_util::Full;
use tower_service::Service;

use super::BoxError;
use super::convert::{answer, encoded_rest, failed, outgoing};
use crate::handler::Answer;
use crate::settle::guarded;
use crate::{App, Error, Request, Response, State};

/// What a function under `#[mount]` gives, made once for each app.
///
/// Its address tells it from others.
pub struct Mounted {
    name: &'static str,
    start: StartCall,
}

/// Makes the service, as an expansion has it.
pub type StartCall = for<'a> fn(&'a App) -> Starting<'a>;

/// A service at its start.
pub type Starting<'a> = Pin<Box<dyn Future<Output = Result<Box<dyn Mountable>, Error>> + 'a>>;

/// What an expansion submits at link time, beside its routes.
#[derive(Debug)]
pub struct MountRegistration(&'static Mounted);

inventory::collect!(MountRegistration);

impl MountRegistration {
    /// The registration of a mount.
    pub const fn new(mounted: &'static Mounted) -> Self {
        Self(mounted)
    }
}

impl Mounted {
    /// The mount of the function `name`.
    pub const fn new(name: &'static str, start: StartCall) -> Self {
        Self { name, start }
    }

    /// Answers a request below the mount's path, or on it.
    pub fn answer<'r>(&'static self, request: &'r Request<'r>) -> Answer<'r> {
        Box::pin(async move {
            let path = match request.path_parameter(REST) {
                Some(rest) => encoded_rest(request, rest),
                None => "/".to_owned(),
            };
            let outgoing = outgoing(request, &path)?;
            self.service(request.app).await?.call(outgoing).await
        })
    }

    async fn service(&'static self, app: &App) -> Result<Arc<dyn Mountable>, Error> {
        if let Some(service) = app.mounts.find(self) {
            return Ok(service);
        }
        let service = guarded(|| (self.start)(app)).await?;
        Ok(app.mounts.keep(self, service.into()))
    }
}

impl std::fmt::Debug for Mounted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mounted").field("name", &self.name).finish_non_exhaustive()
    }
}

/// The name of the greedy parameter in the routes of a mount.
const REST: &str = "path";

/// The services of one app.
#[derive(Default)]
pub(crate) struct Mounts(Mutex<Vec<(&'static Mounted, Arc<dyn Mountable>)>>);

impl Mounts {
    fn find(&self, mounted: &'static Mounted) -> Option<Arc<dyn Mountable>> {
        let services = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        services.iter().find(|(of, _)| std::ptr::eq(*of, mounted)).map(|(_, service)| Arc::clone(service))
    }

    /// Keeps a service, or gives the one that came first.
    fn keep(&self, mounted: &'static Mounted, service: Arc<dyn Mountable>) -> Arc<dyn Mountable> {
        let mut services = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, first)) = services.iter().find(|(of, _)| std::ptr::eq(*of, mounted)) {
            return Arc::clone(first);
        }
        services.push((mounted, Arc::clone(&service)));
        service
    }
}

/// Makes the services of all mounts, or says which one cannot be.
pub(crate) async fn start(app: &App) -> Result<(), String> {
    for MountRegistration(mounted) in inventory::iter::<MountRegistration> {
        if let Err(error) = mounted.service(app).await {
            return Err(format!("the mount `{}` did not start: {error:?}", mounted.name));
        }
    }
    Ok(())
}

/// An argument of a function under `#[mount]`: what is there before any request.
///
/// ```
/// use chalice_rs::tower::FromApp;
/// use chalice_rs::{App, Error, State, mount};
///
/// struct Shop {
///     name: String,
/// }
///
/// /// The shop's name, from the app's state.
/// struct Title(String);
///
/// impl FromApp for Title {
///     fn from_app(app: &App) -> Result<Self, Error> {
///         State::<Shop>::from_app(app).map(|shop| Self(shop.name.clone()))
///     }
/// }
///
/// #[mount("/pages")]
/// fn pages(Title(title): Title) -> axum::Router {
///     axum::Router::new().route("/", axum::routing::get(async move || title.clone()))
/// }
///
/// let app = App::new().state(Shop { name: "Tea & Co".to_owned() });
/// assert_eq!(Title::from_app(&app).unwrap().0, "Tea & Co");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an argument of a mount",
    label = "not there before a request",
    note = "a mount is made once: it can take `State<T>`"
)]
pub trait FromApp: Sized {
    /// Makes the argument.
    fn from_app(app: &App) -> Result<Self, Error>;
}

impl<T: Send + Sync + 'static> FromApp for State<T> {
    fn from_app(app: &App) -> Result<Self, Error> {
        Self::of(app).map_err(Error::from)
    }
}

/// The value of an argument.
pub fn from_app<T: FromApp>(app: &App) -> Result<T, Error> {
    T::from_app(app)
}

/// A service that is there for all requests.
pub trait Mountable: Send + Sync {
    /// Answers one.
    fn call(&self, request: http::Request<Full<Bytes>>) -> Served;
}

/// A service at work.
pub type Served = Pin<Box<dyn Future<Output = Result<Response, Error>>>>;

/// Takes what a function under `#[mount]` returns.
pub fn mountable<S, B>(service: S) -> Result<Box<dyn Mountable>, Error>
where
    S: MountedService<B> + 'static,
    B: Body<Error: Into<BoxError>> + 'static,
{
    // A lock, because few services can be shared, and each can be cloned.
    Ok(Box::new(Cloned(Mutex::new(service), std::marker::PhantomData)))
}

/// A service that can be mounted, with the body of its answers: a name for the compiler's messages.
///
/// ```
/// use chalice_rs::tower::MountedService;
///
/// fn is_mountable<B>(_: &impl MountedService<B>) {}
///
/// is_mountable(&axum::Router::new().route("/", axum::routing::get(async || "tea")));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be mounted",
    label = "not a service of HTTP requests",
    note = "return an `axum::Router`, another `tower::Service<http::Request<Full<Bytes>>>` that is `Clone` and \
            `Send`, or a `Result` of one"
)]
pub trait MountedService<B>:
    Service<http::Request<Full<Bytes>>, Response = http::Response<B>, Error: Into<BoxError>> + Clone + Send
{
}

impl<S, B> MountedService<B> for S where
    S: Service<http::Request<Full<Bytes>>, Response = http::Response<B>, Error: Into<BoxError>>
        + Clone
        + Send
{
}

struct Cloned<S, B>(Mutex<S>, std::marker::PhantomData<fn() -> B>);

impl<S, B> Mountable for Cloned<S, B>
where
    S: MountedService<B> + 'static,
    B: Body<Error: Into<BoxError>> + 'static,
{
    fn call(&self, request: http::Request<Full<Bytes>>) -> Served {
        let mut service = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Box::pin(async move {
            poll_fn(|task| service.poll_ready(task)).await.map_err(failed)?;
            answer(service.call(request).await.map_err(failed)?).await
        })
    }
}
