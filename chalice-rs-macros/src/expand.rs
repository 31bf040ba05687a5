//! Expand: from what was validated to tokens. The only place with `quote!`.
//!
//! Generated code names nothing of the user's but the function and its argument types, and nothing
//! else but `::chalice_rs::__private` and the standard library by its full path: a user's own
//! `Result`, `str` or `Box` changes nothing. Names that it makes are out of reach of both: locals
//! are hygienic, and the only item beside the user's tokens is called after the function.

mod authorizer;
mod mount;

use chalice_rs_manifest::{CorsRule, Guard, Record};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{GenericArgument, Path, PathArguments, Type};

use crate::attribute::authorizers::Valid as Authorizer;
use crate::attribute::blueprint::Valid as Blueprint;
use crate::attribute::fallback::{Fallback, Kind};
use crate::attribute::http_error::{Answer, Case, ErrorType};
use crate::attribute::main::Main;
use crate::attribute::route::{Bound, Endpoint, borrowed_text};
use crate::errors::Errors;
use crate::signature::{Argument, Color, mentions_impl};

pub(crate) use authorizer::authorizer_function;
pub(crate) use mount::mount;

/// The error that an error handler is called with.
const ERROR: &str = "error";

/// The function, untouched; then, if nothing is wrong, its record and its registration.
pub(crate) fn route(item: TokenStream, endpoint: Option<Endpoint>, errors: Errors) -> TokenStream {
    let Some(endpoint) = endpoint.filter(|_| errors.is_empty()) else {
        let errors = errors.into_tokens();
        return quote! { #item #errors };
    };
    let hooks = hooks(&endpoint.record);
    let record = module_section(&endpoint.record);
    let named = named(endpoint.authorizer.as_ref());
    let call = format_ident!("call_{}", endpoint.function.unraw());
    let checks = at_most_one_body(&endpoint.arguments, &endpoint.lifetimes);
    let request = local("request");
    let body = body(&endpoint, &request);
    let keys = &endpoint.keys;
    let described = described(&endpoint);
    quote! {
        #item
        const _: () = {
            #checks
            #named
            fn #call<'r>(
                #request: &'r ::chalice_rs::__private::Request<'r>,
            ) -> ::chalice_rs::__private::Answer<'r> {
                #body
            }
            const _: () = {
                #record
                ::chalice_rs::__private::submit! {
                    ::chalice_rs::__private::Registration::route(
                        &RECORD,
                        &[#(::chalice_rs::__private::RouteKey::new(#keys)),*],
                        #call,
                    )
                }
                #hooks
                #described
            };
        };
    }
}

