//! Which routes are reached by API Gateway's choice alone, because somebody has to be asked first.
//!
//! A program without authorizers links none of this: each record that names one submits the function.
//! Not here: functions that say who may call; see `authorizer.rs`.

use std::collections::HashSet;
use std::sync::OnceLock;

use chalice_rs_manifest::Guard;

use crate::declaration;

/// What each record that names an authorizer submits at link time.
#[derive(Debug)]
pub struct GuardHook(fn(&str) -> bool);

inventory::collect!(GuardHook);

impl GuardHook {
    /// The function that knows which routes are guarded.
    #[expect(clippy::new_without_default, reason = "an expansion names it in a constant")]
    pub const fn new() -> Self {
        Self(has_authorizer)
    }
}

/// Whether somebody has to be asked before the route of this key is called.
pub(crate) fn is_guarded(key: &str) -> bool {
    inventory::iter::<GuardHook>.into_iter().next().is_some_and(|GuardHook(knows)| knows(key))
}

fn has_authorizer(key: &str) -> bool {
    static GUARDED: OnceLock<Option<HashSet<String>>> = OnceLock::new();
    let guarded = GUARDED.get_or_init(|| {
        let manifest = declaration::manifest().ok()?;
        let routes = manifest.api_routes().into_iter().filter(|route| *route.guard != Guard::None);
        Some(routes.map(|route| route.key).collect())
    });
    // Where nobody can know, nobody gets in.
    guarded.as_ref().is_none_or(|guarded| guarded.contains(key))
}
