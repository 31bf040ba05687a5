//! Reuse of an unknown kind.

use chalice_rs::prelude::*;

lambda_authorizer!(staff, arn = "arn:aws:lambda:eu-west-1:123456789012:function:a", reuse = "never");

fn main() {}