/// The types of a route, for its documentation. Only the library knows whether anybody wants it.
fn described(Endpoint { arguments, output, lifetimes, .. }: &Endpoint) -> TokenStream {
    let outside = |ty: &Type| inferred_lifetimes(ty.to_token_stream(), lifetimes);
    let parameters = arguments.iter().filter_map(|bound| match bound {
        Bound::Parameter { parameter, argument } => {
            let ty = outside(&argument.ty);
            Some(quote!(#parameter: #ty))
        }
        Bound::Extractor { .. } | Bound::Error => None,
    });
    let extractors = arguments.iter().filter_map(|bound| match bound {
        Bound::Extractor { argument } => Some(outside(&argument.ty)),
        Bound::Parameter { .. } | Bound::Error => None,
    });
    let answer = match output {
        None => quote!(()),
        Some(ty) => outside(&nameable(ty.clone())),
    };
    quote! {
        ::chalice_rs::__private::describe! {
            &RECORD; [#(#parameters),*] [#(#extractors),*] #answer
        }
    }
}

/// The type with a name for each `impl Trait` in it, which only the function knows.
fn nameable(ty: Type) -> Type {
    let opaque = || Type::Verbatim(quote!(::chalice_rs::__private::Opaque));
    match ty {
        Type::ImplTrait(_) => opaque(),
        Type::Tuple(mut tuple) => {
            tuple.elems = tuple.elems.into_iter().map(nameable).collect();
            Type::Tuple(tuple)
        }
        Type::Path(mut path) => {
            for segment in &mut path.path.segments {
                let PathArguments::AngleBracketed(arguments) = &mut segment.arguments else { continue };
                for argument in &mut arguments.args {
                    if let GenericArgument::Type(ty) = argument {
                        *ty = nameable(ty.clone());
                    }
                }
            }
            Type::Path(path)
        }
        ty if mentions_impl(ty.to_token_stream()) => opaque(),
        ty => ty,
    }
}

/// The function, untouched; then, if nothing is wrong, its record and its registration as what
/// answers when no route does.
pub(crate) fn fallback(item: TokenStream, fallback: Option<Fallback>, errors: Errors) -> TokenStream {
    let Some(Fallback { kind, endpoint }) = fallback.filter(|_| errors.is_empty()) else {
        let errors = errors.into_tokens();
        return quote! { #item #errors };
    };
    let record = module_section(&endpoint.record);
    let call = format_ident!("call_{}", endpoint.function.unraw());
    let checks = at_most_one_body(&endpoint.arguments, &endpoint.lifetimes);
    let (error, request) = (local(ERROR), local("request"));
    let body = body(&endpoint, &request);
    let (registration, error) = match kind {
        Kind::NotFound => (quote!(NotFound), None),
        Kind::Error => (quote!(ErrorHandler), Some(quote!(#error: &'r ::chalice_rs::__private::Error,))),
    };
    quote! {
        #item
        const _: () = {
            #checks
            fn #call<'r>(
                #error
                #request: &'r ::chalice_rs::__private::Request<'r>,
            ) -> ::chalice_rs::__private::Answer<'r> {
                #body
            }
            const _: () = {
                #record
                ::chalice_rs::__private::submit! {
                    ::chalice_rs::__private::#registration::new(&RECORD, #call)
                }
            };
        };
    }
}

/// The implementation, and what lets `?` find it.
pub(crate) fn http_error(error: Option<ErrorType>, errors: Errors) -> TokenStream {
    let Some(ErrorType { name, cases }) = error.filter(|_| errors.is_empty()) else {
        return errors.into_tokens();
    };
    // What is not said in any case is the trait's own.
    let method = |method: &str, output: TokenStream, value: &dyn Fn(&Answer) -> Option<TokenStream>| {
        let is_said = cases.iter().any(|case| match &case.answer {
            Answer::Field(..) => true,
            says => value(says).is_some(),
        });
        if !is_said {
            return None;
        }
        let method = format_ident!("{method}");
        let arms = cases.iter().map(|Case { variant, answer }| {
            let case = match variant {
                Some(variant) => quote!(Self::#variant),
                None => quote!(Self),
            };
            match (answer, value(answer)) {
                (Answer::Field(member, ty), _) => {
                    // The compiler's words about it go to its type.
                    let field = Ident::new("field", Span::mixed_site().located_at(ty.span()));
                    let method = Ident::new(&method.to_string(), ty.span());
                    let asked =
                        quote_spanned!(ty.span()=> ::chalice_rs::__private::HttpError::#method(#field));
                    quote!(#case { #member: #field } => #asked,)
                }
                (Answer::Says { .. }, Some(value)) => quote!(#case { .. } => #value,),
                (Answer::Says { .. }, None) => quote! {
                    #case { .. } => ::chalice_rs::__private::undeclared::#method(self),
                },
            }
        });
        Some(quote! {
            fn #method(&self) -> #output {
                match self { #(#arms)* }
            }
        })
    };
    let text = quote!(::std::borrow::Cow<'static, ::core::primitive::str>);
    let borrowed = |text: &String| quote!(::std::borrow::Cow::Borrowed(#text));
    let status = method("status", quote!(::chalice_rs::__private::StatusCode), &|answer| match answer {
        Answer::Says { status: Some(status), .. } => Some(quote!(::chalice_rs::__private::status(#status))),
        _ => None,
    });
    let code = method("code", text.clone(), &|answer| match answer {
        Answer::Says { code, .. } => code.as_ref().map(borrowed),
        Answer::Field(..) => None,
    });
    let message = method("message", text, &|answer| match answer {
        Answer::Says { message, .. } => message.as_ref().map(borrowed),
        Answer::Field(..) => None,
    });
    let headers = cases
        .iter()
        .any(|case| matches!(case.answer, Answer::Field(..)))
        .then(|| method("headers", quote!(::chalice_rs::__private::Headers), &|_| None));
    let headers = headers.flatten();
    let described = cases.iter().map(|case| match &case.answer {
        Answer::Field(_, ty) => quote!([of #ty]),
        Answer::Says { status, code, .. } => {
            let status = status.unwrap_or(500);
            let code = code.as_ref().map(ToTokens::to_token_stream);
            quote!([#status #code])
        }
    });
    quote! {
        impl ::chalice_rs::__private::HttpError for #name {
            #status
            #code
            #message
            #headers
            ::chalice_rs::__private::describe_error! { #(#described)* }
        }
        ::chalice_rs::__private::submit! {
            ::chalice_rs::__private::KnownError::of::<#name>()
        }
    }
}

/// What calls the user's function with the arguments that the request has for it.
fn body(endpoint: &Endpoint, request: &Ident) -> TokenStream {
    let Endpoint { function, color, lifetimes, arguments, output, .. } = endpoint;
    // Locals have the span's hygiene: an argument called like the function does not hide it.
    let locals: Vec<Ident> = (0..arguments.len()).map(|index| local(&format!("argument{index}"))).collect();
    // Only extractors wait. Without one, all is done in the function itself, and the program has no
    // states of ours beside those of the handler.
    let waits = arguments.iter().any(|bound| matches!(bound, Bound::Extractor { .. }));
    let refused = local("refused");
    let bindings = arguments.iter().zip(&locals).map(|(bound, local)| {
        let value = value(bound, request, lifetimes);
        let refuse = match bound {
            Bound::Error => return quote!(let #local = #value;),
            // A rejection stands for what its type says, an error or an answer.
            Bound::Extractor { .. } => quote!(#refused),
            Bound::Parameter { .. } if waits => quote!(::core::result::Result::Err(#refused)),
            Bound::Parameter { .. } => quote!(::chalice_rs::__private::refuse(#refused)),
        };
        quote! {
            let #local = match #value {
                ::core::result::Result::Ok(value) => value,
                ::core::result::Result::Err(#refused) => return #refuse,
            };
        }
    });

    let at = output.as_ref().map_or(function.span(), Spanned::span);
    let called = quote_spanned!(at=> #function(#(#locals),*));
    let answer = match (waits, color) {
        (true, Color::Async) => quote_spanned!(at=> ::chalice_rs::__private::respond(#called.await)),
        (true, Color::Sync) => quote_spanned!(at=> ::chalice_rs::__private::respond(#called)),
        (false, Color::Async) => quote_spanned!(at=> ::chalice_rs::__private::later(#called)),
        (false, Color::Sync) => {
            let answer = quote_spanned!(at=> ::chalice_rs::__private::respond(#called));
            quote!(::chalice_rs::__private::ready(#answer))
        }
    };
    let body = quote!(#(#bindings)* #answer);
    if waits { quote!(::std::boxed::Box::pin(async move { #body })) } else { body }
}

/// A `main` that runs the user's, which is inside it and untouched.
pub(crate) fn main(item: TokenStream, main: Option<Main>, errors: Errors) -> TokenStream {
    let Some(Main { record, declares, authorizer, doc, visibility, color, output }) =
        main.filter(|_| errors.is_empty())
    else {
        let errors = errors.into_tokens();
        // A `main` of some sort, so that its absence is not reported as well.
        return quote! { fn main() { #item } #errors };
    };
    let hooks = hooks(&record);
    let record = section(
        &record,
        &[
            ("package", quote!(::core::env!("CARGO_PKG_NAME"))),
            ("version", quote!(::core::env!("CARGO_PKG_VERSION"))),
        ],
    );
    let named = named(authorizer.as_ref());
    // What is said for all routes is of interest to the test client too.
    let declaration = match declares {
        true => declaration(),
        false => quote!(::chalice_rs::__private::describe_app! { &RECORD }),
    };
    let at = output.as_ref().map_or(Span::call_site(), Spanned::span);
    let called = match color {
        Color::Async => quote_spanned!(at=> main()),
        Color::Sync => quote_spanned!(at=> ::core::future::ready(main())),
    };
    let run = match color {
        Color::Async => quote_spanned!(at=> ::chalice_rs::__private::run(main)),
        Color::Sync => quote_spanned!(at=> ::chalice_rs::__private::run(|| #called)),
    };
    quote! {
        #(#doc)*
        #visibility fn main() -> ::std::process::ExitCode {
            #item
            const _: () = {
                #named
                #record
                #declaration
                #hooks
            };
            // For the program's own tests, which start with what it starts with.
            #[cfg(test)]
            const _: () = {
                ::chalice_rs::__private::submit! {
                    ::chalice_rs::__private::MainRegistration::new(
                        || ::chalice_rs::__private::starting(#called)
                    )
                }
            };
            #run
        }
    }
}

/// A blueprint's record and its registration.
pub(crate) fn blueprint(valid: Blueprint, errors: Errors) -> TokenStream {
    if !errors.is_empty() {
        return errors.into_tokens();
    }
    let Blueprint { record, prefix, middleware, authorizer } = valid;
    let hooks = hooks(&record);
    let record = module_section(&record);
    let named = named(authorizer.as_ref());
    let chain = local("chain");
    let pushed = middleware.iter().map(|made| quote_spanned!(made.span()=> #chain.push(#made);));
    let middleware = match middleware.is_empty() {
        true => quote!(|_| {}),
        false => quote!(|#chain| { #(#pushed)* }),
    };
    quote! {
        const _: () = {
            #named
            #record
            ::chalice_rs::__private::submit! {
                ::chalice_rs::__private::BlueprintRegistration::new(
                    &RECORD,
                    ::core::module_path!(),
                    #prefix,
                    #middleware,
                )
            }
            #hooks
        };
    }
}

/// An authorizer that is no function of the program: its record, and a name for routes to name.
pub(crate) fn authorizer(valid: Option<Authorizer>, errors: Errors) -> TokenStream {
    let Some(Authorizer { record, name, doc }) = valid.filter(|_| errors.is_empty()) else {
        return errors.into_tokens();
    };
    let record = module_section(&record);
    let declaration = declaration();
    // It is public, so that routes in other modules can name it, and a crate may ask for docs of all that is.
    let undocumented = doc.is_empty().then(|| quote!(#[doc = "Decides who may call."]));
    quote! {
        #(#doc)*
        #undocumented
        pub const fn #name() {}
        const _: () = {
            #record
            #declaration
        };
    }
}

/// Has the compiler find what the user named. Which authorizers there are, only all records show.
fn named(path: Option<&Path>) -> Option<TokenStream> {
    path.map(|path| quote_spanned! {path.span()=> const _: () = { let _ = &#path; }; })
}

/// What a program needs because of a record's rules, beside its `RECORD`: to tell browsers who may call, and
/// to know which routes somebody has to be asked about. Rules that say nothing of it stand in no program's way.
fn hooks(record: &Record) -> Option<TokenStream> {
    let (rules, scope) = match record {
        Record::App(app) => (&app.rules, quote!(App)),
        Record::Route(route) => (&route.rules, quote!(Route(&RECORD))),
        Record::Blueprint(blueprint) => (&blueprint.rules, quote!(Module(::core::module_path!()))),
        Record::Authorizer(_) | Record::NotFound(_) | Record::ErrorHandler(_) => return None,
    };
    let sharing = matches!(rules.cors, Some(CorsRule::Allow(_))).then(|| {
        quote! {
            ::chalice_rs::__private::submit! { ::chalice_rs::__private::CorsHook::new() }
        }
    });
    let guard = rules.authorizer.as_ref().map(|guard| match guard {
        Guard::None => quote!(open),
        Guard::Iam | Guard::Named(_) => quote!(guarded),
    });
    let guarding = guard.map(|guard| {
        quote! {
            ::chalice_rs::__private::submit! {
                ::chalice_rs::__private::GuardRegistration::#guard(::chalice_rs::__private::Scope::#scope)
            }
        }
    });
    Some(quote! { #sharing #guarding })
}

/// Tells the program's own test client of a record that no route's registration leads to.
fn declaration() -> TokenStream {
    quote! {
        ::chalice_rs::__private::submit! { ::chalice_rs::__private::Declaration::new(&RECORD) }
    }
}

/// The record's JSON in its section, with the module that the compiler knows.
fn module_section(record: &Record) -> TokenStream {
    section(record, &[("module", quote!(::core::module_path!()))])
}

/// One argument's value out of the request, or what is wrong with it.
///
/// What the compiler has to say about the argument's type, it says on the type, and once: it drops
/// a repetition with the same words and the same span.
fn value(bound: &Bound, request: &Ident, lifetimes: &[Ident]) -> TokenStream {
    let (Bound::Parameter { argument, .. } | Bound::Extractor { argument }) = bound else {
        return local(ERROR).into_token_stream();
    };
    let ty = inferred_lifetimes(argument.ty.to_token_stream(), lifetimes);
    let at = argument.ty.span();
    match bound {
        // It borrows from the request: no `FromStr` can do that, and no trait can be there for it
        // and for each `FromStr` type as well.
        Bound::Parameter { parameter, .. } if borrowed_text(&argument.ty).is_some() => {
            quote_spanned!(at=> ::chalice_rs::__private::text_parameter(#request, #parameter))
        }
        Bound::Parameter { parameter, .. } => {
            quote_spanned!(at=> ::chalice_rs::__private::parameter::<#ty>(#request, #parameter))
        }
        Bound::Extractor { .. } | Bound::Error => {
            quote_spanned!(at=> ::chalice_rs::__private::extract::<#ty>(#request).await)
        }
    }
}

/// Refuses two arguments that both take the body, on the second one's type.
///
/// Only the compiler knows what a type takes, so it is a constant that does not evaluate.
fn at_most_one_body(arguments: &[Bound], lifetimes: &[Ident]) -> TokenStream {
    let extractors: Vec<&Argument> = arguments
        .iter()
        .filter_map(|bound| match bound {
            Bound::Parameter { .. } | Bound::Error => None,
            Bound::Extractor { argument } => Some(argument),
        })
        .collect();
    let takes_body = |ty: &Type| {
        let ty = inferred_lifetimes(ty.to_token_stream(), lifetimes);
        quote!(<#ty as ::chalice_rs::__private::FromRequest<'_>>::TAKES_BODY)
    };
    let pairs = extractors
        .iter()
        .enumerate()
        .flat_map(|(index, second)| extractors[..index].iter().map(move |first| (*first, *second)));
    pairs
        .map(|(first, second)| {
            let message = format!(
                "arguments `{}` and `{}` both take the body\nhelp: take it once, as one type with the fields of both",
                first.shown(),
                second.shown()
            );
            // It is a format string, and a pattern has braces.
            let message = message.replace('{', "{{").replace('}', "}}");
            let (first_takes, second_takes) = (takes_body(&first.ty), takes_body(&second.ty));
            quote_spanned! {second.ty.span()=>
                const _: () = ::core::assert!(!(#first_takes && #second_takes), #message);
            }
        })
        .collect()
}

/// The record's JSON in its section of the executable, as `RECORD`.
///
/// `holes` are fields that the record leaves empty, with the macro that fills them in; what they
/// give (crate names, versions, module paths) is JSON as it stands.
fn section(record: &Record, holes: &[(&str, TokenStream)]) -> TokenStream {
    // The record's types serialize without fail: no maps with odd keys, no `Serialize` of others.
    let mut rest = serde_json::to_string(record).unwrap_or_default();
    let mut pieces = Vec::new();
    for (field, filled) in holes {
        // Inside a JSON string each quote has a backslash before it, so this is the field and no text.
        let start = format!("\"{field}\":\"");
        let Some((before, after)) = rest.split_once(&start) else { continue };
        pieces.push(format!("{before}{start}").into_token_stream());
        pieces.push(filled.clone());
        rest = after.to_owned();
    }
    quote! {
        const JSON: &::core::primitive::str = ::core::concat!(#(#pieces,)* #rest);
        #[used]
        #[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__chalice"))]
        #[cfg_attr(not(target_vendor = "apple"), unsafe(link_section = ".chalice"))]
        static RECORD: [::core::primitive::u8; ::chalice_rs::__private::framed_len(JSON)] =
            ::chalice_rs::__private::frame(JSON);
    }
}

/// The type with each of `lifetimes` left to the compiler.
fn inferred_lifetimes(tokens: TokenStream, lifetimes: &[Ident]) -> TokenStream {
    let mut after_quote = false;
    tokens
        .into_iter()
        .map(|token| {
            let named = std::mem::replace(&mut after_quote, false);
            match token {
                TokenTree::Ident(ident) if named && lifetimes.contains(&ident) => {
                    TokenTree::Ident(Ident::new("_", ident.span()))
                }
                TokenTree::Punct(punct) => {
                    after_quote = punct.as_char() == '\'';
                    TokenTree::Punct(punct)
                }
                TokenTree::Group(group) => {
                    let mut inner = proc_macro2::Group::new(
                        group.delimiter(),
                        inferred_lifetimes(group.stream(), lifetimes),
                    );
                    inner.set_span(group.span());
                    TokenTree::Group(inner)
                }
                token => token,
            }
        })
        .collect()
}

fn local(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}
