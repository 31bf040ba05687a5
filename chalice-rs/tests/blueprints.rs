//! Routes of modules with a prefix and middleware of their own.

use std::sync::atomic::{AtomicU32, Ordering};

use chalice_rs::middleware::Next;
use chalice_rs::prelude::*;
use chalice_rs::test::Client;

/// The text of the answer with a word before it.
async fn marked(word: &str, request: &Request<'_>, next: Next<'_>) -> Response {
    let mut answer = next.run(request).await;
    answer.body.splice(0..0, format!("{word} ").bytes());
    answer
}

async fn outermost(request: &Request<'_>, next: Next<'_>) -> Response {
    marked("app", request, next).await
}

#[route("/")]
fn index() -> &'static str {
    "index"
}

mod shop {
    use super::*;

    pub(crate) async fn outer(request: &Request<'_>, next: Next<'_>) -> Response {
        marked("outer", request, next).await
    }

    async fn inner(request: &Request<'_>, next: Next<'_>) -> Result<Response, Error> {
        if request.header("x-closed").is_some() {
            return Err(Error::new(StatusCode::SERVICE_UNAVAILABLE, "closed"));
        }
        Ok(marked("inner", request, next).await)
    }

    blueprint! { prefix = "/shop", middleware = [outer, inner] }

    #[route("/")]
    fn index() -> &'static str {
        "shop"
    }

    #[route("/items/<id>", methods = ["GET", "PUT"])]
    async fn item(id: u32) -> String {
        id.to_string()
    }

    pub(crate) mod basket {
        use super::*;

        async fn innermost(request: &Request<'_>, next: Next<'_>) -> Response {
            marked("innermost", request, next).await
        }

        blueprint! { prefix = "/basket", middleware = [innermost] }

        #[route("/")]
        fn show() -> &'static str {
            "basket"
        }

        mod lines {
            use super::*;

            #[route("/lines/<rest..>")]
            fn line(rest: &str) -> String {
                rest.to_owned()
            }
        }
    }

    mod unchanged {
        use super::*;

        blueprint! { tags = ["nothing"] }

        #[route("/news")]
        fn news() -> &'static str {
            "news"
        }
    }
}

mod counted {
    use super::*;

    blueprint! { prefix = "/counted", middleware = [numbered("one"), super::shop::outer] }

    #[get("/a")]
    fn a() -> &'static str {
        "a"
    }

    #[get("/b")]
    fn b() -> &'static str {
        "b"
    }
}

/// Says how often it has been around a route.
fn numbered(word: &'static str) -> impl AsyncFn(&Request<'_>, Next<'_>) -> Response + Send + Sync {
    let count = AtomicU32::new(0);
    async move |request: &Request<'_>, next: Next<'_>| {
        let count = count.fetch_add(1, Ordering::Relaxed) + 1;
        marked(&format!("{word} {count}"), request, next).await
    }
}

/// Begins like `shop`, and is not in it.
mod shopping {
    use super::*;

    #[route("/shopping")]
    fn shopping() -> &'static str {
        "shopping"
    }
}

fn check(client: &Client, path: &str, text: &str) {
    let answer = client.get(path).send();
    assert_eq!((answer.status().as_u16(), answer.text()), (200, text), "{path}");
}

#[test]
fn a_prefix_goes_before_the_paths_of_a_module_and_of_those_inside() {
    let client = Client::new(App::new());
    check(&client, "/", "index");
    check(&client, "/shopping", "shopping");
    check(&client, "/shop", "outer inner shop");
    check(&client, "/shop/items/7", "outer inner 7");
    check(&client, "/shop/news", "outer inner news");
    check(&client, "/shop/basket", "outer inner innermost basket");
    check(&client, "/shop/basket/lines/a/b", "outer inner innermost a/b");
    for gone in ["/items/7", "/basket", "/lines/a", "/news"] {
        assert_eq!(client.get(gone).send().status(), 404, "{gone}");
    }
}

#[test]
fn the_middleware_of_a_blueprint_is_inside_that_of_the_app() {
    let client = Client::new(App::new().middleware(outermost));
    check(&client, "/", "app index");
    check(&client, "/shop/basket", "app outer inner innermost basket");
}

#[test]
fn an_inner_middleware_that_answers_early_is_seen_by_those_around_it() {
    let client = Client::new(App::new().middleware(outermost));
    let answer = client.get("/shop/items/7").header("x-closed", "1").send();
    assert_eq!(answer.status(), 503);
    assert_eq!(answer.text(), r#"app outer {"Code":"ServiceUnavailableError","Message":"closed"}"#);
    assert_eq!(client.get("/").header("x-closed", "1").send().text(), "app index");
}

#[test]
fn what_goes_wrong_in_a_handler_is_an_answer_for_its_blueprint() {
    let client = Client::new(App::new());
    let answer = client.get("/shop/items/x").send();
    assert_eq!(answer.status(), 400);
    assert!(answer.text().starts_with("outer inner {\"Code\":\"BadRequestError\""), "{}", answer.text());
}

#[test]
fn head_is_answered_by_get_below_a_prefix_as_well() {
    let client = Client::new(App::new());
    for path in ["/shop", "/shop/items/7", "/shop/basket/lines/a/b"] {
        let answer = client.head(path).send();
        assert_eq!((answer.status().as_u16(), answer.text()), (200, ""), "{path}");
    }
    assert_eq!(client.head("/basket").send().status(), 404);
}

#[test]
fn a_middleware_that_a_call_makes_is_one_for_all_routes_of_the_blueprint() {
    let client = Client::new(App::new());
    check(&client, "/counted/a", "one 1 outer a");
    check(&client, "/counted/b", "one 2 outer b");
}
