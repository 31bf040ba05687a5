//! An authorizer with an argument, whose answers go for all its routes.

/// Whoever knows the word.
#[authorizer(ttl = 300, reuse = "all-routes", identity = ["$request.header.X-Word"])]
async fn friends<'r>(request: &'r AuthorizerRequest<'r>, words: State<Words>) -> Verdict<Friend<'r>> {
    words.friend_of(request.token()).await
}
