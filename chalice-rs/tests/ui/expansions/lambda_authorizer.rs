//! A function that is there already.

lambda_authorizer!(
    /// The company's own sign-on.
    staff,
    arn = "arn:aws:lambda:eu-west-1:123456789012:function:sign-on",
    ttl = 300,
);
