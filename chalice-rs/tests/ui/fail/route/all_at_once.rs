use chalice_rs::prelude::*;

#[route("/users/<id>/{tab}/", methods = ["get", "POTS"], rate_limit = 10)]
async unsafe fn show<T>(&(id, _): &(u64, u64), tab: impl ToString) -> String {
    format!("{id} {}", tab.to_string())
}

fn main() {}
