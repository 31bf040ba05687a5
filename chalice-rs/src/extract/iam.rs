//! The AWS identity that signed a request.

use std::borrow::Cow;
use std::fmt;

use chalice_rs_wire::http_v2::Caller;
use http::StatusCode;

use super::caller::caller;
use crate::error::INTERNAL;
use crate::rejection::Rejection;
use crate::{Error, FromRequest, OptionalFromRequest, Request};

/// Who signed the request, on a route with `authorizer = iam`.
///
/// A route without it has nobody who signed: that is a 500, and the log says so. `Option<IamIdentity>` is
/// `None` there.
///
/// ```standalone_crate
/// use chalice_rs::prelude::*;
/// use chalice_rs::IamIdentity;
/// use chalice_rs::test::Client;
///
/// #[route("/whoami", authorizer = iam)]
/// fn whoami(identity: IamIdentity) -> String {
///     identity.user_arn
/// }
///
/// # fn main() {
/// let client = Client::new(App::new());
/// let answer = client.get("/whoami").iam("arn:aws:iam::123456789012:user/ann").send();
/// assert_eq!(answer.text(), "arn:aws:iam::123456789012:user/ann");
/// assert_eq!(client.get("/whoami").send().status(), 403);
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct IamIdentity {
    /// The ARN of the user, or of the role with its session.
    pub user_arn: String,
    /// The account.
    pub account_id: String,
    /// The id of the user, or of the role and its session.
    pub user_id: String,
    /// The id of the key that signed.
    pub access_key: String,
    /// The organization of the account, if it is in one.
    pub principal_org_id: Option<String>,
    /// The identity of a Cognito identity pool, if it is one.
    pub cognito_identity_id: Option<String>,
}

impl<'r> FromRequest<'r> for IamIdentity {
    type Rejection = IamRejection;

    async fn from_request(request: &'r Request<'r>) -> Result<Self, IamRejection> {
        let Some(Caller::Iam(iam)) = caller(request) else {
            return Err(IamRejection { route: request.route_key().to_owned() });
        };
        let some = |text: Cow<'_, str>| Some(text.into_owned()).filter(|text| !text.is_empty());
        Ok(Self {
            user_arn: iam.user_arn.into_owned(),
            account_id: iam.account_id.into_owned(),
            user_id: iam.user_id.into_owned(),
            access_key: iam.access_key.into_owned(),
            principal_org_id: some(iam.principal_org_id),
            cognito_identity_id: iam.cognito.and_then(|cognito| some(cognito.identity_id)),
        })
    }
}

impl<'r> OptionalFromRequest<'r> for IamIdentity {
    fn is_absent(request: &'r Request<'r>) -> bool {
        !matches!(caller(request), Some(Caller::Iam(_)))
    }
}

/// The route is not for whoever signs: a 500. Its text is for the log; the client does not see it.
///
/// ```
/// use chalice_rs::rejection::IamRejection;
/// use chalice_rs::{IamIdentity, route};
///
/// #[route("/who")]
/// fn who(identity: Result<IamIdentity, IamRejection>) -> String {
///     match identity {
///         Ok(identity) => identity.user_arn,
///         Err(IamRejection { route, .. }) => format!("nobody has to sign for `{route}`"),
///     }
/// }
/// assert_eq!(who(Ok(IamIdentity::default())), "");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct IamRejection {
    /// The route's key.
    pub route: String,
}

impl fmt::Display for IamRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { route } = self;
        write!(
            f,
            "the route `{route}` takes `IamIdentity` and nobody has to sign; write `#[route(.., authorizer = iam)]`"
        )
    }
}

impl std::error::Error for IamRejection {}

impl Rejection for IamRejection {
    fn answered_with(&self) -> StatusCode {
        StatusCode::INTERNAL_SERVER_ERROR
    }

    fn to_error(&self) -> Error {
        Error::internal(INTERNAL).because(self.clone())
    }
}
