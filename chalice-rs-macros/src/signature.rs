//! Parse a function's head; its body stays tokens, so that a half-typed body hides nothing.
//!
//! Here: also what no function under an attribute of ours can be (a method, generic, `unsafe`, …).
//! Not here: what its arguments mean to one attribute; see [`crate::attribute`].

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Expr, FnArg, GenericParam, Lit, Meta, Pat, ReturnType, Safety, Type, Visibility};

use crate::errors::Errors;

/// The head of a function.
pub(crate) struct Signature {
    /// The attributes below ours.
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) name: Ident,
    /// The lifetime parameters, without the quote.
    pub(crate) lifetimes: Vec<Ident>,
    pub(crate) color: Color,
    pub(crate) arguments: Vec<Argument>,
    /// The type after `->`.
    pub(crate) output: Option<Type>,
}

/// How the function is called.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Color {
    /// `fn`.
    Sync,
    /// `async fn`.
    Async,
}

/// One argument, `pattern: ty`.
#[derive(Clone)]
pub(crate) struct Argument {
    pub(crate) pattern: Pat,
    pub(crate) ty: Type,
}

impl Signature {
    /// Parses the head of `item`, which stands under `attribute`.
    ///
    /// `None` if it is not a function; any other mistake leaves a signature to go on with.
    pub(crate) fn parse(item: &TokenStream, attribute: &str, errors: &mut Errors) -> Option<Self> {
        let parsed = head.parse2(item.clone());
        let Ok(Head { attributes, visibility, signature, body }) = parsed else {
            return not_a_function(item, attribute, errors);
        };
        let name = signature.ident.clone();
        let shown = name.unraw();

        if !matches!(&body, Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace) {
            errors.add(&name, format_args!("`{shown}` has no body"), "write it: `{ .. }`");
        }
        if let Safety::Unsafe(token) = &signature.safety {
            let message = format_args!("`{shown}` is `unsafe`");
            errors.add(token, message, "remove `unsafe`, and put it around what needs it inside");
        }
        if let Some(abi) = &signature.abi {
            let message = format_args!("`{shown}` is an `extern` function");
            errors.add(abi, message, "remove `extern`; Rust calls it");
        }
        if let Some(variadic) = &signature.variadic {
            let message = format_args!("`{shown}` takes any number of arguments");
            errors.add(variadic, message, "name each argument");
        }
        for parameter in &signature.generics.params {
            let (what, name) = match parameter {
                // The caller's borrow fits any lifetime.
                GenericParam::Lifetime(_) => continue,
                GenericParam::Type(parameter) => ("type", &parameter.ident),
                GenericParam::Const(parameter) => ("const", &parameter.ident),
            };
            let message = format_args!("`{shown}` has the {what} parameter `{name}`");
            errors.add(
                parameter,
                message,
                "remove it: nobody is there to choose one; write what it stands for",
            );
        }
        let lifetimes =
            signature.generics.lifetimes().map(|parameter| parameter.lifetime.ident.clone()).collect();
        let arguments = signature
            .inputs
            .iter()
            .filter_map(|argument| Argument::parse(argument, &shown, errors))
            .collect();
        Some(Self {
            attributes,
            visibility,
            name,
            lifetimes,
            color: if signature.asyncness.is_some() { Color::Async } else { Color::Sync },
            arguments,
            output: match signature.output {
                ReturnType::Default => None,
                ReturnType::Type(_, ty) => Some(*ty),
            },
        })
    }

    /// The name as the user would say it: `type` for `r#type`.
    pub(crate) fn shown(&self) -> Ident {
        self.name.unraw()
    }

    /// The doc comment, without the leading space of each line; `None` when there is none.
    pub(crate) fn doc(&self) -> Option<String> {
        doc(&self.attributes)
    }
}

