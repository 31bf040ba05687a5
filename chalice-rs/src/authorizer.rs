//! Who may call: what a function under [`#[authorizer]`](macro@crate::authorizer) takes and returns.
//!
//! API Gateway asks an authorizer before it calls a route, and sends the request without its body. The
//! arguments are extractors, as those of a route, and `&`[`AuthorizerRequest`] is one more:
//!
//! ```
//! use chalice_rs::authorizer::{AuthorizerRequest, Verdict};
//! use chalice_rs::prelude::*;
//! use serde::{Deserialize, Serialize};
//!
//! struct Keys(Vec<(String, User)>);
//!
//! #[derive(Clone, Serialize, Deserialize)]
//! struct User {
//!     name: String,
//! }
//!
//! /// Callers with one of our keys.
//! #[authorizer(ttl = 300)]
//! async fn users(request: &AuthorizerRequest<'_>, keys: State<Keys>) -> Verdict<User> {
//!     match keys.0.iter().find(|(key, _)| key == request.token()) {
//!         Some((_, user)) => Verdict::Allow(user.clone()),
//!         None => Verdict::Deny,
//!     }
//! }
//!
//! #[route("/me", authorizer = users)]
//! fn me() -> &'static str {
//!     "you may"
//! }
//! # fn main() {}
//! ```
//!
//! # What it returns
//!
//! | value | |
//! |---|---|
//! | [`Verdict<T>`] | allowed with a context that the route gets, or denied |
//! | [`AllowList<T>`] | allowed for some of the routes |
//! | `Option<T>` | `Some` is allowed with that context, `None` denied |
//! | `bool` | allowed or denied |
//! | `Result<V, E>` | what `V` is, or an error |
//!
//! The context is anything that serializes to a JSON object, or `()`.
//!
//! # What the caller gets
//!
//! | | answer |
//! |---|---|
//! | an identity source is missing | 401, and the authorizer is not asked |
//! | allowed | the route's |
//! | denied | 403 |
//! | an [`Error`](crate::Error) below 500, a rejection of an argument | denied |
//! | any other error, a panic | 500, and the log has the cause |
//!
//! An HTTP API has no way for an authorizer to answer 401:
//! [`Error::unauthorized`](crate::Error::unauthorized) is a denial like any other. Nothing that goes wrong
//! lets anybody in.

mod allow_list;
pub(crate) mod ask;
mod request;
mod verdict;

pub use allow_list::AllowList;
pub use request::{AuthorizerRequest, FromAuthorizerRequest};
pub use verdict::{IntoVerdict, Verdict};
