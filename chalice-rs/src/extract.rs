//! What handlers can take beside path parameters, one file each.

mod body;
mod json;
mod state;

pub use json::Json;
pub use state::State;
