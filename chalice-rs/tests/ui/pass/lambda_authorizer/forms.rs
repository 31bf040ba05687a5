//! With and without a cache.

use chalice_rs::prelude::*;

lambda_authorizer!(
    staff,
    arn = "arn:aws:lambda:eu-west-1:123456789012:function:check:live",
    identity = ["$request.header.X-Token", "$context.identity.sourceIp"],
    ttl = 300,
    reuse = "all-routes",
);

lambda_authorizer!(each, arn = "arn:aws-cn:lambda:cn-north-1:123456789012:function:check");

#[get("/", authorizer = staff)]
fn home() {}

#[get("/each", authorizer = each)]
fn every() {}

fn main() {}
