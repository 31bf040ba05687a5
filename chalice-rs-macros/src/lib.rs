//! The attributes of `chalice-rs`; their documentation stands at the re-exports there, where its
//! examples run.
//!
//! Each attribute goes the same way: parse (`args`, `signature`) → validate (`attribute`,
//! which makes a `chalice_rs_manifest::Record`) → expand (`expand`, the only place with `quote!`).
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
use attribute::route::Form;
use attribute::{Place, authorizer, authorizers, blueprint, http_error, main, mount, route};
use chalice_rs_manifest::Method;

#[proc_macro_attribute]
pub fn route(args: TokenStream, item: TokenStream) -> TokenStream {
    route::attribute(Form::Route, args.into(), item.into(), here()).into()
}

#[proc_macro_attribute]
pub fn get(args: TokenStream, item: TokenStream) -> TokenStream {
    route::attribute(Form::Short(Method::Get), args.into(), item.into(), here()).into()
}

#[proc_macro_attribute]
pub fn post(args: TokenStream, item: TokenStream) -> TokenStream {
    route::attribute(Form::Short(Method::Post), args.into(), item.into(), here()).into()
}

#[proc_macro_attribute]
pub fn put(args: TokenStream, item: TokenStream) -> TokenStream {
    route::attribute(Form::Short(Method::Put), args.into(), item.into(), here()).into()
}

#[proc_macro_attribute]
pub fn patch(args: TokenStream, item: TokenStream) -> TokenStream {
    route::attribute(Form::Short(Method::Patch), args.into(), item.into(), here()).into()
}

#[proc_macro_attribute]
pub fn delete(args: TokenStream, item: TokenStream) -> TokenStream {
    route::attribute(Form::Short(Method::Delete), args.into(), item.into(), here()).into()
}

#[proc_macro_attribute]
pub fn head(args: TokenStream, item: TokenStream) -> TokenStream {
    route::attribute(Form::Short(Method::Head), args.into(), item.into(), here()).into()
}

#[proc_macro_attribute]
pub fn options(args: TokenStream, item: TokenStream) -> TokenStream {
    route::attribute(Form::Short(Method::Options), args.into(), item.into(), here()).into()
}

#[proc_macro_attribute]
pub fn authorizer(args: TokenStream, item: TokenStream) -> TokenStream {
    authorizer::attribute(args.into(), item.into(), here()).into()
}

#[proc_macro]
pub fn blueprint(args: TokenStream) -> TokenStream {
    blueprint::items(args.into(), here()).into()
}

#[proc_macro]
pub fn jwt_authorizer(args: TokenStream) -> TokenStream {
    authorizers::jwt(args.into(), here()).into()
}

#[proc_macro]
pub fn lambda_authorizer(args: TokenStream) -> TokenStream {
    authorizers::lambda(args.into(), here()).into()
}

#[proc_macro_attribute]
pub fn main(args: TokenStream, item: TokenStream) -> TokenStream {
    main::attribute(args.into(), item.into()).into()
}

#[proc_macro_attribute]
pub fn mount(args: TokenStream, item: TokenStream) -> TokenStream {
    mount::attribute(args.into(), item.into(), here()).into()
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

/// What the derive of a schema is without the feature that wants schemas.
#[proc_macro_derive(JsonSchema, attributes(schemars, serde, validate, garde))]
pub fn json_schema(_: TokenStream) -> TokenStream {
    TokenStream::new()
}

/// Where the attribute stands in the user's code; only the compiler that runs us knows.
fn here() -> Place {
    let span = proc_macro::Span::call_site();
    Place { file: span.file(), line: u32::try_from(span.line()).unwrap_or(u32::MAX) }
}
