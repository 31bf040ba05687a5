//! What machines may do, and how they show who they are.

use std::collections::HashMap;

use chalice_rs::authorizer::{AuthorizerRequest, Verdict};
use chalice_rs::prelude::*;
use serde::{Deserialize, Serialize};

// Every route of this file is for machines, unless it says otherwise.
blueprint! { prefix = "/machines", authorizer = machines }

/// What the authorizer tells the routes.
#[derive(Debug, Serialize, Deserialize)]
struct Machine {
    name: String,
}

/// The names of the machines, by key.
#[derive(Debug)]
pub(crate) struct Keys(HashMap<String, String>);

impl Keys {
    /// Reads `key=name, key=name`.
    pub(crate) fn parse(text: &str) -> Self {
        let pairs = text.split(',').filter_map(|pair| pair.trim().split_once('='));
        Self(pairs.map(|(key, name)| (key.to_owned(), name.to_owned())).collect())
    }
}

/// Lets in who has a key of ours. API Gateway remembers the answer for a minute.
#[authorizer(ttl = 60)]
fn machines(request: &AuthorizerRequest<'_>, keys: State<Keys>) -> Verdict<Machine> {
    match keys.0.get(request.token()) {
        Some(name) => Verdict::Allow(Machine { name: name.clone() }),
        None => Verdict::Deny,
    }
}

/// Is for machines.
#[get("/jobs")]
fn jobs(Authorized(machine): Authorized<Machine>) -> String {
    format!("jobs for {}", machine.name)
}

/// Is for everybody.
#[get("/health", authorizer = none)]
fn health() -> &'static str {
    "fine"
}
