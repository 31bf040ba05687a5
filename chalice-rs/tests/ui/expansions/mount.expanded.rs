//! What becomes of `mount.rs`.

/// The API that was there before.
async fn legacy(shop: State<Shop>) -> Result<Router, Error> {
    Ok(shop.router().await?)
}
const _: () = {
    fn start_legacy<'r>(
        app: &'r ::chalice_rs::__private::App,
    ) -> ::chalice_rs::__private::Starting<'r> {
        ::std::boxed::Box::pin(async move {
            let argument0 = ::chalice_rs::__private::from_app::<State<Shop>>(app)?;
            ::chalice_rs::__private::mountable(legacy(argument0).await?)
        })
    }
    static MOUNTED: ::chalice_rs::__private::Mounted = ::chalice_rs::__private::Mounted::new(
        "legacy",
        start_legacy,
    );
    fn call_legacy<'r>(
        request: &'r ::chalice_rs::__private::Request<'r>,
    ) -> ::chalice_rs::__private::Answer<'r> {
        ::chalice_rs::__private::Mounted::answer(&MOUNTED, request)
    }
    const _: () = {
        const JSON: &::core::primitive::str = ::core::concat!(
            "{\"kind\":\"route\",\"path\":\"/legacy\",\"methods\":[\"ANY\"],\"function\":\"legacy\",\"source\":{\"module\":\"",
            ::core::module_path!(),
            "\",\"file\":\"src/main.rs\",\"line\":7},\"doc\":\"The API that was there before.\",\"cors\":{\"allow\":{\"origins\":[\"*\"]}},\"tags\":[\"old\"]}"
        );
        #[used]
        #[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__chalice"))]
        #[cfg_attr(not(target_vendor = "apple"), unsafe(link_section = ".chalice"))]
        static RECORD: [::core::primitive::u8; ::chalice_rs::__private::framed_len(
            JSON,
        )] = ::chalice_rs::__private::frame(JSON);
        ::chalice_rs::__private::submit! {
            ::chalice_rs::__private::CorsHook::new()
        }
        ::chalice_rs::__private::submit! {
            ::chalice_rs::__private::Registration::route(& RECORD, &
            [::chalice_rs::__private::RouteKey::new("ANY /legacy")], call_legacy,)
        }
    };
    const _: () = {
        const JSON: &::core::primitive::str = ::core::concat!(
            "{\"kind\":\"route\",\"path\":\"/legacy/<path..>\",\"methods\":[\"ANY\"],\"function\":\"legacy\",\"source\":{\"module\":\"",
            ::core::module_path!(),
            "\",\"file\":\"src/main.rs\",\"line\":7},\"doc\":\"The API that was there before.\",\"cors\":{\"allow\":{\"origins\":[\"*\"]}},\"tags\":[\"old\"]}"
        );
        #[used]
        #[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__chalice"))]
        #[cfg_attr(not(target_vendor = "apple"), unsafe(link_section = ".chalice"))]
        static RECORD: [::core::primitive::u8; ::chalice_rs::__private::framed_len(
            JSON,
        )] = ::chalice_rs::__private::frame(JSON);
        ::chalice_rs::__private::submit! {
            ::chalice_rs::__private::CorsHook::new()
        }
        ::chalice_rs::__private::submit! {
            ::chalice_rs::__private::Registration::route(& RECORD, &
            [::chalice_rs::__private::RouteKey::new("ANY /legacy/{path+}")],
            call_legacy,)
        }
    };
    ::chalice_rs::__private::submit! {
        ::chalice_rs::__private::MountRegistration::new(& MOUNTED)
    }
};
