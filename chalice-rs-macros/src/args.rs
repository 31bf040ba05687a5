//! Parse what stands in an attribute's parentheses: values, then `key = value` and `key(..)` pairs.
//!
//! Here: the shape only, and it is total: whatever stands there comes out as a [`Value`], so that
//! one odd piece does not hide the mistakes in the others.
//! Not here: which keys and values an attribute takes; see [`crate::attribute`].

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::{LitStr, Token};

use crate::errors::Errors;
use crate::signature::written;

/// An attribute's arguments.
pub(crate) struct Args {
    /// The values without a key, in order.
    pub(crate) values: Vec<Value>,
    /// The values with one, in order.
    pub(crate) pairs: Vec<Pair>,
}

/// `key = value`, or `key(..)`.
pub(crate) struct Pair {
    pub(crate) key: Ident,
    pub(crate) value: Value,
}

/// One value, as far as attributes tell them apart.
pub(crate) enum Value {
    /// `"text"`.
    Text(LitStr),
    /// `[value, value]`, with the tokens it was made from.
    List(Vec<Value>, TokenStream),
    /// What stands in the parentheses of `key(..)`, with the tokens it was made from.
    Nested(TokenStream, TokenStream),
    /// Anything else.
    Other(TokenStream),
}

impl Args {
    /// Parses the arguments; only a missing piece between two commas is a mistake of its own.
    pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Self {
        let mut args = Self { values: Vec::new(), pairs: Vec::new() };
        for piece in pieces(tokens, errors) {
            match Piece::parse.parse2(piece.clone()) {
                Ok(Piece::Pair(pair)) => {
                    if let Some(first) = args.pairs.iter().find(|seen| seen.key == pair.key) {
                        let message = format!("the key `{}` is there twice", first.key);
                        errors.add(&pair.key, message, "keep one of the two");
                    } else {
                        args.pairs.push(pair);
                    }
                }
                Ok(Piece::Value(value)) => {
                    if let Some(last) = args.pairs.last() {
                        let shown = written(&value);
                        let message = format!("`{shown}` has no key and stands after `{} = ..`", last.key);
                        errors.add(&value, message, "put it first");
                    }
                    args.values.push(value);
                }
                Err(_) => args.values.push(Value::Other(piece)),
            }
        }
        args
    }
}

impl ToTokens for Value {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Text(text) => text.to_tokens(tokens),
            Self::List(_, written) | Self::Nested(_, written) | Self::Other(written) => {
                written.to_tokens(tokens);
            }
        }
    }
}

enum Piece {
    Pair(Pair),
    Value(Value),
}

impl Parse for Piece {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(syn::Ident::peek_any) && input.peek2(Token![=]) && !input.peek2(Token![==]) {
            let key = input.call(Ident::parse_any)?;
            let equals: Token![=] = input.parse()?;
            if input.is_empty() {
                return Ok(Self::Pair(Pair { key, value: Value::Other(equals.to_token_stream()) }));
            }
            return Ok(Self::Pair(Pair { key, value: input.parse()? }));
        }
        let nested = |input: ParseStream<'_>| {
            let key = input.call(Ident::parse_any)?;
            let written: TokenStream = input.fork().parse()?;
            let content;
            syn::parenthesized!(content in input);
            let inner = content.parse()?;
            if input.is_empty() { Ok((key, inner, written)) } else { Err(input.error("more than a key")) }
        };
        if input.peek(syn::Ident::peek_any) && input.peek2(syn::token::Paren) {
            let ahead = input.fork();
            if let Ok((key, inner, written)) = nested(&ahead) {
                input.parse::<TokenStream>()?;
                return Ok(Self::Pair(Pair { key, value: Value::Nested(inner, written) }));
            }
        }
        Ok(Self::Value(input.parse()?))
    }
}

impl Parse for Value {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let written: TokenStream = input.fork().parse()?;
        if let Ok(text) = syn::parse2::<LitStr>(written.clone())
            && text.suffix().is_empty()
        {
            input.parse::<TokenStream>()?;
            return Ok(Self::Text(text));
        }
        let rest: TokenStream = input.parse()?;
        let list = |input: ParseStream<'_>| {
            let content;
            syn::bracketed!(content in input);
            content.parse::<TokenStream>()
        };
        let Ok(inner) = list.parse2(rest) else { return Ok(Self::Other(written)) };
        // An empty piece in a list is as good as an odd one: whoever reads the list refuses it.
        let values = split(inner)
            .into_iter()
            .map(|piece| Self::parse.parse2(piece.clone()).unwrap_or(Self::Other(piece)))
            .collect();
        Ok(Self::List(values, written))
    }
}

fn pieces(tokens: TokenStream, errors: &mut Errors) -> Vec<TokenStream> {
    let whole = tokens.clone();
    let mut pieces = split(tokens);
    if pieces.iter().any(TokenStream::is_empty) {
        errors.add(whole, "nothing stands between two commas", "remove one of them");
        pieces.retain(|piece| !piece.is_empty());
    }
    pieces
}

/// Cuts at the commas; one at the end is allowed.
fn split(tokens: TokenStream) -> Vec<TokenStream> {
    let mut pieces = vec![Vec::new()];
    for token in tokens {
        match (&token, pieces.last_mut()) {
            (TokenTree::Punct(punct), _) if punct.as_char() == ',' => pieces.push(Vec::new()),
            (_, Some(piece)) => piece.push(token),
            (_, None) => {}
        }
    }
    if pieces.last().is_some_and(Vec::is_empty) {
        pieces.pop();
    }
    pieces.into_iter().map(TokenStream::from_iter).collect()
}
