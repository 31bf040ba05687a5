//! Answers for too long.

use chalice_rs::prelude::*;

lambda_authorizer!(staff, arn = "arn:aws:lambda:eu-west-1:123456789012:function:a", ttl = 7200);

fn main() {}
