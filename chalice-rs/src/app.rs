//! The app: the routes that were linked in, and the state they share.

use std::any::{Any, TypeId};
use std::sync::Arc;

use crate::router::Router;

/// What `main` gives to the runtime.
///
/// The routes are there already: each `#[route]` in the crate, and in the crates it uses, registers
/// itself when the program is linked.
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
pub struct App {
    pub(crate) router: Router,
    states: Vec<(TypeId, Arc<dyn Any + Send + Sync>)>,
}

impl App {
    /// An app with all routes and without state.
    pub fn new() -> Self {
        Self { router: Router::linked(), states: Vec::new() }
    }

    /// The same app with a value that handlers take as [`State<T>`](crate::State).
    ///
    /// There is one value per type: a second one takes the place of the first.
    #[must_use]
    pub fn state<T: Send + Sync + 'static>(mut self, value: T) -> Self {
        self.states.retain(|(id, _)| *id != TypeId::of::<T>());
        self.states.push((TypeId::of::<T>(), Arc::new(value)));
        self
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

/// What a `main` may return: an [`App`], or a `Result` of one.
#[diagnostic::on_unimplemented(
    message = "`main` returns `{Self}`, which is no app",
    label = "not an app",
    note = "return `App`, or `Result<App, E>` of an `E: Debug`"
)]
pub trait IntoApp {
    /// The app, or why there is none.
    fn into_app(self) -> Result<App, String>;
}

impl IntoApp for App {
    fn into_app(self) -> Result<App, String> {
        Ok(self)
    }
}

impl<E: std::fmt::Debug> IntoApp for Result<App, E> {
    fn into_app(self) -> Result<App, String> {
        self.map_err(|error| format!("{error:?}"))
    }
}
