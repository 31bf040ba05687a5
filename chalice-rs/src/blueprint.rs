//! Blueprints at run time: the prefix and the middleware of the routes in their modules.
//!
//! A program without `blueprint!` links none of this: the router comes here through the pointer that
//! each registration has. Not here: authorizers, CORS, functions and tags of a blueprint, which are
//! facts for AWS; see `chalice_rs_manifest::Manifest`.

use std::sync::OnceLock;

use crate::middleware::Chain;
use crate::router::{Registration, RouteKey, Router, field};

/// What `blueprint!` submits at link time.
pub struct BlueprintRegistration {
    record: &'static [u8],
    module: &'static str,
    prefix: &'static str,
    middleware: fn(&mut Chain),
    router: fn() -> Router,
}

inventory::collect!(BlueprintRegistration);

impl BlueprintRegistration {
    /// The registration of a blueprint in `module`. The prefix is a valid path without parameters; `/`
    /// is none. `middleware` adds what goes around each route, the outermost first.
    pub const fn new(
        record: &'static [u8],
        module: &'static str,
        prefix: &'static str,
        middleware: fn(&mut Chain),
    ) -> Self {
        Self { record, module, prefix, middleware, router }
    }
}

impl std::fmt::Debug for BlueprintRegistration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BlueprintRegistration")
            .field("module", &self.module)
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

/// The router of this program, if it has blueprints.
pub(crate) fn linked_router() -> Option<Router> {
    let any = inventory::iter::<BlueprintRegistration>.into_iter().next()?;
    Some((any.router)())
}

/// The records of all blueprints.
pub(crate) fn records() -> impl Iterator<Item = &'static [u8]> {
    inventory::iter::<BlueprintRegistration>.into_iter().map(|blueprint| blueprint.record)
}

fn router() -> Router {
    // What comes of the blueprints is the same for each app of this process.
    static RESOLVED: OnceLock<Vec<Registration>> = OnceLock::new();
    let mut blueprints: Vec<&'static BlueprintRegistration> =
        inventory::iter::<BlueprintRegistration>.into_iter().collect();
    // Of those that a module is in, a longer name is further inside.
    blueprints.sort_by_key(|blueprint| blueprint.module.len());
    let resolved = RESOLVED.get_or_init(|| {
        // Each is made once, for all the routes that it is around.
        let chains = blueprints.iter().map(|blueprint| {
            let chain: &'static mut Chain = Box::leak(Box::new(Chain::new()));
            (blueprint.middleware)(chain);
            &*chain
        });
        let blueprints: Vec<(&BlueprintRegistration, &'static Chain)> =
            blueprints.iter().copied().zip(chains).collect();
        inventory::iter::<Registration>.into_iter().map(|route| resolved(route, &blueprints)).collect()
    });
    Router::from_registrations(|| resolved.iter()).with_problem(twice(&blueprints))
}

/// The route with the prefixes of its blueprints in its keys, and their middleware around it.
fn resolved(
    route: &'static Registration,
    blueprints: &[(&BlueprintRegistration, &'static Chain)],
) -> Registration {
    let module = field(route.record, "module").unwrap_or_default();
    let around = || blueprints.iter().filter(|(blueprint, _)| is_inside(&module, blueprint.module));
    let prefix: String = around().map(|(blueprint, _)| blueprint.prefix.trim_end_matches('/')).collect();
    let keys: Vec<RouteKey> = route.keys().iter().map(|key| under(&prefix, key.text())).collect();
    let mut layers = around().flat_map(|(_, chain)| chain.layers()).peekable();
    let chain = layers.peek().is_some().then(|| &*Box::leak(Box::new(Chain::from_layers(layers))));
    route.within(keys.leak(), chain)
}

/// Whether a module is another one, or inside it.
pub(crate) fn is_inside(module: &str, outer: &str) -> bool {
    module.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// `GET /<prefix>/users/{id}` for `GET /users/{id}`.
fn under(prefix: &str, key: &'static str) -> RouteKey {
    match key.split_once(' ') {
        Some((method, "/")) if !prefix.is_empty() => RouteKey::new(format!("{method} {prefix}").leak()),
        Some((method, path)) => RouteKey::new(format!("{method} {prefix}{path}").leak()),
        None => RouteKey::new(key),
    }
}

/// Two blueprints in one module, which the tool would have refused.
fn twice(blueprints: &[&BlueprintRegistration]) -> Option<String> {
    let mut modules: Vec<&str> = blueprints.iter().map(|blueprint| blueprint.module).collect();
    modules.sort_unstable();
    let pair = modules.windows(2).find(|pair| pair[0] == pair[1])?;
    Some(format!("the module `{}` has two blueprints", pair[0]))
}
