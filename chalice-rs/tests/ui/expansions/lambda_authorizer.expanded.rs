//! What becomes of `lambda_authorizer.rs`.

/// The company's own sign-on.
pub const fn staff() {}
const _: () = {
    const JSON: &::core::primitive::str = ::core::concat!(
        "{\"kind\":\"authorizer\",\"name\":\"staff\",\"by\":{\"lambda\":{\"arn\":\"arn:aws:lambda:eu-west-1:123456789012:function:sign-on\",\"identity\":[\"$request.header.Authorization\"],\"ttl\":300}},\"source\":{\"module\":\"",
        ::core::module_path!(),
        "\",\"file\":\"src/main.rs\",\"line\":7},\"doc\":\"The company's own sign-on.\"}"
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
