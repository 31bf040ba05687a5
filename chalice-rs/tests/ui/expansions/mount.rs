//! A service that can fail to start, made of the app's state.

/// The API that was there before.
#[mount("/legacy", tags = ["old"], cors = true)]
async fn legacy(shop: State<Shop>) -> Result<Router, Error> {
    Ok(shop.router().await?)
}
