//! What becomes of `main.rs`.

fn main() -> ::std::process::ExitCode {
    async fn main() -> App {
        App::new()
    }
    const _: () = {
        const JSON: &::core::primitive::str = ::core::concat!(
            "{\"kind\":\"app\",\"package\":\"", ::core::env!("CARGO_PKG_NAME"),
            "\",\"version\":\"", ::core::env!("CARGO_PKG_VERSION"),
            "\",\"library\":\"0.1.0\"}"
        );
        #[used]
        #[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__chalice"))]
        #[cfg_attr(not(target_vendor = "apple"), unsafe(link_section = ".chalice"))]
        static RECORD: [::core::primitive::u8; ::chalice_rs::__private::framed_len(
            JSON,
        )] = ::chalice_rs::__private::frame(JSON);
        ::chalice_rs::__private::describe_app! {
            & RECORD
        }
    };
    #[cfg(test)]
    const _: () = {
        ::chalice_rs::__private::submit! {
            ::chalice_rs::__private::MainRegistration::new(||
            ::chalice_rs::__private::starting(main()))
        }
    };
    ::chalice_rs::__private::run(main)
}
