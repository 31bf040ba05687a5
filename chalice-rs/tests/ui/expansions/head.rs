//! The short form of one method.

#[head("/users/<id>")]
async fn one(id: u64) -> Json<User> {
    find(id).await
}
