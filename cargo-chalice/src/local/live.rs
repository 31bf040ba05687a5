//! What is served right now: the newest build that works, or why there is none.

use std::collections::BTreeMap;
use std::sync::Arc;

use chalice_rs_manifest::FunctionName;
use chalice_rs_wire::gateway::Gateway;
use tokio::sync::watch;

use super::pool::Pool;

/// One build of the app, ready to answer. Its processes end when the last request has let go of it.
pub struct Serving {
    /// The routes that the build declares.
    pub gateway: Gateway,
    /// The processes of all routes but those with a function of their own.
    pub routes: Arc<Pool>,
    /// Those of the Lambda functions beside it, by name.
    pub functions: BTreeMap<FunctionName, Arc<Pool>>,
}

impl Serving {
    /// The processes of a function, or of the one of all routes. What the gateway names, the build has.
    pub fn pool(&self, function: Option<&FunctionName>) -> Arc<Pool> {
        let own = function.and_then(|name| self.functions.get(name));
        Arc::clone(own.unwrap_or(&self.routes))
    }
}

/// The state of things, as the newest saved code has it.
#[derive(Clone, Default)]
pub struct State {
    /// The last build that worked.
    pub serving: Option<Arc<Serving>>,
    /// Why the newest code is not the one above.
    pub broken: Option<Arc<str>>,
    /// Whether newer code than both is being built.
    pub is_building: bool,
}

/// What a request finds.
pub enum Found {
    /// Something to ask.
    Serving(Arc<Serving>),
    /// The newest code does not work: the compiler's message, colours included.
    Broken(Arc<str>),
}

/// The one place where the builder leaves what the server takes.
#[derive(Clone)]
pub struct Live(Arc<watch::Sender<State>>);

impl Live {
    /// Nothing is served yet.
    pub fn new() -> Self {
        Self(Arc::new(watch::Sender::new(State { is_building: true, ..State::default() })))
    }

    /// Newer code is about to be built. What works goes on being served.
    pub(super) fn building(&self) {
        self.0.send_modify(|state| state.is_building = true);
    }

    /// The newest code works.
    pub(super) fn serve(&self, serving: Serving) {
        self.0.send_replace(State { serving: Some(Arc::new(serving)), broken: None, is_building: false });
    }

    /// The newest code is the one that is served already.
    pub(super) fn unchanged(&self) {
        self.0.send_modify(|state| {
            state.broken = None;
            state.is_building = false;
        });
    }

    /// The newest code does not work.
    pub(super) fn broken(&self, text: &str) {
        self.0.send_modify(|state| {
            state.broken = Some(text.into());
            state.is_building = false;
        });
    }

    /// Finds what is to answer a request. While code that is broken is built anew, this waits: the
    /// message may be out of date.
    pub(super) async fn find(&self) -> Found {
        let mut state = self.0.subscribe();
        // The sender lives in `self`, so that waiting can only end well.
        let settled =
            state.wait_for(|state| !state.is_building || (state.broken.is_none() && state.serving.is_some()));
        let state = match settled.await {
            Ok(state) => state.clone(),
            Err(_) => self.0.borrow().clone(),
        };
        match (state.broken, state.serving) {
            (None, Some(serving)) => Found::Serving(serving),
            (broken, _) => Found::Broken(broken.unwrap_or_else(|| "nothing is built yet".into())),
        }
    }
}
