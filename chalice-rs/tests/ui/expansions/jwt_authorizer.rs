//! By an issuer, and by a user pool.

jwt_authorizer!(
    /// Whoever has an account.
    users,
    issuer = "https://login.example.com/",
    audiences = ["shop"],
);

jwt_authorizer!(staff, user_pool = "eu-west-1_a1B2", audiences = "c", identity = "$request.header.X-Token");
