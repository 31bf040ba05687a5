//! A context that cannot be JSON.

use chalice_rs::authorizer::Verdict;
use chalice_rs::prelude::*;

struct User;

#[authorizer]
fn users() -> Verdict<User> {
    Verdict::Allow(User)
}

fn main() {}
