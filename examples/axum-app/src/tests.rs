//! The router and the route through the front door.

use chalice_rs::test::Client;
use serde_json::json;

#[test]
fn the_router_answers_below_its_path() {
    let client = Client::from_main();
    client.get("/shop").send().assert_text("welcome to the shop");
    client.get("/shop/articles/7").send().assert_json(json!({ "id": 7, "name": "tea" }));
    client.get("/shop/articles?name=ca").send().assert_json(json!([{ "id": 8, "name": "cake" }]));
    client.get("/shop/articles/9").send().assert_status(404);
}

#[test]
fn the_route_beside_it_answers_too() {
    let client = Client::from_main();
    client.get("/status").send().assert_text("fine");
    client.get("/articles/7").send().assert_status(404);
}
