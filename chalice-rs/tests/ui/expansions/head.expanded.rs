//! What becomes of `head.rs`.

async fn one(id: u64) -> Json<User> {
    find(id).await
}
const _: () = {
    fn call_one<'r>(
        request: &'r ::chalice_rs::__private::Request<'r>,
    ) -> ::chalice_rs::__private::Answer<'r> {
        let argument0 = match ::chalice_rs::__private::parameter::<u64>(request, "id") {
            ::core::result::Result::Ok(value) => value,
            ::core::result::Result::Err(refused) => {
                return ::chalice_rs::__private::refuse(refused);
            }
        };
        ::chalice_rs::__private::later(one(argument0))
    }
    const _: () = {
        const JSON: &::core::primitive::str = ::core::concat!(
            "{\"kind\":\"route\",\"path\":\"/users/<id>\",\"methods\":[\"HEAD\"],\"function\":\"one\",\"source\":{\"module\":\"",
            ::core::module_path!(), "\",\"file\":\"src/main.rs\",\"line\":7}}"
        );
        #[used]
        #[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__chalice"))]
        #[cfg_attr(not(target_vendor = "apple"), unsafe(link_section = ".chalice"))]
        static RECORD: [::core::primitive::u8; ::chalice_rs::__private::framed_len(
            JSON,
        )] = ::chalice_rs::__private::frame(JSON);
        ::chalice_rs::__private::submit! {
            ::chalice_rs::__private::Registration::route(& RECORD, &
            [::chalice_rs::__private::RouteKey::new("HEAD /users/{id}")], call_one,)
        }
        ::chalice_rs::__private::describe! {
            & RECORD; ["id" : u64] [] Json < User >
        }
    };
};
