//! What becomes of `#[authorizer]`.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use super::{inferred_lifetimes, local, module_section};
use crate::attribute::authorizer::{Kept, Valid};
use crate::errors::Errors;
use crate::signature::{Argument, Color};

/// The function, untouched; then, if nothing is wrong, its record and its registration as a Lambda
/// function of its own.
pub(crate) fn authorizer_function(item: TokenStream, valid: Option<Valid>, errors: Errors) -> TokenStream {
    let Some(valid) = valid.filter(|_| errors.is_empty()) else {
        let errors = errors.into_tokens();
        return quote! { #item #errors };
    };
    let record = module_section(&valid.record);
    let name = valid.function.unraw().to_string();
    let call = format_ident!("call_{name}");
    let checks = checks(&valid);
    let request = local("request");
    let body = body(&valid, &request);
    let (app, context, event) = (local("app"), local("context"), local("event"));
    quote! {
        #item
        const _: () = {
            #checks
            fn #call<'r>(
                #request: &'r ::chalice_rs::__private::AuthorizerRequest<'r>,
            ) -> ::chalice_rs::__private::Deciding<'r> {
                ::std::boxed::Box::pin(async move { #body })
            }
            const _: () = {
                #record
                ::chalice_rs::__private::submit! {
                    ::chalice_rs::__private::FunctionRegistration::new(
                        &RECORD,
                        #name,
                        |#app, #context, #event| {
                            ::chalice_rs::__private::authorize(#app, #context, #event, #call)
                        },
                    )
                }
            };
        };
    }
}

fn body(valid: &Valid, request: &Ident) -> TokenStream {
    let Valid { function, color, lifetimes, arguments, output, .. } = valid;
    let locals: Vec<Ident> = (0..arguments.len()).map(|index| local(&format!("argument{index}"))).collect();
    let refused = local("refused");
    let bindings = arguments.iter().zip(&locals).map(|(argument, local)| {
        let ty = inferred_lifetimes(argument.ty.to_token_stream(), lifetimes);
        let value = quote_spanned! {argument.ty.span()=>
            ::chalice_rs::__private::extract_for_authorizer::<#ty>(#request).await
        };
        quote! {
            let #local = match #value {
                ::core::result::Result::Ok(value) => value,
                ::core::result::Result::Err(#refused) => {
                    return ::core::result::Result::Err(#refused);
                }
            };
        }
    });
    let at = output.span();
    let called = quote_spanned!(at=> #function(#(#locals),*));
    let called = match color {
        Color::Async => quote_spanned!(at=> #called.await),
        Color::Sync => called,
    };
    let decided = quote_spanned!(at=> ::chalice_rs::__private::decide(#called, #request));
    quote!(#(#bindings)* #decided)
}

/// What only the compiler knows of the types: constants that do not evaluate where it is wrong.
fn checks(valid: &Valid) -> TokenStream {
    let of = |ty: TokenStream| inferred_lifetimes(ty, &valid.lifetimes);
    let mut checks: TokenStream = valid.arguments.iter().map(|argument| no_body(argument, &of)).collect();
    if valid.kept == Kept::ForAll {
        let message = "an allow-list cannot go for all routes: API Gateway remembers the answer about one, and \
                       gives it to the others\nhelp: remove `reuse`, or return a `Verdict`";
        let output = of(valid.output.to_token_stream());
        checks.extend(quote_spanned! {valid.output.span()=>
            const _: () =
                ::core::assert!(!<#output as ::chalice_rs::__private::IntoVerdict>::LISTS_ROUTES, #message);
        });
    }
    checks
}

fn no_body(argument: &Argument, of: &impl Fn(TokenStream) -> TokenStream) -> TokenStream {
    let message = format!(
        "argument `{}` takes the body, which API Gateway does not show to an authorizer\nhelp: decide by the \
         headers or the query, or take the body in the route",
        argument.shown()
    );
    let ty = of(argument.ty.to_token_stream());
    quote_spanned! {argument.ty.span()=>
        const _: () = ::core::assert!(
            !<#ty as ::chalice_rs::__private::FromAuthorizerRequest<'_>>::TAKES_BODY,
            #message
        );
    }
}
