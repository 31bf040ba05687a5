//! Many mistakes at once, each on its own tokens, each with the way out.
//!
//! Not here: what is a mistake; see [`crate::attribute`] and the two parsers.

use std::fmt::Display;

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// The mistakes of one attribute and its function, in the order they were found.
#[derive(Default)]
pub(crate) struct Errors {
    found: Vec<syn::Error>,
}

impl Errors {
    /// Adds a mistake: what is wrong, and on a line of its own what to do about it.
    ///
    /// A piece of a string literal has no span of its own on stable Rust, so a message about one
    /// quotes it.
    pub(crate) fn add(&mut self, at: impl ToTokens, message: impl Display, help: impl Display) {
        self.found.push(syn::Error::new_spanned(at, format_args!("{message}\nhelp: {help}")));
    }

    /// Adds a mistake of the attribute as a whole.
    pub(crate) fn add_here(&mut self, message: impl Display, help: impl Display) {
        self.found.push(syn::Error::new(Span::call_site(), format_args!("{message}\nhelp: {help}")));
    }

    /// Takes over the mistakes that were found elsewhere.
    pub(crate) fn append(&mut self, other: Self) {
        self.found.extend(other.found);
    }

    /// Takes the value, or keeps the parser's own error and goes on without one.
    pub(crate) fn keep<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.found.push(error)).ok()
    }

    /// Whether nothing is wrong.
    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// One `compile_error!` for each mistake.
    pub(crate) fn into_tokens(self) -> TokenStream {
        self.found.iter().map(syn::Error::to_compile_error).collect()
    }
}

/// The candidate that `text` was probably meant to be.
pub(crate) fn nearest<'c>(text: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(text, candidate), candidate))
        // A third of the letters wrong, and at most one in a short word: more is another word.
        .filter(|(distance, candidate)| *distance <= (text.len().max(candidate.len()) / 3).max(1))
        .filter(|(distance, candidate)| *distance < text.len().max(candidate.len()))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_slip_finds_the_word_and_another_word_does_not() {
        assert_eq!(nearest("method", ["path", "methods"]), Some("methods"));
        assert_eq!(nearest("mehtods", ["methods"]), Some("methods"));
        assert_eq!(nearest("idd", ["id", "name"]), Some("id"));
        assert_eq!(nearest("cors", ["methods"]), None);
        assert_eq!(nearest("a", ["b"]), None);
    }
}
