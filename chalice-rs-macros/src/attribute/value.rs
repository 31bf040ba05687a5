//! What a key's value has to be: text, a list of texts, a number, a switch, a path.
//!
//! Each reader takes the key's pair if it is there, and says what to write when it is something else.
//! Not here: which keys an attribute has; see the attribute's own file.

use std::fmt::Display;
use std::ops::RangeInclusive;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Expr, LitBool, LitInt, LitStr, Path};

use crate::args::{Args, Pair, Value};
use crate::errors::Errors;
use crate::signature::written;

impl Args {
    /// The pair of a key.
    pub(super) fn pair(&self, key: &str) -> Option<&Pair> {
        self.pairs.iter().find(|pair| pair.key == key)
    }

    /// `key = "text"`.
    pub(super) fn text(&self, key: &str, example: &str, errors: &mut Errors) -> Option<LitStr> {
        let pair = self.pair(key)?;
        match &pair.value {
            Value::Text(text) => Some(text.clone()),
            other => {
                wrong(key, other, "text", format_args!("write `{key} = \"{example}\"`"), errors);
                None
            }
        }
    }

    /// `key = ["text", "text"]`; one text alone is a list of one.
    pub(super) fn texts(&self, key: &str, example: &str, errors: &mut Errors) -> Option<Vec<LitStr>> {
        let pair = self.pair(key)?;
        let help = format_args!("write `{key} = [\"{example}\"]`").to_string();
        let items = match &pair.value {
            Value::Text(text) => return Some(vec![text.clone()]),
            Value::List(items, _) => items,
            other => {
                wrong(key, other, "a list of texts", help, errors);
                return None;
            }
        };
        if items.is_empty() {
            errors.add(&pair.value, format_args!("`{key}` is empty"), help);
            return None;
        }
        let mut texts: Vec<LitStr> = Vec::new();
        for item in items {
            match item {
                Value::Text(text) if texts.iter().any(|seen| seen.value() == text.value()) => {
                    let message = format_args!("`{}` is there twice", text.value());
                    errors.add(text, message, "remove one of the two");
                }
                Value::Text(text) => texts.push(text.clone()),
                other => errors.add(other, format_args!("`{}` is not text", written(other)), &help),
            }
        }
        Some(texts)
    }

    /// `key = true`.
    pub(super) fn switch(&self, key: &str, errors: &mut Errors) -> Option<bool> {
        let pair = self.pair(key)?;
        match switch(&pair.value) {
            Some(on) => Some(on),
            None => {
                let help = format_args!("write `{key} = true` or `{key} = false`");
                wrong(key, &pair.value, "true or false", help, errors);
                None
            }
        }
    }

    /// `key = 300`.
    pub(super) fn number(
        &self,
        key: &str,
        range: RangeInclusive<u32>,
        unit: &str,
        errors: &mut Errors,
    ) -> Option<u32> {
        let pair = self.pair(key)?;
        let number = syn::parse2::<LitInt>(pair.value.to_token_stream())
            .ok()
            .and_then(|number| number.base10_parse::<u32>().ok())
            .filter(|number| range.contains(number));
        if number.is_none() {
            let (least, most) = (range.start(), range.end());
            let help = format_args!("write a number of {unit}, {least} to {most}");
            wrong(key, &pair.value, "in its range", help, errors);
        }
        number
    }
}

/// `true` or `false`, if it is one.
pub(super) fn switch(value: &Value) -> Option<bool> {
    let Value::Other(tokens) = value else { return None };
    syn::parse2::<LitBool>(tokens.clone()).ok().map(|switch| switch.value)
}

/// A name or a path to one, if it is that.
pub(super) fn path(value: &Value) -> Option<Path> {
    let Value::Other(tokens) = value else { return None };
    syn::parse2(tokens.clone()).ok()
}

/// An expression, if it is one.
pub(super) fn expression(value: &Value) -> Option<Expr> {
    let Value::Other(tokens) = value else { return None };
    syn::parse2(tokens.clone()).ok()
}

/// Parses a text as what it stands for; a mistake sits on the text.
pub(super) fn parsed<T, E: Display>(
    text: &LitStr,
    parse: impl FnOnce(&str) -> Result<T, E>,
    help: impl FnOnce(&E) -> String,
    errors: &mut Errors,
) -> Option<T> {
    match parse(&text.value()) {
        Ok(value) => Some(value),
        Err(error) => {
            errors.add(text, &error, help(&error));
            None
        }
    }
}

fn wrong(key: &str, value: &Value, what: &str, help: impl Display, errors: &mut Errors) {
    let tokens: TokenStream = value.to_token_stream();
    errors.add(tokens, format_args!("`{key}` is not {what}"), help);
}
