//! The tool against a local AWS: real functions, a real HTTP API, and a judge that is not ours.
//!
//! MiniStack executes the built `bootstrap` and serves the API in front of it. It forgives what AWS does not, so calls
//! go through a proxy that refuses what AWS documents that it refuses; `support` says what is where.
//!
//! What only AWS itself could show: whether the role is usable the moment IAM has answered, whether the resource policy
//! really lets API Gateway in (MiniStack never asks it), throttling as it happens, and log lines while a call runs.

#![expect(unreachable_pub, reason = "in a test, `pub` says that other files use it")]

mod callers;
mod conformance;
mod deploy;
mod examples;
mod faults;
mod guards;
mod logs;
mod refusals;
mod sandbox;
mod strictness;
mod support;
