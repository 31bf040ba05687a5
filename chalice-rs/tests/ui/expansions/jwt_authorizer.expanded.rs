//! What becomes of `jwt_authorizer.rs`.

/// Whoever has an account.
pub const fn users() {}
const _: () = {
    const JSON: &::core::primitive::str = ::core::concat!(
        "{\"kind\":\"authorizer\",\"name\":\"users\",\"by\":{\"jwt\":{\"issuer\":\"https://login.example.com/\",\"audiences\":[\"shop\"],\"identity\":\"$request.header.Authorization\"}},\"source\":{\"module\":\"",
        ::core::module_path!(),
        "\",\"file\":\"src/main.rs\",\"line\":7},\"doc\":\"Whoever has an account.\"}"
    );
    #[used]
    #[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__chalice"))]
    #[cfg_attr(not(target_vendor = "apple"), unsafe(link_section = ".chalice"))]
    static RECORD: [::core::primitive::u8; ::chalice_rs::__private::framed_len(JSON)] = ::chalice_rs::__private::frame(
        JSON,
    );
    ::chalice_rs::__private::submit! {
        ::chalice_rs::__private::Declaration::new(& RECORD)
    }
};
///Decides who may call.
pub const fn staff() {}
const _: () = {
    const JSON: &::core::primitive::str = ::core::concat!(
        "{\"kind\":\"authorizer\",\"name\":\"staff\",\"by\":{\"jwt\":{\"issuer\":\"https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a1B2\",\"audiences\":[\"c\"],\"identity\":\"$request.header.X-Token\"}},\"source\":{\"module\":\"",
        ::core::module_path!(), "\",\"file\":\"src/main.rs\",\"line\":7}}"
    );
    #[used]
    #[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__chalice"))]
    #[cfg_attr(not(target_vendor = "apple"), unsafe(link_section = ".chalice"))]
    static RECORD: [::core::primitive::u8; ::chalice_rs::__private::framed_len(JSON)] = ::chalice_rs::__private::frame(
        JSON,
    );
    ::chalice_rs::__private::submit! {
        ::chalice_rs::__private::Declaration::new(& RECORD)
    }
};
