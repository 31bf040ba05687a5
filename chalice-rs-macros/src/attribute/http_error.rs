//! `#[derive(HttpError)]`: which status, code and message an error of the user's has.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Attribute, Data, DeriveInput, Field, Fields, Index, LitInt, LitStr, Member, Meta, Type};

use super::only_keys;
use crate::args::{Args, Value};
use crate::errors::{Errors, nearest};
use crate::expand;
use crate::signature::written;

const ATTRIBUTE: &str = "http";
const STATUS: &str = "status";
const CODE: &str = "code";
const MESSAGE: &str = "message";
const TRANSPARENT: &str = "transparent";

/// A valid error type.
pub(crate) struct ErrorType {
    pub(crate) name: Ident,
    /// The variants in order, or the struct itself.
    pub(crate) cases: Vec<Case>,
}

/// One variant, or a struct.
pub(crate) struct Case {
    /// `None` for a struct.
    pub(crate) variant: Option<Ident>,
    pub(crate) answer: Answer,
}

/// What a client gets.
pub(crate) enum Answer {
    /// What is said here; the trait's own for what is not.
    Says { status: Option<u16>, code: Option<String>, message: Option<String> },
    /// What the field's error says, which is of this type.
    Field(Member, Box<Type>),
}

/// The whole expansion.
pub(crate) fn derive(item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let parsed = errors.keep(syn::parse2::<DeriveInput>(item));
    let error = parsed.and_then(|item| error_type(item, &mut errors));
    expand::http_error(error, errors)
}

fn error_type(item: DeriveInput, errors: &mut Errors) -> Option<ErrorType> {
    let name = item.ident.unraw();
    if let Some(parameter) = item.generics.params.first() {
        let message = format_args!("`{name}` is generic");
        let help = "implement `HttpError` by hand, and name the type in `register_http_errors!`";
        errors.add(parameter, message, help);
    }
    let mut outer = said(&item.attrs, errors);
    let cases = match item.data {
        Data::Union(_) => {
            errors.add(&item.ident, format_args!("`{name}` is a union"), "make it an enum or a struct");
            return None;
        }
        Data::Struct(data) => vec![case(None, &item.ident, outer, &data.fields, errors)],
        Data::Enum(data) => {
            if let Some(at) = outer.as_mut().and_then(|said| said.transparent.take()) {
                let message = format_args!("`{TRANSPARENT}` stands on an enum");
                errors.add(at, message, "put it on the variants that hold another `HttpError`");
            }
            let cases = data.variants.into_iter().map(|variant| {
                let own = said(&variant.attrs, errors);
                let said = match (own, &outer) {
                    (Some(own), Some(outer)) if own.transparent.is_none() => Some(own.within(outer)),
                    (None, outer) => outer.clone(),
                    (own, _) => own,
                };
                case(Some(variant.ident.clone()), &variant.ident, said, &variant.fields, errors)
            });
            cases.collect()
        }
    };
    Some(ErrorType { name: item.ident, cases })
}

fn case(
    variant: Option<Ident>,
    name: &Ident,
    said: Option<Said>,
    fields: &Fields,
    errors: &mut Errors,
) -> Case {
    for field in fields {
        if let Some(attribute) = field.attrs.iter().find(|attribute| attribute.path().is_ident(ATTRIBUTE)) {
            let message = format_args!("`#[{ATTRIBUTE}]` stands on a field");
            errors.add(attribute, message, "put it on the variant, or on the struct");
        }
    }
    let Some(said) = said else {
        return Case { variant, answer: Answer::Says { status: None, code: None, message: None } };
    };
    if let Some(at) = &said.transparent {
        let field = only(fields);
        if field.is_none() {
            let message = format_args!("`{}` has {} fields", name.unraw(), fields.len());
            let help = format_args!("`{TRANSPARENT}` is for what has one, another `HttpError`");
            errors.add(at, message, help);
        }
        let nothing = || (Member::Unnamed(Index::from(0)), Box::new(Type::Verbatim(TokenStream::new())));
        let (member, ty) = field.unwrap_or_else(nothing);
        return Case { variant, answer: Answer::Field(member, ty) };
    }
    let Said { status, code, message, .. } = said;
    // Without a status it is a 500, whose code says nothing of what is inside.
    let code = code.or_else(|| status.map(|_| name.unraw().to_string()));
    Case { variant, answer: Answer::Says { status, code, message } }
}

