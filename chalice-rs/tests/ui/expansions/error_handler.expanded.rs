//! What becomes of `error_handler.rs`.

/// Answers errors.
async fn problem(
    error: &Error,
    request: &Request<'_>,
    State(shop): State<Shop>,
) -> Json<Problem> {
    todo()
}
const _: () = {
    const _: () = ::core::assert!(
        ! (< & Request < '_ > as ::chalice_rs::__private::FromRequest < '_ >>
        ::TAKES_BODY && < State < Shop > as ::chalice_rs::__private::FromRequest < '_ >>
        ::TAKES_BODY),
        "arguments `request` and `State (shop)` both take the body\nhelp: take it once, as one type with the fields of both"
    );
    fn call_problem<'r>(
        error: &'r ::chalice_rs::__private::Error,
        request: &'r ::chalice_rs::__private::Request<'r>,
    ) -> ::chalice_rs::__private::Answer<'r> {
        ::std::boxed::Box::pin(async move {
            let argument0 = error;
            let argument1 = match ::chalice_rs::__private::extract::<
                &Request<'_>,
            >(request)
                .await
            {
                ::core::result::Result::Ok(value) => value,
                ::core::result::Result::Err(refused) => return refused,
            };
            let argument2 = match ::chalice_rs::__private::extract::<
                State<Shop>,
            >(request)
                .await
            {
                ::core::result::Result::Ok(value) => value,
                ::core::result::Result::Err(refused) => return refused,
            };
            ::chalice_rs::__private::respond(
                problem(argument0, argument1, argument2).await,
            )
        })
    }
    const _: () = {
        const JSON: &::core::primitive::str = ::core::concat!(
            "{\"kind\":\"error_handler\",\"function\":\"problem\",\"source\":{\"module\":\"",
            ::core::module_path!(), "\",\"file\":\"src/main.rs\",\"line\":7}}"
        );
        #[used]
        #[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__chalice"))]
        #[cfg_attr(not(target_vendor = "apple"), unsafe(link_section = ".chalice"))]
        static RECORD: [::core::primitive::u8; ::chalice_rs::__private::framed_len(
            JSON,
        )] = ::chalice_rs::__private::frame(JSON);
        ::chalice_rs::__private::submit! {
            ::chalice_rs::__private::ErrorHandler::new(& RECORD, call_problem)
        }
    };
};
