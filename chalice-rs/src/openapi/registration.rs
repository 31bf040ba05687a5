//! What expansions submit at link time, and which route it is of.

use chalice_rs_manifest::{Record, Route, section};

use super::operation::Operation;

/// Says what the types of one route say.
type Describe = fn(&mut Operation<'_>);

/// What the types of one route say.
#[derive(Debug)]
pub struct Description {
    record: &'static [u8],
    describe: Describe,
}

inventory::collect!(Description);

impl Description {
    /// Of the route with this record.
    pub const fn new(record: &'static [u8], describe: Describe) -> Self {
        Self { record, describe }
    }
}

/// What the types of each route say, with the route's record.
pub(crate) fn all() -> Vec<(Route, Describe)> {
    let described = |description: &'static Description| {
        let records = section::decode(description.record).unwrap_or_default();
        records.into_iter().filter_map(|record| match record {
            Record::Route(route) => Some((route, description.describe)),
            _ => None,
        })
    };
    inventory::iter::<Description>.into_iter().flat_map(described).collect()
}

/// What the types of a route say, found by the place where the route stands: its path may have got a
/// prefix since.
pub(crate) fn find(all: &[(Route, Describe)], route: &Route) -> Option<Describe> {
    let is_meant = |found: &Route| {
        found.source == route.source
            && found.function == route.function
            && found.methods == route.methods
            && found.path.parameters().eq(route.path.parameters())
    };
    all.iter().find(|(found, _)| is_meant(found)).map(|(_, describe)| *describe)
}