fn only(fields: &Fields) -> Option<(Member, Box<Type>)> {
    let mut all = fields.iter();
    let (Some(Field { ident, ty, .. }), None) = (all.next(), all.next()) else { return None };
    Some((ident.clone().map_or(Member::Unnamed(Index::from(0)), Member::Named), Box::new(ty.clone())))
}

/// What one `#[http(..)]` says.
#[derive(Clone, Default)]
struct Said {
    status: Option<u16>,
    code: Option<String>,
    message: Option<String>,
    /// The word itself.
    transparent: Option<TokenStream>,
}

impl Said {
    fn within(self, outer: &Self) -> Self {
        Self {
            status: self.status.or(outer.status),
            code: self.code.or_else(|| outer.code.clone()),
            message: self.message.or_else(|| outer.message.clone()),
            transparent: self.transparent,
        }
    }
}

fn said(attributes: &[Attribute], errors: &mut Errors) -> Option<Said> {
    let mut ours = attributes.iter().filter(|attribute| attribute.path().is_ident(ATTRIBUTE));
    let attribute = ours.next()?;
    for second in ours {
        errors.add(second, format_args!("a second `#[{ATTRIBUTE}]`"), "put everything into one");
    }
    let tokens = match &attribute.meta {
        Meta::List(list) => list.tokens.clone(),
        Meta::Path(_) | Meta::NameValue(_) => TokenStream::new(),
    };
    if tokens.is_empty() {
        let message = format_args!("`#[{ATTRIBUTE}]` says nothing");
        errors.add(attribute, message, format_args!("write `#[{ATTRIBUTE}({STATUS} = 404)]`"));
        return None;
    }
    let args = Args::parse(tokens, errors);
    let mut said = Said::default();
    for value in &args.values {
        let shown = written(value);
        if shown == TRANSPARENT {
            said.transparent = Some(value.to_token_stream());
            continue;
        }
        let help = match value {
            Value::Text(text) => format!("did you mean `{MESSAGE} = {}`?", text.to_token_stream()),
            _ if shown.parse::<u16>().is_ok() => format!("did you mean `{STATUS} = {shown}`?"),
            _ => match nearest(&shown, [TRANSPARENT]) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("its keys are: `{STATUS}`, `{CODE}`, `{MESSAGE}`"),
            },
        };
        errors.add(value, format_args!("`{shown}` has no key"), help);
    }
    only_keys(&format!("#[{ATTRIBUTE}]"), &[STATUS, CODE, MESSAGE], &args, errors);
    if let (Some(word), Some(pair)) = (&said.transparent, args.pairs.first()) {
        let message = format_args!("`{}` stands beside `{TRANSPARENT}`", pair.key);
        errors.add(word, message, "keep one of them: the field's error says everything");
    }
    for pair in &args.pairs {
        if pair.key == STATUS {
            said.status = status(&pair.value, errors);
        } else if pair.key == CODE {
            said.code = text(CODE, &pair.value, errors);
        } else if pair.key == MESSAGE {
            said.message = text(MESSAGE, &pair.value, errors);
        }
    }
    Some(said)
}

fn status(value: &Value, errors: &mut Errors) -> Option<u16> {
    let number = syn::parse2::<LitInt>(value.to_token_stream()).ok();
    let Some(number) = number.and_then(|number| number.base10_parse::<u16>().ok()) else {
        let message = format_args!("`{}` is not a status", written(value));
        errors.add(value, message, "write its number: `status = 404`");
        return None;
    };
    if !(400..=599).contains(&number) {
        let message = format_args!("`{number}` is not the status of an error");
        errors.add(value, message, "use 400 to 499 for the client's mistakes, 500 to 599 for others");
        return None;
    }
    Some(number)
}

fn text(key: &str, value: &Value, errors: &mut Errors) -> Option<String> {
    match value {
        Value::Text(text) if !LitStr::value(text).is_empty() => Some(text.value()),
        Value::Text(text) => {
            errors.add(text, format_args!("`{key}` is empty"), "leave it out, or say something");
            None
        }
        _ => {
            let message = format_args!("`{}` is not text", written(value));
            errors.add(value, message, format_args!("write `{key} = \"..\"`"));
            None
        }
    }
}
