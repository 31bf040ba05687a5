//! What `main` gives, and why there is no app, in words.

use std::any::Any;
use std::error::Error as StdError;
use std::fmt::Debug;
use std::io;

use crate::{App, Error};

/// What a `main` may return: an [`App`], or a `Result` of one.
///
/// ```
/// use chalice_rs::{App, IntoApp};
///
/// struct Prices(u32);
///
/// /// The body of a `main`: what fails here, fails the start, and its words are in the log.
/// fn app(text: &str) -> Result<App, std::num::ParseIntError> {
///     Ok(App::new().state(Prices(text.parse()?)))
/// }
/// assert!(app("250").into_app().is_ok());
/// assert!(app("free").into_app().unwrap_err().contains("InvalidDigit"));
/// ```
#[diagnostic::on_unimplemented(
    message = "`main` returns `{Self}`, which is no app",
    label = "not an app",
    note = "return `App`, or `Result<App, E>` of an `E: Debug`"
)]
pub trait IntoApp {
    /// The app, or why there is none.
    fn into_app(self) -> Result<App, String>;
}

impl IntoApp for App {
    fn into_app(self) -> Result<App, String> {
        Ok(self)
    }
}

impl<E: Debug + 'static> IntoApp for Result<App, E> {
    fn into_app(self) -> Result<App, String> {
        self.map_err(|error| words(&error).unwrap_or_else(|| format!("{error:?}")))
    }
}

/// The words of the types that a `main` mostly fails with, causes included. Any other is shown as Rust
/// shows what a `main` returns.
fn words(error: &dyn Any) -> Option<String> {
    if let Some(error) = error.downcast_ref::<Error>() {
        return Some(match error.cause() {
            Some(cause) => chain(cause),
            None => error.message().to_owned(),
        });
    }
    if let Some(error) = error.downcast_ref::<Box<dyn StdError + Send + Sync>>() {
        return Some(chain(&**error));
    }
    if let Some(error) = error.downcast_ref::<Box<dyn StdError>>() {
        return Some(chain(&**error));
    }
    if let Some(error) = error.downcast_ref::<io::Error>() {
        return Some(chain(error));
    }
    #[cfg(feature = "anyhow")]
    if let Some(error) = error.downcast_ref::<anyhow::Error>() {
        return Some(chain(error.as_ref()));
    }
    let text = error.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| error.downcast_ref::<String>().cloned())
}

/// An error and its causes, one after the other.
fn chain(error: &dyn StdError) -> String {
    let causes = std::iter::successors(Some(error), |error: &&dyn StdError| StdError::source(*error));
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct NoTable(io::Error);

    impl std::fmt::Display for NoTable {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("cannot read the table")
        }
    }

    impl StdError for NoTable {
        fn source(&self) -> Option<&(dyn StdError + 'static)> {
            Some(&self.0)
        }
    }

    #[track_caller]
    fn check<E: Debug + 'static>(error: E, words: &str) {
        let found = Err::<App, E>(error).into_app().err();
        assert_eq!(found.as_deref(), Some(words));
    }

    #[test]
    fn a_failed_start_is_told_with_its_causes() {
        let no_table = || NoTable(io::Error::other("connection refused"));
        let words = "cannot read the table: connection refused";
        check(Error::from(no_table()), words);
        check(Error::from(no_table()).with_code("Start"), words);
        check::<Box<dyn StdError + Send + Sync>>(no_table().into(), words);
        check::<Box<dyn StdError>>(no_table().into(), words);
        check(io::Error::other(no_table()), words);
        check(Error::internal("not today"), "not today");
        check("not today", "not today");
        check("not today".to_owned(), "not today");
        check(7_u8, "7");
    }

    #[cfg(feature = "anyhow")]
    #[test]
    fn a_context_of_anyhow_stands_before_the_cause() {
        use anyhow::Context;

        let failed: Result<(), _> = Err(io::Error::other("connection refused"));
        check(failed.context("no database").unwrap_err(), "no database: connection refused");
    }
}
