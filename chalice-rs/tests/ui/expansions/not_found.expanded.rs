//! What becomes of `not_found.rs`.

fn nowhere(request: &Request<'_>) -> (StatusCode, String) {
    todo()
}
const _: () = {
    fn call_nowhere<'r>(
        request: &'r ::chalice_rs::__private::Request<'r>,
    ) -> ::chalice_rs::__private::Answer<'r> {
        ::std::boxed::Box::pin(async move {
            let argument0 = match ::chalice_rs::__private::extract::<
                &Request<'_>,
            >(request)
                .await
            {
                ::core::result::Result::Ok(value) => value,
                ::core::result::Result::Err(refused) => return refused,
            };
            ::chalice_rs::__private::respond(nowhere(argument0))
        })
    }
    const _: () = {
        const JSON: &::core::primitive::str = ::core::concat!(
            "{\"kind\":\"not_found\",\"function\":\"nowhere\",\"source\":{\"module\":\"",
            ::core::module_path!(), "\",\"file\":\"src/main.rs\",\"line\":7}}"
        );
        #[used]
        #[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__chalice"))]
        #[cfg_attr(not(target_vendor = "apple"), unsafe(link_section = ".chalice"))]
        static RECORD: [::core::primitive::u8; ::chalice_rs::__private::framed_len(
            JSON,
        )] = ::chalice_rs::__private::frame(JSON);
        ::chalice_rs::__private::submit! {
            ::chalice_rs::__private::NotFound::new(& RECORD, call_nowhere)
        }
    };
};
