//! Errors of the user's own: their status, what of them the client reads, and what stays inside.

use std::fmt;

use chalice_rs::prelude::*;
use chalice_rs::register_http_errors;
use chalice_rs::test::Client;

#[derive(Debug, HttpError)]
enum ShopError {
    #[http(status = 404)]
    NoSuchArticle(u32),
    #[http(status = 409, code = "SoldOut", message = "come back tomorrow")]
    Empty,
    #[http(status = 503)]
    Busy,
    #[http(transparent)]
    Unpaid(Unpaid),
    Storage(std::io::Error),
}

impl fmt::Display for ShopError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchArticle(id) => write!(f, "there is no article {id}"),
            other => write!(f, "secret: {other:?}"),
        }
    }
}

impl std::error::Error for ShopError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Storage(source) => Some(source),
            _ => None,
        }
    }
}

/// It says by hand what it is.
#[derive(Debug)]
struct Unpaid;

impl fmt::Display for Unpaid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the bill is not paid")
    }
}

impl std::error::Error for Unpaid {}

impl HttpError for Unpaid {
    fn status(&self) -> StatusCode {
        StatusCode::PAYMENT_REQUIRED
    }

    fn headers(&self) -> Vec<(chalice_rs::HeaderName, chalice_rs::HeaderValue)> {
        vec![(chalice_rs::header::RETRY_AFTER, chalice_rs::HeaderValue::from(60))]
    }
}

register_http_errors!(Unpaid);

fn made(case: &str) -> ShopError {
    match case {
        "missing" => ShopError::NoSuchArticle(7),
        "empty" => ShopError::Empty,
        "busy" => ShopError::Busy,
        "unpaid" => ShopError::Unpaid(Unpaid),
        _ => ShopError::Storage(std::io::Error::other("disk full")),
    }
}

#[route("/own/<case>")]
fn own(case: &str) -> Result<String, ShopError> {
    Err(made(case))
}

#[route("/question-mark/<case>")]
fn question_mark(case: &str) -> Result<String, Error> {
    Err(made(case))?
}

#[route("/boxed/<case>")]
fn boxed(case: &str) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
    Err(made(case))?
}

#[cfg(feature = "anyhow")]
#[route("/anyhow/<case>")]
fn anyhow(case: &str) -> anyhow::Result<String> {
    use anyhow::Context as _;

    Err(made(case)).context("while shopping")?
}

#[route("/by-hand")]
async fn by_hand() -> Result<String, Error> {
    Err(Unpaid)?
}

#[test]
fn an_error_of_ones_own_keeps_its_status_however_it_leaves_the_handler() {
    let client = Client::new(App::new());
    for (case, status, body) in [
        ("missing", 404, r#"{"Code":"NoSuchArticle","Message":"there is no article 7"}"#),
        ("empty", 409, r#"{"Code":"SoldOut","Message":"come back tomorrow"}"#),
        ("busy", 503, r#"{"Code":"Busy","Message":"An internal server error occurred."}"#),
        ("unpaid", 402, r#"{"Code":"PaymentRequiredError","Message":"the bill is not paid"}"#),
        ("storage", 500, r#"{"Code":"InternalServerError","Message":"An internal server error occurred."}"#),
    ] {
        let ways = ["own", "question-mark", "boxed"];
        for way in ways.into_iter().chain(cfg!(feature = "anyhow").then_some("anyhow")) {
            let answer = client.get(&format!("/{way}/{case}")).send();
            assert_eq!((answer.status().as_u16(), answer.text()), (status, body), "{way} {case}");
        }
    }
}

#[test]
fn a_type_that_implements_the_trait_by_hand_is_registered_by_name() {
    let client = Client::new(App::new());
    for path in ["/by-hand", "/question-mark/unpaid", "/own/unpaid"] {
        let answer = client.get(path).send();
        assert_eq!((answer.status().as_u16(), answer.header("retry-after")), (402, Some("60")), "{path}");
    }
}

#[test]
fn the_error_itself_is_the_cause() {
    let error = Error::from(made("storage"));
    assert!(error.cause().is_some_and(|cause| matches!(cause.downcast_ref(), Some(ShopError::Storage(_)))));
    assert!(format!("{error:?}").ends_with("disk full"), "{error:?}");
}
