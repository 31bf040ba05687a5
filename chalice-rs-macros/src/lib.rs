//! The attributes of `chalice-rs`; their documentation stands at the re-exports there, where its
//! examples run.
//!
//! Each attribute goes the same way: parse (`args`, `signature`) → validate (`attribute`,
//! which makes a `chalice_rs_manifest::Record`) → expand (`expand`, the only file with `quote!`).
//! Mistakes are collected in `errors` and reported all at once; the user's function survives them.
#![expect(missing_docs, reason = "the attributes are documented where `chalice-rs` re-exports them")]

mod args;
mod attribute;
mod errors;

mod expand;
mod signature;
#[cfg(test)]
mod tests;

use proc_macro::TokenStream;

use attribute::fallback::{self, Kind};
use attribute::{Place, http_error, main, route};

#[proc_macro_attribute]
pub fn route(args: TokenStream, item: TokenStream) -> TokenStream {
    route::attribute(args.into(), item.into(), here()).into()
}

#[proc_macro_attribute]
pub fn main(args: TokenStream, item: TokenStream) -> TokenStream {
    main::attribute(args.into(), item.into()).into()
}

#[proc_macro_attribute]
pub fn error_handler(args: TokenStream, item: TokenStream) -> TokenStream {
    fallback::attribute(Kind::Error, args.into(), item.into(), here()).into()
}

#[proc_macro_attribute]
pub fn not_found(args: TokenStream, item: TokenStream) -> TokenStream {
    fallback::attribute(Kind::NotFound, args.into(), item.into(), here()).into()
}

#[proc_macro_derive(HttpError, attributes(http))]
pub fn http_error(item: TokenStream) -> TokenStream {
    http_error::derive(item.into()).into()
}

/// Where the attribute stands in the user's code; only the compiler that runs us knows.
fn here() -> Place {
    let span = proc_macro::Span::call_site();
    Place { file: span.file(), line: u32::try_from(span.line()).unwrap_or(u32::MAX) }
}
