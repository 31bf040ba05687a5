//! All keys of a blueprint.

blueprint! {
    prefix = "/users",
    tags = ["users"],
    authorizer = crate::auth::users,
    scopes = ["users:read"],
    cors = "https://example.com",
    function = "users",
    middleware = [timed, crate::audit, metrics("Shop")],
}
