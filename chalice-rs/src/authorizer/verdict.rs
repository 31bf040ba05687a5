//! Allowed or denied.

use serde::Serialize;
use serde_json::Value;

use super::AuthorizerRequest;
use crate::Error;

/// What an authorizer decides.
///
/// ```
/// use chalice_rs::authorizer::Verdict;
///
/// let found: Option<u8> = None;
/// assert_eq!(Verdict::from(found), Verdict::Deny);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict<T = ()> {
    /// The request goes on to its route, which gets the context.
    Allow(T),
    /// The caller gets a 403.
    Deny,
}

impl<T> From<Option<T>> for Verdict<T> {
    fn from(context: Option<T>) -> Self {
        context.map_or(Self::Deny, Self::Allow)
    }
}

/// What an authorizer can return; [the module](super) has the table.
///
/// ```
/// use chalice_rs::authorizer::{AuthorizerRequest, IntoVerdict, Verdict};
/// use chalice_rs::{Error, authorizer};
/// use serde_json::Value;
///
/// /// Whether somebody has paid.
/// enum Account {
///     Paid,
///     Overdue,
/// }
///
/// impl IntoVerdict for Account {
///     fn into_verdict(self, request: &AuthorizerRequest<'_>) -> Result<Verdict<Value>, Error> {
///         matches!(self, Self::Paid).into_verdict(request)
///     }
/// }
///
/// #[authorizer]
/// fn account(request: &AuthorizerRequest<'_>) -> Account {
///     if request.token() == "ann" { Account::Paid } else { Account::Overdue }
/// }
/// # fn main() {}
/// ```
#[diagnostic::on_unimplemented(
    message = "an authorizer cannot return `{Self}`",
    label = "not a verdict",
    note = "return `Verdict<T>`, `AllowList<T>`, `Option<T>` with a context that serializes, `bool`, or a \
            `Result` of these and an error"
)]
pub trait IntoVerdict {
    /// Whether it says which routes are allowed, so that it must not go for others.
    const LISTS_ROUTES: bool = false;

    /// The verdict about the request, with its context as JSON.
    fn into_verdict(self, request: &AuthorizerRequest<'_>) -> Result<Verdict<Value>, Error>;
}

impl<T: Serialize> IntoVerdict for Verdict<T> {
    fn into_verdict(self, _: &AuthorizerRequest<'_>) -> Result<Verdict<Value>, Error> {
        Ok(match self {
            Self::Allow(context) => Verdict::Allow(serde_json::to_value(context)?),
            Self::Deny => Verdict::Deny,
        })
    }
}

impl<T: Serialize> IntoVerdict for Option<T> {
    fn into_verdict(self, request: &AuthorizerRequest<'_>) -> Result<Verdict<Value>, Error> {
        Verdict::from(self).into_verdict(request)
    }
}

impl IntoVerdict for bool {
    fn into_verdict(self, _: &AuthorizerRequest<'_>) -> Result<Verdict<Value>, Error> {
        Ok(if self { Verdict::Allow(Value::Null) } else { Verdict::Deny })
    }
}

impl<V: IntoVerdict, E> IntoVerdict for Result<V, E>
where
    Error: From<E>,
{
    const LISTS_ROUTES: bool = V::LISTS_ROUTES;

    fn into_verdict(self, request: &AuthorizerRequest<'_>) -> Result<Verdict<Value>, Error> {
        self?.into_verdict(request)
    }
}
