//! Every shape of a type, and names that generated code uses.
#![deny(warnings)]

use std::fmt;

use chalice_rs::{Error, HttpError, route};

#[derive(Debug, HttpError)]
#[http(status = 503)]
enum Trouble {
    #[http(status = 404)]
    Unit,
    #[http(code = "Tuple")]
    Tuple(u8, u8),
    #[http(message = "named")]
    Named {
        #[expect(dead_code, reason = "this is a test")]
        field: u8,
    },
    #[http(transparent)]
    Inner { source: Unpaid },
    Bare,
}

#[derive(Debug, HttpError)]
#[http(status = 402, code = "Unpaid", message = "pay first")]
struct Unpaid;

#[derive(Debug, HttpError)]
#[http(transparent)]
struct Around(Unpaid);

#[derive(Debug, HttpError)]
struct Plain {
    text: String,
}

#[derive(Debug, HttpError)]
enum Never {}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tuple(a, b) => write!(f, "{a}{b}"),
            other => write!(f, "{other:?}"),
        }
    }
}

impl fmt::Display for Unpaid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unpaid")
    }
}

impl fmt::Display for Around {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Display for Never {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

impl std::error::Error for Trouble {}
impl std::error::Error for Unpaid {}
impl std::error::Error for Around {}
impl std::error::Error for Plain {}
impl std::error::Error for Never {}

#[route("/<id>")]
fn of_its_own(id: u8) -> Result<String, Trouble> {
    Err(Trouble::Tuple(id, id))
}

fn asked(error: impl Into<Error>) -> String {
    let error = error.into();
    format!("{error} / {}", error.code())
}

fn main() {
    drop(of_its_own(1));
    assert_eq!(asked(Trouble::Unit), "404 Unit: Unit / Unit");
    assert!(asked(Trouble::Tuple(1, 2)).starts_with("503 Tuple: An internal"));
    assert_eq!(asked(Trouble::Named { field: 1 }), "503 Named: named / Named");
    assert_eq!(asked(Trouble::Inner { source: Unpaid }), "402 Unpaid: pay first / Unpaid");
    assert!(asked(Trouble::Bare).starts_with("503 Bare: "));
    assert_eq!(asked(Around(Unpaid)), "402 Unpaid: pay first / Unpaid");
    assert!(asked(Plain { text: "x".to_owned() }).starts_with("500 InternalServerError: "));
    assert!(std::mem::size_of::<Never>() == 0);
}
