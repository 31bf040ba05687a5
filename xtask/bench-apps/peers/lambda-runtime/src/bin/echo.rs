//! `POST /echo` on bare `lambda_runtime`: a typed JSON document in, the same out.

use bench_lambda_runtime::{Answer, Event, json};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[path = "../../../../order.rs"]
mod order;

async fn echo(event: LambdaEvent<Event>) -> Result<Answer, Error> {
    match event.payload.route_key.as_str() {
        "POST /echo" => json(&serde_json::from_str::<order::Order>(&event.payload.body)?),
        other => Err(format!("no route `{other}`").into()),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    run(service_fn(echo)).await
}
