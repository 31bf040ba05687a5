//! What becomes of `authorizer.rs`.

/// Whoever knows the word.
async fn friends<'r>(
    request: &'r AuthorizerRequest<'r>,
    words: State<Words>,
) -> Verdict<Friend<'r>> {
    words.friend_of(request.token()).await
}
const _: () = {
    const _: () = ::core::assert!(
        ! < & '_ AuthorizerRequest < '_ > as
        ::chalice_rs::__private::FromAuthorizerRequest < '_ >> ::TAKES_BODY,
        "argument `request` takes the body, which API Gateway does not show to an authorizer\nhelp: decide by the headers or the query, or take the body in the route"
    );
    const _: () = ::core::assert!(
        ! < State < Words > as ::chalice_rs::__private::FromAuthorizerRequest < '_ >>
        ::TAKES_BODY,
        "argument `words` takes the body, which API Gateway does not show to an authorizer\nhelp: decide by the headers or the query, or take the body in the route"
    );
    const _: () = ::core::assert!(
        ! < Verdict < Friend < '_ > > as ::chalice_rs::__private::IntoVerdict >
        ::LISTS_ROUTES,
        "an allow-list cannot go for all routes: API Gateway remembers the answer about one, and gives it to the others\nhelp: remove `reuse`, or return a `Verdict`"
    );
    fn call_friends<'r>(
        request: &'r ::chalice_rs::__private::AuthorizerRequest<'r>,
    ) -> ::chalice_rs::__private::Deciding<'r> {
        ::std::boxed::Box::pin(async move {
            let argument0 = match ::chalice_rs::__private::extract_for_authorizer::<
                &'_ AuthorizerRequest<'_>,
            >(request)
                .await
            {
                ::core::result::Result::Ok(value) => value,
                ::core::result::Result::Err(refused) => {
                    return ::core::result::Result::Err(refused);
                }
            };
            let argument1 = match ::chalice_rs::__private::extract_for_authorizer::<
                State<Words>,
            >(request)
                .await
            {
                ::core::result::Result::Ok(value) => value,
                ::core::result::Result::Err(refused) => {
                    return ::core::result::Result::Err(refused);
                }
            };
            ::chalice_rs::__private::decide(friends(argument0, argument1).await, request)
        })
    }
    const _: () = {
        const JSON: &::core::primitive::str = ::core::concat!(
            "{\"kind\":\"authorizer\",\"name\":\"friends\",\"by\":{\"function\":{\"identity\":[\"$request.header.X-Word\"],\"ttl\":300,\"reuse\":\"all_routes\"}},\"source\":{\"module\":\"",
            ::core::module_path!(),
            "\",\"file\":\"src/main.rs\",\"line\":7},\"doc\":\"Whoever knows the word.\"}"
        );
        #[used]
        #[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__chalice"))]
        #[cfg_attr(not(target_vendor = "apple"), unsafe(link_section = ".chalice"))]
        static RECORD: [::core::primitive::u8; ::chalice_rs::__private::framed_len(
            JSON,
        )] = ::chalice_rs::__private::frame(JSON);
        ::chalice_rs::__private::submit! {
            ::chalice_rs::__private::FunctionRegistration::new(& RECORD, "friends", |
            app, context, event | { ::chalice_rs::__private::authorize(app, context,
            event, call_friends) },)
        }
    };
};
