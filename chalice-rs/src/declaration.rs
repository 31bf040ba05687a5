//! The records of this program, for whoever needs all of them at run time.
//!
//! The tool reads records out of the executable. A program cannot do that with itself, so each
//! registration names its record, and a record without a registration is named by a [`Declaration`].

use chalice_rs_manifest::{Manifest, Record, SectionError, section};

use crate::router::Registration;
use crate::{blueprint, fallback, function};

/// A record that no other registration leads to.
#[derive(Debug)]
pub struct Declaration {
    record: &'static [u8],
}

inventory::collect!(Declaration);

impl Declaration {
    /// Of the record in its frame, as it lies in the executable.
    pub const fn new(record: &'static [u8]) -> Self {
        Self { record }
    }
}

/// Everything that this program declares.
pub(crate) fn manifest() -> Result<Manifest, SectionError> {
    let routes = inventory::iter::<Registration>.into_iter().map(|registration| registration.record);
    let others = inventory::iter::<Declaration>.into_iter().map(|declaration| declaration.record);
    let mut records: Vec<Record> = Vec::new();
    let ours = blueprint::records().chain(fallback::records()).chain(function::records());
    for record in routes.chain(ours).chain(others) {
        records.extend(section::decode(record)?);
    }
    Ok(Manifest::from_records(records))
}
