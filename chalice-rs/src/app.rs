//! The app: the routes that were linked in, and the state they share.

use std::any::{Any, TypeId};
use std::sync::Arc;

use crate::cors::{self, CorsHook};
use crate::error::Causes;
use crate::fallback::{self, ErrorCall};
use crate::middleware::{Chain, Next};
use crate::router::{Call, Router};
use crate::{IntoResponse, Request};

/// What `main` gives to the runtime.
///
/// ```
/// use chalice_rs::App;
///
/// struct Greeting(String);
///
/// fn app() -> App {
///     App::new().state(Greeting("hello".to_owned()))
/// }
/// # app();
/// ```
///
#[doc = include_str!("../docs/structure.md")]
pub struct App {
    pub(crate) router: Router,
    pub(crate) middleware: Option<Chain>,
    pub(crate) cors: Option<&'static CorsHook>,
    pub(crate) error_handler: Option<ErrorCall>,
    pub(crate) not_found: Option<Call>,
    pub(crate) causes: Causes,
    pub(crate) body_limit: usize,
    #[cfg(feature = "tower")]
    pub(crate) mounts: crate::tower::Mounts,
    states: Vec<(TypeId, Arc<dyn Any + Send + Sync>)>,
}

impl App {
    /// An app with all routes and without state.
    ///
    /// ```
    /// use chalice_rs::App;
    ///
    /// let app = App::new();
    /// # drop(app);
    /// ```
    pub fn new() -> Self {
        Self {
            router: Router::linked(),
            middleware: None,
            cors: cors::hook(),
            error_handler: fallback::error_handler(),
            not_found: fallback::not_found(),
            causes: Causes::Hidden,
            body_limit: usize::MAX,
            #[cfg(feature = "tower")]
            mounts: crate::tower::Mounts::default(),
            states: Vec::new(),
        }
    }

    /// The same app with a value that handlers take as [`State<T>`](crate::State).
    ///
    /// There is one value per type: a second one takes the place of the first.
    ///
    /// ```
    /// use chalice_rs::{App, State, route};
    ///
    /// struct Prices {
    ///     tea: u32,
    /// }
    ///
    /// #[route("/tea")]
    /// fn tea(prices: State<Prices>) -> String {
    ///     format!("{} cents", prices.tea)
    /// }
    ///
    /// fn app() -> App {
    ///     App::new().state(Prices { tea: 250 })
    /// }
    /// # app();
    /// ```
    #[must_use]
    pub fn state<T: Send + Sync + 'static>(mut self, value: T) -> Self {
        self.states.retain(|(id, _)| *id != TypeId::of::<T>());
        self.states.push((TypeId::of::<T>(), Arc::new(value)));
        self
    }

    /// The same app with a limit on the size of bodies, in bytes. Without it, whatever Lambda lets through
    /// is taken, which is some 6 MB.
    ///
    /// A larger body is a 413 where an argument takes the body, before the argument is made. An argument
    /// may have a limit of its own: [`BodyLimit`](crate::BodyLimit). Whoever takes the whole
    /// [`Request`] sees the body as it is.
    ///
    /// ```
    /// use chalice_rs::App;
    ///
    /// fn app() -> App {
    ///     App::new().body_limit(64 << 10)
    /// }
    /// # app();
    /// ```
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// The same app with a function around each request, inside of those that were given before it.
    ///
    /// [`middleware`](crate::middleware) says what it may do.
    ///
    /// ```
    /// use chalice_rs::middleware::Next;
    /// use chalice_rs::{App, Request, Response, header, HeaderValue};
    ///
    /// async fn never_cached(request: &Request<'_>, next: Next<'_>) -> Response {
    ///     let answer = next.run(request).await;
    ///     answer.with_header(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))
    /// }
    ///
    /// fn app() -> App {
    ///     App::new().middleware(never_cached)
    /// }
    /// # app();
    /// ```
    #[must_use]
    pub fn middleware<F, R>(mut self, middleware: F) -> Self
    where
        F: AsyncFn(&Request<'_>, Next<'_>) -> R + Send + Sync + 'static,
        R: IntoResponse + 'static,
    {
        self.middleware.get_or_insert_with(Chain::new).push(middleware);
        self
    }

    /// The same app with a layer of `tower` around each request, inside of the layers and middleware that
    /// were given before it.
    ///
    /// [`chalice_rs::tower`](crate::tower) says what it sees.
    ///
    /// ```
    /// use chalice_rs::App;
    /// use chalice_rs::tower::Inner;
    ///
    /// /// In an app of yours: one of `tower_http`.
    /// #[derive(Clone)]
    /// struct CatchPanic;
    ///
    /// impl<S> tower::Layer<S> for CatchPanic {
    ///     type Service = S;
    ///
    ///     fn layer(&self, inner: S) -> S {
    ///         inner
    ///     }
    /// }
    ///
    /// fn app() -> App {
    ///     App::new().layer(CatchPanic)
    /// }
    /// # app();
    /// ```
    #[cfg(feature = "tower")]
    #[must_use]
    pub fn layer<L, B, E>(mut self, layer: L) -> Self
    where
        L: for<'r> tower_layer::Layer<crate::tower::Inner<'r>> + Send + Sync + 'static,
        for<'r> <L as tower_layer::Layer<crate::tower::Inner<'r>>>::Service: tower_service::Service<
                http::Request<http_body_util::Full<bytes::Bytes>>,
                Response = http::Response<B>,
                Error = E,
            >,
        B: http_body::Body<Error: Into<Box<dyn std::error::Error + Send + Sync>>> + 'static,
        E: Into<Box<dyn std::error::Error + Send + Sync>> + 'static,
    {
        self.middleware.get_or_insert_with(Chain::new).push_layer(crate::tower::Tower::new(layer));
        self
    }

    /// What is wrong with the app, if anything is. The tool finds this before a deploy; a program that
    /// came here in another way shall not start with what the linker happened to choose.
    pub(crate) fn problem(&self) -> Option<String> {
        self.router.problem().or_else(fallback::problem)
    }

    pub(crate) fn find_state<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        let (_, value) = self.states.iter().find(|(id, _)| *id == TypeId::of::<T>())?;
        Arc::clone(value).downcast().ok()
    }
}

impl Default for App {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("routes", &self.router).field("states", &self.states.len()).finish()
    }
}
