//! `GET /hello/{name}` on bare `lambda_runtime`.

use bench_lambda_runtime::{Answer, Event, Greeting, json};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

async fn hello(event: LambdaEvent<Event>) -> Result<Answer, Error> {
    match event.payload.route_key.as_str() {
        "GET /hello/{name}" => json(&Greeting { hello: event.payload.path_parameters.name }),
        other => Err(format!("no route `{other}`").into()),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    run(service_fn(hello)).await
}
