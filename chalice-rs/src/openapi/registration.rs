//! What expansions submit at link time, and which route it is of.

use chalice_rs_manifest::{Record, Route, section};

use super::operation::Operation;

/// What the types of one route say.
#[derive(Debug)]
pub struct Description {
    record: &'static [u8],
    describe: fn(&mut Operation<'_>),
}

inventory::collect!(Description);

impl Description {
    /// Of the route with this record.
    pub const fn new(record: &'static [u8], describe: fn(&mut Operation<'_>)) -> Self {
        Self { record, describe }
    }
}

/// What the types of a route say, found by the place where the route stands: its path may have got a
/// prefix since.
pub(crate) fn of(route: &Route) -> Option<fn(&mut Operation<'_>)> {
    let is_meant = |description: &&Description| {
        let records = section::decode(description.record).unwrap_or_default();
        records.iter().any(|record| {
            matches!(record, Record::Route(found) if found.source == route.source
                && found.function == route.function
                && found.methods == route.methods
                && found.path.parameters().eq(route.path.parameters()))
        })
    };
    inventory::iter::<Description>.into_iter().find(is_meant).map(|found| found.describe)
}
