use chalice_rs::prelude::*;
use chalice_rs::rejection::MissingExtension;
use chalice_rs::{Bearer, BodyLimit, HeaderMap};

struct Caller<'r>(&'r Request<'r>);

impl<'r> FromRequest<'r> for Caller<'r> {
    type Rejection = &'static str;

    async fn from_request(request: &'r Request<'r>) -> Result<Self, Self::Rejection> {
        Ok(Self(request))
    }
}

#[route("/", methods = ["POST"])]
async fn all(request: &Request<'_>, Json(number): Json<u32>, caller: Caller<'_>) -> String {
    let _ = (request, caller.0);
    number.to_string()
}

#[route("/named", methods = ["PUT", "PATCH"])]
async fn named(number: Json<u32>) -> String {
    number.0.to_string()
}

#[route("/ignored", methods = ["ANY"])]
async fn ignored(_: Json<u32>) {}

#[derive(serde::Deserialize)]
struct Borrowed<'r> {
    #[serde(borrow)]
    text: std::borrow::Cow<'r, str>,
}

#[route("/each/<name>", methods = ["POST"])]
async fn each(
    name: &str,
    Query(Borrowed { text }): Query<Borrowed<'_>>,
    Header(Bearer(token)): Header<Bearer<'_>>,
    headers: Headers<'_>,
    map: HeaderMap,
    cookies: Cookies<'_>,
    state: State<u8>,
    Extension(extension): Extension<u16>,
    files: Multipart<'_>,
) -> String {
    let _ = (headers, map, cookies, state, extension, files);
    format!("{name} {text} {token}")
}

#[route("/optional", methods = ["POST"])]
async fn optional(
    query: Option<Query<Borrowed<'_>>>,
    token: Option<Header<Bearer<'_>>>,
    state: Option<State<u8>>,
    extension: Result<Extension<u16>, MissingExtension>,
    form: Option<BodyLimit<Form<Borrowed<'_>>, 1024>>,
) -> Result<String, MissingExtension> {
    let _ = (query, token, state, extension?);
    Ok(form.map(|BodyLimit(Form(form))| form.text.into_owned()).unwrap_or_default())
}

#[route("/bytes", methods = ["POST"])]
fn bytes(context: &Context, body: Result<Bytes, std::convert::Infallible>) -> Bytes {
    let _ = context;
    body.unwrap_or_default()
}

fn main() {}
