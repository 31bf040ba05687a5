//! The body as bytes or as text.

use std::convert::Infallible;

use crate::{Error, FromRequest, Request};

impl<'r> FromRequest<'r> for &'r [u8] {
    type Rejection = Infallible;
    const TAKES_BODY: bool = true;

    async fn from_request(request: &'r Request<'r>) -> Result<Self, Infallible> {
        Ok(request.body())
    }
}

impl<'r> FromRequest<'r> for Vec<u8> {
    type Rejection = Infallible;
    const TAKES_BODY: bool = true;

    async fn from_request(request: &'r Request<'r>) -> Result<Self, Infallible> {
        Ok(request.body().to_vec())
    }
}

impl<'r> FromRequest<'r> for &'r str {
    type Rejection = Error;
    const TAKES_BODY: bool = true;

    async fn from_request(request: &'r Request<'r>) -> Result<Self, Error> {
        std::str::from_utf8(request.body())
            .map_err(|error| Error::bad_request(format!("the body is not text: {error}")))
    }
}

impl<'r> FromRequest<'r> for String {
    type Rejection = Error;
    const TAKES_BODY: bool = true;

    async fn from_request(request: &'r Request<'r>) -> Result<Self, Error> {
        <&str>::from_request(request).await.map(str::to_owned)
    }
}
