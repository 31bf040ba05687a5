//! `docs!`: two routes of the app, where it may serve its own documentation, and else the way there.
//!
//! Not here: what they answer; see `openapi/`.

#[doc = include_str!("../docs/docs.md")]
#[cfg(feature = "openapi")]
#[macro_export]
macro_rules! docs {
    ($path:literal $(, $($rules:tt)*)?) => {
        mod __chalice_docs {
            use super::*;

            $crate::blueprint! { prefix = $path $(, $($rules)*)? }

            #[$crate::get("/")]
            fn docs_page() -> $crate::__private::DocsPage {
                $crate::__private::DocsPage::at($path)
            }

            #[$crate::get("/openapi.json")]
            fn docs_json() -> $crate::__private::DocsJson {
                $crate::__private::DocsJson
            }
        }
    };
    ($($rules:tt)*) => {
        ::core::compile_error!(
            "`docs!` does not start with the path of the page\nhelp: write `docs!(\"/docs\")`"
        );
    };
}

/// Serves the app's documentation; needs the feature `openapi`.
#[cfg(not(feature = "openapi"))]
#[macro_export]
macro_rules! docs {
    ($($rules:tt)*) => {
        ::core::compile_error!(
            "`docs!` serves what the feature `openapi` makes\nhelp: run `cargo add chalice-rs --features openapi`"
        );
    };
}
