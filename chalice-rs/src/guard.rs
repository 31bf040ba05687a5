//! Which routes are reached by API Gateway's choice alone, because somebody has to be asked first.
//!
//! A program without authorizers links none of this: each record that says who may call submits that. Not here:
//! functions that decide it; see `authorizer.rs`.

use crate::blueprint::is_inside;
use crate::router::{Registration, field};

/// What a record says of who may call, submitted at link time.
#[derive(Debug)]
pub struct GuardRegistration {
    scope: Scope,
    is_guarded: bool,
    decide: fn(&Registration) -> bool,
}

/// The routes that it goes for, where nothing narrower says something else.
#[derive(Debug)]
pub enum Scope {
    /// The one of this record.
    Route(&'static [u8]),
    /// Those of a module, and of the modules inside it.
    Module(&'static str),
    /// All.
    App,
}

inventory::collect!(GuardRegistration);

impl GuardRegistration {
    /// Somebody has to be asked.
    pub const fn guarded(scope: Scope) -> Self {
        Self { scope, is_guarded: true, decide: has_authorizer }
    }

    /// Everybody may call.
    pub const fn open(scope: Scope) -> Self {
        Self { scope, is_guarded: false, decide: has_authorizer }
    }
}

impl Scope {
    /// How narrow it is, if the route is in it.
    fn rank(&self, route: &Registration, module: &str) -> Option<usize> {
        match self {
            Self::Route(record) => std::ptr::eq(*record, route.record).then_some(usize::MAX),
            Self::Module(outer) => is_inside(module, outer).then_some(outer.len()),
            Self::App => Some(0),
        }
    }
}

/// Whether somebody has to be asked before this route is called.
pub(crate) fn is_guarded(route: &Registration) -> bool {
    inventory::iter::<GuardRegistration>.into_iter().next().is_some_and(|any| (any.decide)(route))
}

fn has_authorizer(route: &Registration) -> bool {
    let module = field(route.record, "module").unwrap_or_default();
    decided(inventory::iter::<GuardRegistration>.into_iter(), route, &module)
}

/// What the narrowest word about a route is; of two that are as narrow, the one that lets nobody in.
fn decided<'g>(
    said: impl Iterator<Item = &'g GuardRegistration>,
    route: &Registration,
    module: &str,
) -> bool {
    let ranked = said.filter_map(|said| Some((said.scope.rank(route, module)?, said.is_guarded)));
    ranked.max().is_some_and(|(_, is_guarded)| is_guarded)
}

#[cfg(test)]
mod tests {
    use super::GuardRegistration as Said;
    use super::*;
    use crate::handler::ready;

    static OWN: [u8; 1] = [0];
    static OTHER: [u8; 1] = [0];

    #[track_caller]
    fn check(said: &[Said], expected: bool) {
        let route = Registration::route(&OWN, &[], |_| ready(Ok(crate::Response::default())));
        assert_eq!(decided(said.iter(), &route, "app::shop"), expected);
    }

    #[test]
    fn the_narrowest_word_counts() {
        use Scope::{App, Module, Route};

        check(&[], false);
        check(&[Said::guarded(App)], true);
        check(&[Said::open(Module("app::shop")), Said::guarded(App)], false);
        check(&[Said::guarded(App), Said::open(Module("app::sho"))], true);
        check(&[Said::guarded(App), Said::open(Module("app::shop::inner"))], true);
        check(&[Said::guarded(Module("app::shop")), Said::open(Module("app"))], true);
        check(&[Said::open(Module("app::shop")), Said::guarded(Route(&OWN))], true);
        check(&[Said::guarded(Module("app::shop")), Said::open(Route(&OWN))], false);
        check(&[Said::guarded(Module("app::shop")), Said::open(Route(&OTHER))], true);
    }
}
