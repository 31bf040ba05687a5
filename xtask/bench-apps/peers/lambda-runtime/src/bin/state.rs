//! Hello world on bare `lambda_runtime` out of a table that is built once, at the cold start.

use std::collections::HashMap;

use bench_lambda_runtime::{Answer, Event, Greeting, json};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

struct Names(HashMap<String, String>);

async fn hello(names: &Names, event: LambdaEvent<Event>) -> Result<Answer, Error> {
    let name = &event.payload.path_parameters.name;
    let hello = names.0.get(name).cloned().ok_or("nobody of that name")?;
    json(&Greeting { hello })
}

async fn names() -> Names {
    Names(["world", "moon", "sun"].into_iter().map(|name| (name.to_owned(), name.to_owned())).collect())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let names = names().await;
    run(service_fn(|event| hello(&names, event))).await
}
