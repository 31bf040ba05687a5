//! An app with everything that an OpenAPI document can say: each kind of argument, answer, error and caller.

use chalice_rs::prelude::*;
use chalice_rs::{FromHeader, ResponsePart};
use serde::{Deserialize, Serialize};

/// Something to do.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Todo {
    /// Its number.
    id: u32,
    title: String,
    kind: Kind,
    due_date: Option<String>,
    /// What has to be done before.
    #[serde(default)]
    before: Vec<Todo>,
}

/// Where it is done.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Home,
    Work,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct NewTodo {
    title: String,
    kind: Kind,
}

/// Which ones.
#[derive(Debug, Deserialize, JsonSchema)]
struct Filter {
    /// Only of this kind.
    kind: Option<Kind>,
    /// Any of these words.
    #[serde(default)]
    word: Vec<String>,
    limit: u32,
}

#[derive(Debug, HttpError)]
enum TodoError {
    #[http(status = 404)]
    NoSuchTodo,
    #[http(status = 409, code = "Taken")]
    AlreadyThere,
    #[http(transparent)]
    Storage(StorageError),
}

#[derive(Debug, HttpError)]
#[http(status = 503)]
struct StorageError;

impl std::fmt::Display for TodoError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::fmt::Display for StorageError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for TodoError {}
impl std::error::Error for StorageError {}

fn todo(id: u32, NewTodo { title, kind }: NewTodo) -> Todo {
    Todo { id, title, kind, due_date: None, before: vec![] }
}

mod todos {
    use super::*;

    blueprint! { prefix = "/todos", tags = ["todos"] }

    /// Lists what is to be done.
    #[get("/")]
    fn list_todos(filter: Query<Filter>) -> Json<Vec<Todo>> {
        let Filter { kind, word, limit } = filter.0;
        let title = format!("{} of at most {limit}", word.join(" and "));
        Json(vec![todo(1, NewTodo { title, kind: kind.unwrap_or(Kind::Home) })])
    }

    /// Keeps something
    /// to do.
    ///
    /// And here is another line.
    #[post("/")]
    fn create_todo(new: Json<NewTodo>) -> Result<(StatusCode, Json<Todo>), TodoError> {
        match new.0.title.as_str() {
            "taken" => Err(TodoError::AlreadyThere),
            _ => Ok((StatusCode::CREATED, Json(todo(7, new.0)))),
        }
    }

    #[get("/<id>")]
    fn show_todo(id: u32) -> Result<Json<Todo>, TodoError> {
        match id {
            7 => Ok(Json(todo(7, NewTodo { title: "tea".to_owned(), kind: Kind::Work }))),
            8 => Err(TodoError::Storage(StorageError)),
            _ => Err(TodoError::NoSuchTodo),
        }
    }

    #[delete("/<id>")]
    fn forget_todo(_id: u32) -> NoContent {
        NoContent
    }

    #[put("/<id>")]
    #[patch("/<id>")]
    fn change_todo(id: u32, new: Option<Json<NewTodo>>) -> Option<Json<Todo>> {
        Some(Json(todo(id, new?.0)))
    }
}

mod bodies {
    use super::*;

    blueprint! { prefix = "/bodies", tags = ["bodies"] }

    #[post("/form")]
    fn form(new: Form<NewTodo>) -> (SetFlavour, Html<String>) {
        (SetFlavour, Html(new.0.title))
    }

    #[post("/files")]
    fn files(files: Multipart<'_>) -> String {
        files.count().to_string()
    }

    #[put("/bytes")]
    fn bytes(bytes: Bytes) -> Bytes {
        bytes
    }

    #[put("/text")]
    fn text(text: &str) -> Redirect {
        Redirect::see_other(text)
    }

    /// A type without a schema.
    #[post("/unknown")]
    fn unknown(shape: Result<Json<Shape>, chalice_rs::rejection::JsonRejection>) -> Result<Json<Shape>, Error> {
        Ok(shape?)
    }
}

#[derive(Serialize, Deserialize)]
struct Shape {
    sides: u8,
}

struct SetFlavour;

impl ResponsePart for SetFlavour {
    fn add_to(self, response: &mut Response) -> Result<(), Error> {
        response.headers.push((chalice_rs::header::VARY, chalice_rs::HeaderValue::from_static("flavour")));
        Ok(())
    }
}

/// How it shall taste.
struct Flavour(String);

impl FromHeader<'_> for Flavour {
    fn name() -> &'static str {
        "x-flavour"
    }

    fn from_header(value: &str) -> Result<Self, String> {
        Ok(Self(value.to_owned()))
    }
}

struct Nothing;

impl IntoResponse for Nothing {
    fn into_response(self) -> Response {
        Response::default()
    }
}

#[get("/taste")]
fn taste(flavour: Header<Flavour>, _state: State<u8>) -> String {
    flavour.0.0
}

#[get("/opaque")]
fn opaque() -> impl IntoResponse {
    "hidden"
}

#[get("/nothing")]
fn nothing() -> Nothing {
    Nothing
}

/// The rest of a path.
#[route("/files/<path..>", methods = ["ANY"])]
fn file(path: &str) -> String {
    path.to_owned()
}

#[get("/files/<path..>")]
fn read_file(path: &str) -> String {
    path.to_owned()
}

chalice_rs::docs!("/docs");

jwt_authorizer!(users, issuer = "https://example.com/", audiences = ["app"]);
lambda_authorizer!(
    keys,
    arn = "arn:aws:lambda:eu-west-1:123456789012:function:check",
    identity = ["$request.header.X-Key", "$request.querystring.key"],
);

mod guarded {
    use super::*;

    blueprint! { prefix = "/guarded", tags = ["guarded"], authorizer = super::users, scopes = ["read", "write"] }

    #[get("/token")]
    fn token() -> &'static str {
        "you may"
    }

    #[get("/key", authorizer = super::keys)]
    fn key() -> &'static str {
        "you may"
    }

    #[get("/signed", authorizer = iam)]
    fn signed() -> &'static str {
        "you may"
    }

    #[get("/open", authorizer = none)]
    fn open() -> &'static str {
        "all may"
    }
}

#[chalice_rs::main]
fn main() -> App {
    App::new().state(7_u8)
}
