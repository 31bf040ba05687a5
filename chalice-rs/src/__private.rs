//! What the expansions of the attributes name. Not for users: it changes without notice.

pub use chalice_rs_manifest::section::{frame, framed_len};
pub use inventory::submit;

pub use crate::authorizer::{
    AuthorizerCall, AuthorizerRequest, Deciding, FromAuthorizerRequest, IntoVerdict, authorize, decide,
    extract_for_authorizer,
};
pub use crate::blueprint::BlueprintRegistration;
pub use crate::cors::CorsHook;
pub use crate::declaration::Declaration;
pub use crate::fallback::{ErrorHandler, NotFound};
pub use crate::function::{FunctionCall, FunctionRegistration, Returned};
pub use crate::handler::{
    Answer, FromParameter, FromRequest, Outcome, extract, later, parameter, ready, refuse, respond,
    text_parameter,
};
pub use crate::http_error::{Headers, KnownError, status, undeclared};
pub use crate::middleware::layer;
pub use crate::router::{Registration, RouteKey};
pub use crate::serve::run;
pub use crate::{Error, HttpError, IntoResponse, Request, StatusCode};
