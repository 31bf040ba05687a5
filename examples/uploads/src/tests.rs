//! The example through its front door.

use chalice_rs::test::{Client, Part};
use serde_json::json;

use crate::graymap::{Graymap, MEDIA_TYPE};

#[test]
fn a_form_with_pictures_is_read_field_by_field() {
    let picture = Graymap::gradient(16).encode();
    let parts = [
        Part::text("title", "Evening"),
        Part::file("picture", "evening.pgm", MEDIA_TYPE, picture.clone()),
        Part::file("picture", "night.pgm", MEDIA_TYPE, Graymap::gradient(2).encode()),
    ];
    Client::from_main().post("/pictures").multipart(parts).send().assert_status(200).assert_json(json!({
        "title": "Evening",
        "files": [
            { "name": "evening.pgm", "bytes": picture.len(), "width": 16, "height": 16 },
            { "name": "night.pgm", "bytes": 15, "width": 2, "height": 2 },
        ],
    }));
}

#[test]
fn a_picture_goes_in_and_out_as_bytes() {
    let client = Client::from_main();
    let gradient = client.get("/gradients/16").send();
    gradient.assert_header("content-disposition", "attachment; filename=\"gradient.pgm\"");
    let negative = client.post("/negatives").header("content-type", MEDIA_TYPE).body(gradient.bytes()).send();
    negative.assert_status(200).assert_header("content-type", MEDIA_TYPE);
    assert_eq!(negative.bytes(), Graymap::gradient(16).negative().encode());
}

#[test]
fn what_is_no_picture_or_no_form_or_too_large_is_refused() {
    let client = Client::from_main();
    let error = |code: &str, message: &str| json!({ "Code": code, "Message": message });
    client
        .post("/negatives")
        .body("hello")
        .send()
        .assert_status(422)
        .assert_json(error("NotAPicture", "this is no portable graymap"));
    client.post("/pictures").body("hello").send().assert_status(415);
    client.post("/negatives").body(vec![b'x'; 1_000_001]).send().assert_status(413);
}
