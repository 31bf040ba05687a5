//! What becomes of `route.rs`.

/// Greets somebody, and notes "who" it was.
///
/// As often as one likes.
async fn hello(
    name: &str,
    times: u8,
    request: &Request<'_>,
    Json(note): Json<Note>,
) -> Result<String, Error> {
    remember(request, note)?;
    Ok(name.repeat(times.into()))
}
const _: () = {
    const _: () = ::core::assert!(
        ! (< & Request < '_ > as ::chalice_rs::__private::FromRequest < '_ >>
        ::TAKES_BODY && < Json < Note > as ::chalice_rs::__private::FromRequest < '_ >>
        ::TAKES_BODY),
        "arguments `request` and `Json (note)` both take the body\nhelp: take it once, as one type with the fields of both"
    );
    fn call_hello<'r>(
        request: &'r ::chalice_rs::__private::Request<'r>,
    ) -> ::chalice_rs::__private::Answer<'r> {
        ::std::boxed::Box::pin(async move {
            let argument0 = match ::chalice_rs::__private::text_parameter(
                request,
                "name",
            ) {
                ::core::result::Result::Ok(value) => value,
                ::core::result::Result::Err(refused) => {
                    return ::core::result::Result::Err(refused);
                }
            };
            let argument1 = match ::chalice_rs::__private::parameter::<
                u8,
            >(request, "times") {
                ::core::result::Result::Ok(value) => value,
                ::core::result::Result::Err(refused) => {
                    return ::core::result::Result::Err(refused);
                }
            };
            let argument2 = match ::chalice_rs::__private::extract::<
                &Request<'_>,
            >(request)
                .await
            {
                ::core::result::Result::Ok(value) => value,
                ::core::result::Result::Err(refused) => return refused,
            };
            let argument3 = match ::chalice_rs::__private::extract::<Json<Note>>(request)
                .await
            {
                ::core::result::Result::Ok(value) => value,
                ::core::result::Result::Err(refused) => return refused,
            };
            ::chalice_rs::__private::respond(
                hello(argument0, argument1, argument2, argument3).await,
            )
        })
    }
    const _: () = {
        const JSON: &::core::primitive::str = ::core::concat!(
            "{\"kind\":\"route\",\"path\":\"/hello/<name>/<times>\",\"methods\":[\"GET\",\"POST\"],\"function\":\"hello\",\"source\":{\"module\":\"",
            ::core::module_path!(),
            "\",\"file\":\"src/main.rs\",\"line\":7},\"doc\":\"Greets somebody, and notes \\\"who\\\" it was.\\n\\nAs often as one likes.\"}"
        );
        #[used]
        #[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__chalice"))]
        #[cfg_attr(not(target_vendor = "apple"), unsafe(link_section = ".chalice"))]
        static RECORD: [::core::primitive::u8; ::chalice_rs::__private::framed_len(
            JSON,
        )] = ::chalice_rs::__private::frame(JSON);
        ::chalice_rs::__private::submit! {
            ::chalice_rs::__private::Registration::route(& RECORD, &
            [::chalice_rs::__private::RouteKey::new("GET /hello/{name}/{times}"),
            ::chalice_rs::__private::RouteKey::new("POST /hello/{name}/{times}")],
            call_hello,)
        }
        ::chalice_rs::__private::describe! {
            & RECORD; ["name" : & str, "times" : u8] [& Request < '_ >, Json < Note >]
            Result < String, Error >
        }
    };
};
async fn show(id: u64) -> Json<User> {
    find(id).await
}
const _: () = {
    fn call_show<'r>(
        request: &'r ::chalice_rs::__private::Request<'r>,
    ) -> ::chalice_rs::__private::Answer<'r> {
        let argument0 = match ::chalice_rs::__private::parameter::<u64>(request, "id") {
            ::core::result::Result::Ok(value) => value,
            ::core::result::Result::Err(refused) => {
                return ::chalice_rs::__private::refuse(refused);
            }
        };
        ::chalice_rs::__private::later(show(argument0))
    }
    const _: () = {
        const JSON: &::core::primitive::str = ::core::concat!(
            "{\"kind\":\"route\",\"path\":\"/users/<id>\",\"methods\":[\"GET\"],\"function\":\"show\",\"source\":{\"module\":\"",
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
            [::chalice_rs::__private::RouteKey::new("GET /users/{id}")], call_show,)
        }
        ::chalice_rs::__private::describe! {
            & RECORD; ["id" : u64] [] Json < User >
        }
    };
};
fn home() -> &'static str {
    "welcome"
}
const _: () = {
    fn call_home<'r>(
        request: &'r ::chalice_rs::__private::Request<'r>,
    ) -> ::chalice_rs::__private::Answer<'r> {
        ::chalice_rs::__private::ready(::chalice_rs::__private::respond(home()))
    }
    const _: () = {
        const JSON: &::core::primitive::str = ::core::concat!(
            "{\"kind\":\"route\",\"path\":\"/\",\"methods\":[\"GET\"],\"function\":\"home\",\"source\":{\"module\":\"",
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
            [::chalice_rs::__private::RouteKey::new("GET /")], call_home,)
        }
        ::chalice_rs::__private::describe! {
            & RECORD; [] [] & 'static str
        }
    };
};
fn orders() -> &'static str {
    "none"
}
const _: () = {
    const _: () = {
        let _ = &users;
    };
    fn call_orders<'r>(
        request: &'r ::chalice_rs::__private::Request<'r>,
    ) -> ::chalice_rs::__private::Answer<'r> {
        ::chalice_rs::__private::ready(::chalice_rs::__private::respond(orders()))
    }
    const _: () = {
        const JSON: &::core::primitive::str = ::core::concat!(
            "{\"kind\":\"route\",\"path\":\"/orders\",\"methods\":[\"GET\"],\"function\":\"orders\",\"source\":{\"module\":\"",
            ::core::module_path!(),
            "\",\"file\":\"src/main.rs\",\"line\":7},\"authorizer\":{\"named\":\"users\"},\"scopes\":[\"orders:read\"],\"cors\":{\"allow\":{\"origins\":[\"https://example.com\"]}},\"lambda\":\"orders\"}"
        );
        #[used]
        #[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__chalice"))]
        #[cfg_attr(not(target_vendor = "apple"), unsafe(link_section = ".chalice"))]
        static RECORD: [::core::primitive::u8; ::chalice_rs::__private::framed_len(
            JSON,
        )] = ::chalice_rs::__private::frame(JSON);
        ::chalice_rs::__private::submit! {
            ::chalice_rs::__private::Registration::route(& RECORD, &
            [::chalice_rs::__private::RouteKey::new("GET /orders")], call_orders,)
        }
        ::chalice_rs::__private::submit! {
            ::chalice_rs::__private::CorsHook::new()
        }
        ::chalice_rs::__private::submit! {
            ::chalice_rs::__private::GuardRegistration::guarded(::chalice_rs::__private::Scope::Route(&
            RECORD))
        }
        ::chalice_rs::__private::describe! {
            & RECORD; [] [] & 'static str
        }
    };
};
