//! What becomes of `blueprint.rs`.

const _: () = {
    const _: () = {
        let _ = &crate::auth::users;
    };
    const JSON: &::core::primitive::str = ::core::concat!(
        "{\"kind\":\"blueprint\",\"prefix\":\"/users\",\"source\":{\"module\":\"",
        ::core::module_path!(),
        "\",\"file\":\"src/main.rs\",\"line\":7},\"authorizer\":{\"named\":\"users\"},\"scopes\":[\"users:read\"],\"cors\":{\"allow\":{\"origins\":[\"https://example.com\"]}},\"lambda\":\"users\",\"tags\":[\"users\"]}"
    );
    #[used]
    #[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__chalice"))]
    #[cfg_attr(not(target_vendor = "apple"), unsafe(link_section = ".chalice"))]
    static RECORD: [::core::primitive::u8; ::chalice_rs::__private::framed_len(JSON)] = ::chalice_rs::__private::frame(
        JSON,
    );
    ::chalice_rs::__private::submit! {
        ::chalice_rs::__private::BlueprintRegistration::new(& RECORD,
        ::core::module_path!(), "/users", | chain | { chain.push(timed); chain.push(crate
        ::audit); chain.push(metrics("Shop")); },)
    }
    ::chalice_rs::__private::submit! {
        ::chalice_rs::__private::CorsHook::new()
    }
    ::chalice_rs::__private::submit! {
        ::chalice_rs::__private::GuardRegistration::guarded(::chalice_rs::__private::Scope::Module(::core::module_path!()))
    }
};