/// The doc comment among attributes, without the leading space of each line; `None` when there is
/// none.
pub(crate) fn doc(attributes: &[Attribute]) -> Option<String> {
    let lines: Vec<String> = attributes
        .iter()
        .filter_map(|attribute| match &attribute.meta {
            Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
                Expr::Lit(literal) => match &literal.lit {
                    Lit::Str(text) => Some(text.value()),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        })
        .flat_map(|text| {
            text.split('\n').map(|line| line.strip_prefix(' ').unwrap_or(line).to_owned()).collect::<Vec<_>>()
        })
        .collect();
    let doc = lines.join("\n").trim().to_owned();
    (!doc.is_empty()).then_some(doc)
}

impl Argument {
    fn parse(argument: &FnArg, function: &Ident, errors: &mut Errors) -> Option<Self> {
        let argument = match argument {
            FnArg::Receiver(receiver) => {
                let message = format_args!("`{function}` has a `self` argument");
                errors.add(
                    receiver,
                    message,
                    "make it a function outside of `impl`; what it shares goes into the app's state",
                );
                return None;
            }
            FnArg::Typed(argument) => argument,
        };
        for attribute in &argument.attrs {
            if attribute.path().is_ident("cfg") || attribute.path().is_ident("cfg_attr") {
                let message = "an argument cannot be conditional";
                errors.add(
                    attribute,
                    message,
                    "put the condition on the function, and write one for each case",
                );
            }
        }
        if mentions_impl(argument.ty.to_token_stream()) {
            let message = format_args!("`{}` does not name a type", written(&argument.ty));
            errors.add(&argument.ty, message, "write the type itself: nobody is there to choose one");
        }
        Some(Self { pattern: (*argument.pat).clone(), ty: plain(&argument.ty).clone() })
    }

    /// The argument's name, as the user would say it; a pattern such as `Json(note)` has none.
    pub(crate) fn name(&self) -> Option<String> {
        match &self.pattern {
            Pat::Ident(pattern) if pattern.subpat.is_none() => Some(pattern.ident.unraw().to_string()),
            _ => None,
        }
    }

    /// The name, or the pattern as it is written.
    pub(crate) fn shown(&self) -> String {
        self.name().unwrap_or_else(|| written(&self.pattern))
    }
}

impl ToTokens for Argument {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match &self.pattern {
            Pat::Ident(pattern) => pattern.ident.to_tokens(tokens),
            pattern => pattern.to_tokens(tokens),
        }
    }
}

/// The type without what groups it: `macro_rules!` puts groups that cannot be seen around types.
fn plain(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => plain(&group.elem),
        Type::Paren(group) => plain(&group.elem),
        ty => ty,
    }
}

/// Tokens as a user would write them in a message, near enough.
pub(crate) fn written(tokens: impl ToTokens) -> String {
    tokens.to_token_stream().to_string()
}

struct Head {
    attributes: Vec<Attribute>,
    visibility: Visibility,
    signature: syn::Signature,
    /// The first token after the signature.
    body: Option<TokenTree>,
}

fn head(input: ParseStream<'_>) -> syn::Result<Head> {
    let attributes = input.call(Attribute::parse_outer)?;
    let visibility = input.parse()?;
    let signature = input.parse()?;
    let body = input.parse::<TokenStream>()?.into_iter().next();
    Ok(Head { attributes, visibility, signature, body })
}

fn not_a_function<T>(item: &TokenStream, attribute: &str, errors: &mut Errors) -> Option<T> {
    let is_function = item
        .clone()
        .into_iter()
        // `type F = fn();` and `const F: fn() = f;` have the word as well.
        .take_while(|token| !matches!(token, TokenTree::Punct(punct) if matches!(punct.as_char(), '=' | ':')))
        .any(|token| matches!(&token, TokenTree::Ident(ident) if ident == "fn"));
    let error = match head.parse2(item.clone()) {
        // The compiler reads the same tokens next, and says it better.
        Err(error) if is_function => error,
        _ => {
            let message = format_args!("`#[{attribute}]` stands on something that is not a function");
            errors.add(item, message, "put it right above `fn` or `async fn`");
            return None;
        }
    };
    errors.keep(Err(error))
}

/// Whether there is an `impl Trait` in a type.
pub(crate) fn mentions_impl(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == "impl",
        TokenTree::Group(group) => mentions_impl(group.stream()),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}
