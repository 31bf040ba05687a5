//! Errors that say everything one can, and nothing.

#[derive(HttpError)]
enum Trouble {
    #[http(status = 404)]
    NoSuchThing(u64),
    #[http(status = 409, code = "Taken", message = "somebody was faster")]
    Taken { by: String },
    #[http(transparent)]
    Inner(Other),
    Other,
}

#[derive(HttpError)]
#[http(status = 402)]
struct Unpaid;

#[derive(HttpError)]
struct Secret(String);
