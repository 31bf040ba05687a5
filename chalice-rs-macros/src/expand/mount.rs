//! What becomes of `#[mount]`.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use super::{hooks, local, module_section, named};
use crate::attribute::mount::Valid;
use crate::errors::Errors;
use crate::signature::Color;

/// The function, untouched; then, if nothing is wrong, two routes, and the service behind them.
pub(crate) fn mount(item: TokenStream, valid: Option<Valid>, errors: Errors) -> TokenStream {
    let Some(valid) = valid.filter(|_| errors.is_empty()) else {
        let errors = errors.into_tokens();
        return quote! { #item #errors };
    };
    let name = valid.function.unraw().to_string();
    let (start, call) = (format_ident!("start_{name}"), format_ident!("call_{name}"));
    let (app, request) = (local("app"), local("request"));
    let body = body(&valid, &app);
    let named = named(valid.authorizer.as_ref());
    let routes = valid.routes.iter().map(|(record, key)| {
        let hooks = hooks(record);
        let record = module_section(record);
        quote! {
            const _: () = {
                #record
                #hooks
                ::chalice_rs::__private::submit! {
                    ::chalice_rs::__private::Registration::route(
                        &RECORD,
                        &[::chalice_rs::__private::RouteKey::new(#key)],
                        #call,
                    )
                }
            };
        }
    });
    quote! {
        #item
        const _: () = {
            #named
            fn #start<'r>(#app: &'r ::chalice_rs::__private::App) -> ::chalice_rs::__private::Starting<'r> {
                ::std::boxed::Box::pin(async move { #body })
            }
            static MOUNTED: ::chalice_rs::__private::Mounted =
                ::chalice_rs::__private::Mounted::new(#name, #start);
            fn #call<'r>(
                #request: &'r ::chalice_rs::__private::Request<'r>,
            ) -> ::chalice_rs::__private::Answer<'r> {
                ::chalice_rs::__private::Mounted::answer(&MOUNTED, #request)
            }
            #(#routes)*
            ::chalice_rs::__private::submit! {
                ::chalice_rs::__private::MountRegistration::new(&MOUNTED)
            }
        };
    }
}

fn body(valid: &Valid, app: &Ident) -> TokenStream {
    let Valid { function, color, arguments, output, .. } = valid;
    let locals: Vec<Ident> = (0..arguments.len()).map(|index| local(&format!("argument{index}"))).collect();
    let bindings = arguments.iter().zip(&locals).map(|(argument, local)| {
        let ty = &argument.ty;
        let value = quote_spanned!(ty.span()=> ::chalice_rs::__private::from_app::<#ty>(#app));
        quote!(let #local = #value?;)
    });
    let at = output.span();
    let mut called = quote_spanned!(at=> #function(#(#locals),*));
    if *color == Color::Async {
        called = quote_spanned!(at=> #called.await);
    }
    if valid.is_fallible() {
        called = quote_spanned!(at=> #called?);
    }
    let mounted = quote_spanned!(at=> ::chalice_rs::__private::mountable(#called));
    quote!(#(#bindings)* #mounted)
}
