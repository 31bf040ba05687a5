//! Each example as a user has it: deployed, called, deleted.

use ::http::{Request, Response};
use bytes::Bytes;
use camino::{Utf8Path, Utf8PathBuf};
use serde_json::{Value, json};

use crate::support::http;
use crate::support::local_aws::{Account, LocalAws};
use crate::support::tool::in_sandbox;

/// A deployed example. Dropping it leaves it there; `delete` is a step of each test.
struct Example {
    folder: Utf8PathBuf,
    stage: &'static str,
    url: String,
}

impl Example {
    fn deploy(name: &str, stage: &'static str) -> Self {
        let folder = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("examples").join(name);
        let deployed = in_sandbox(&folder, &["deploy", "--yes", "--stage", stage]).good();
        Self { url: deployed.last_line().to_owned(), folder, stage }
    }

    fn delete(self) {
        in_sandbox(&self.folder, &["delete", "--yes", "--stage", self.stage]).good();
        assert_eq!(http::get(&self.url).status(), 404);
    }

    fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Response<Bytes> {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        http::send(request.body(body.into()).unwrap())
    }

    fn get(&self, path: &str) -> Response<Bytes> {
        self.send("GET", path, &[], "")
    }

    fn json(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let answer = self.send(method, path, &[("content-type", "application/json")], body.to_string());
        (answer.status().as_u16(), serde_json::from_slice(answer.body()).unwrap_or_default())
    }
}

#[test]
fn links_are_kept_and_followed() {
    let links = Example::deploy("links", "dev");
    let link = json!({ "to": "https://www.rust-lang.org" });
    assert_eq!(links.json("PUT", "links/rust", &link), (201, link.clone()));
    let followed = links.get("rust");
    assert_eq!(followed.status(), 302);
    assert_eq!(followed.headers()["location"], "https://www.rust-lang.org");
    assert_eq!(links.get("python").status(), 404);
    links.delete();
}

#[test]
fn pictures_are_uploaded_and_downloaded() {
    let uploads = Example::deploy("uploads", "dev");
    let gradient = uploads.get("gradients/16");
    assert_eq!(gradient.headers()["content-type"], "image/x-portable-graymap");
    let picture = gradient.body().clone();
    assert!(picture.starts_with(b"P5\n16 16\n255\n") && picture.len() == 269);

    let negative = uploads.send("POST", "negatives", &[], picture.clone());
    assert_eq!(negative.status(), 200);
    assert_eq!(uploads.send("POST", "negatives", &[], negative.body().clone()).body(), &picture);

    let head = "--x\r\ncontent-disposition: form-data; name=\"title\"\r\n\r\nEvening\r\n--x\r\n\
        content-disposition: form-data; name=\"picture\"; filename=\"evening.pgm\"\r\n\r\n";
    let form = [head.as_bytes(), &picture, b"\r\n--x--\r\n"].concat();
    let uploaded =
        uploads.send("POST", "pictures", &[("content-type", "multipart/form-data; boundary=x")], form);
    let uploaded: Value = serde_json::from_slice(uploaded.body()).unwrap();
    assert_eq!(
        uploaded,
        json!({
            "title": "Evening",
            "files": [{ "name": "evening.pgm", "bytes": 269, "width": 16, "height": 16 }],
        })
    );
    uploads.delete();
}

#[test]
fn people_need_tokens_and_machines_keys() {
    let auth = Example::deploy("auth", "dev");
    let ask = |path: &str, headers: &[(&str, &str)]| {
        let answer = auth.send("GET", path, headers, "");
        let text = String::from_utf8_lossy(answer.body()).into_owned();
        // The sandbox has spaces in the JSON of its own.
        let text = serde_json::from_str::<Value>(&text).map_or(text, |json| json.to_string());
        (answer.status().as_u16(), text)
    };
    let message = |status: u16, text: &str| (status, json!({ "message": text }).to_string());
    assert_eq!(ask("", &[]), (200, "hello, stranger".to_owned()));
    assert_eq!(ask("me", &[]), message(401, "Unauthorized"));
    assert_eq!(ask("notes", &[("authorization", "Bearer forged")]), message(401, "Unauthorized"));
    assert_eq!(ask("machines/jobs", &[]), message(401, "Unauthorized"));
    assert_eq!(ask("machines/jobs", &[("authorization", "guessed")]), message(403, "Forbidden"));
    let jobs = ask("machines/jobs", &[("authorization", "open-sesame")]);
    assert_eq!(jobs, (200, "jobs for the printer".to_owned()));
    assert_eq!(ask("machines/health", &[]), (200, "fine".to_owned()));
    auth.delete();
}

#[test]
fn a_router_of_axum_answers_beside_a_route() {
    let app = Example::deploy("axum-app", "dev");
    let text = |path: &str| {
        let answer = app.get(path);
        (answer.status().as_u16(), String::from_utf8_lossy(answer.body()).into_owned())
    };
    assert_eq!(text("shop"), (200, "welcome to the shop".to_owned()));
    assert_eq!(text("shop/articles/7"), (200, r#"{"id":7,"name":"tea"}"#.to_owned()));
    assert_eq!(text("shop/articles?name=ca"), (200, r#"[{"id":8,"name":"cake"}]"#.to_owned()));
    assert_eq!(text("shop/articles/9"), (404, String::new()));
    assert_eq!(text("status"), (200, "fine".to_owned()));
    app.delete();
}

#[test]
fn tasks_are_kept_in_a_table_that_the_function_may_use() {
    let account = Account::of_the_sandbox();
    let table = json!({
        "TableName": "todo",
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{ "AttributeName": "id", "AttributeType": "S" }],
        "KeySchema": [{ "AttributeName": "id", "KeyType": "HASH" }],
    });
    let witness = &LocalAws::shared().witness;
    witness.call(&account, "dynamodb", "create_table", &table);
    let todo = Example::deploy("todo", "prod");

    let (status, task) = todo.json("POST", "tasks", &json!({ "text": "buy milk" }));
    assert_eq!((status, &task["text"], &task["done"]), (201, &json!("buy milk"), &json!(false)), "{task}");
    let path = format!("tasks/{}", task["id"].as_str().unwrap());
    let (status, changed) = todo.json("PATCH", &path, &json!({ "done": true }));
    assert_eq!((status, &changed["done"]), (200, &json!(true)));
    assert_eq!(todo.json("GET", "tasks?done=true", &Value::Null), (200, json!([changed])));
    let kept = witness.call(&account, "dynamodb", "scan", &json!({ "TableName": "todo" }));
    assert_eq!(
        kept["Items"],
        json!([{
            "id": { "S": task["id"] }, "text": { "S": "buy milk" }, "done": { "BOOL": true },
        }])
    );
    assert_eq!(todo.send("DELETE", &path, &[], "").status(), 204);
    assert_eq!(todo.json("GET", &path, &Value::Null).0, 404);

    let role = &witness.snapshot(&account)["roles"]["todo-prod"];
    assert!(role["Inline"].to_string().contains("dynamodb:PutItem"), "{role}");
    todo.delete();
}
