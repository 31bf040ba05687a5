//! What a middleware found out about a request, for the handler.

use std::any::{Any, type_name};
use std::fmt;
use std::sync::{Arc, OnceLock};

use http::StatusCode;

use crate::error::INTERNAL;
use crate::rejection::Rejection;
use crate::{Error, FromRequest, OptionalFromRequest, Request};

/// A value that was put into this request with [`Request::insert`], by a middleware as a rule.
///
/// A request has one value of a type. A handler whose value nobody put in answers 500, and the log says
/// which type is missing; `Option<Extension<T>>` is `None` there. What does not clone can be looked at:
/// [`Request::extension`].
///
/// ```
/// use chalice_rs::{Extension, route};
///
/// #[derive(Clone)]
/// struct User(String);
///
/// #[route("/me")]
/// fn me(Extension(user): Extension<User>) -> String {
///     user.0
/// }
/// # fn main() {
/// assert_eq!(me(Extension(User("ann".to_owned()))), "ann");
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Extension<T>(pub T);

impl<'r, T: Clone + Send + Sync + 'static> FromRequest<'r> for Extension<T> {
    type Rejection = MissingExtension;

    async fn from_request(request: &'r Request<'r>) -> Result<Self, MissingExtension> {
        request.extension().cloned().map(Self).ok_or(MissingExtension { type_name: type_name::<T>() })
    }
}

impl<'r, T: Clone + Send + Sync + 'static> OptionalFromRequest<'r> for Extension<T> {
    fn is_absent(request: &'r Request<'r>) -> bool {
        request.extension::<T>().is_none()
    }
}

/// Nobody put a value of the type into the request: a 500. Its text is for the log; the client does not
/// see it.
///
/// ```
/// use chalice_rs::rejection::MissingExtension;
/// use chalice_rs::{Extension, route};
///
/// #[derive(Clone)]
/// struct User(String);
///
/// #[route("/greeting")]
/// fn greeting(user: Result<Extension<User>, MissingExtension>) -> String {
///     match user {
///         Ok(Extension(User(name))) => format!("hello, {name}"),
///         Err(missing) => format!("no middleware put in a `{}`", missing.type_name),
///     }
/// }
/// assert_eq!(greeting(Ok(Extension(User("ann".to_owned())))), "hello, ann");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MissingExtension {
    /// The type of the value.
    pub type_name: &'static str,
}

impl fmt::Display for MissingExtension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { type_name } = self;
        write!(
            f,
            "the request has no extension of type `{type_name}`; put it in with `Request::insert` before \
             the handler runs"
        )
    }
}

impl std::error::Error for MissingExtension {}

impl Rejection for MissingExtension {
    fn answered_with(&self) -> StatusCode {
        StatusCode::INTERNAL_SERVER_ERROR
    }

    fn to_error(&self) -> Error {
        Error::internal(INTERNAL).because(self.clone())
    }
}

/// The values of one request, by their types: a list that only grows, so that what was found in it stays
/// while more is put in. An empty one allocates nothing and drops nothing.
#[derive(Default)]
pub(crate) struct Extensions(OnceLock<Box<Node>>);

struct Node {
    value: Arc<dyn Any + Send + Sync>,
    next: Extensions,
}

impl Extensions {
    /// Puts a value in at the end, and gives it back as it stands there.
    pub(crate) fn insert<T: Send + Sync + 'static>(&self, value: T) -> Option<&T> {
        self.push(Arc::new(value))?.downcast_ref()
    }

    fn push(&self, value: Arc<dyn Any + Send + Sync>) -> Option<&(dyn Any + Send + Sync)> {
        let mut node = Box::new(Node { value, next: Self::default() });
        let mut end = self;
        // Another thread may take the end first.
        while let Err(refused) = end.0.set(node) {
            node = refused;
            end = &end.0.get()?.next;
        }
        Some(&*end.0.get()?.value)
    }

    /// The last value of the type.
    pub(crate) fn find<T: 'static>(&self) -> Option<&T> {
        self.nodes().filter_map(|node| node.value.downcast_ref()).last()
    }

    fn nodes(&self) -> impl Iterator<Item = &Node> {
        std::iter::successors(self.0.get(), |node| node.next.0.get()).map(|node| &**node)
    }

    /// The same values in a list of their own, with those of a layer of `tower` behind them.
    #[cfg(feature = "tower")]
    pub(crate) fn with_http(&self, more: http::Extensions) -> Self {
        let all = Self::default();
        for node in self.nodes() {
            all.push(Arc::clone(&node.value));
        }
        if !more.is_empty() {
            all.insert(more);
        }
        all
    }

    /// The last value of the type that a layer of `tower` has put in.
    #[cfg(feature = "tower")]
    pub(crate) fn find_http<T: Send + Sync + 'static>(&self) -> Option<&T> {
        let maps = self.nodes().filter_map(|node| node.value.downcast_ref::<http::Extensions>());
        maps.filter_map(|map| map.get()).last()
    }
}
