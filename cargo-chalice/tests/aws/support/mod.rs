//! What the tests against the local AWS share.
//!
//! * `local_aws`: one MiniStack for the whole run, an account of its own for every test;
//! * `proxy`: stands between the tool and MiniStack, writes down every call, breaks the ones it is told to, and
//!   (`model`, `rules`) refuses what AWS documents that it refuses and MiniStack lets pass;
//! * `witness`: looks at what was left behind, with boto, so that our own reading is not its own judge;
//! * `app`: writes a project; `tool`: runs the program under test in it; `http`: calls what was deployed.

pub mod app;
pub mod http;
pub mod local_aws;
pub mod model;
pub mod proxy;
pub mod rules;
pub mod tool;
pub mod witness;
