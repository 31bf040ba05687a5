//! What generated code may name: the runtime's `__private`, the standard library by its full path,
//! what the user wrote, and its own few names. Anything else could be something of the user's.

use proc_macro2::{TokenStream, TokenTree};

use super::Input;

const KEYWORDS: &[&str] = &[
    "async", "await", "const", "fn", "let", "match", "move", "pub", "return", "static", "unsafe", "as", "_",
];

/// What the expansions of this file declare, and the words of attributes.
const OWN: &[&str] = &[
    "app",
    "argument0",
    "argument1",
    "argument2",
    "argument3",
    "cfg_attr",
    "chain",
    "context",
    "doc",
    "event",
    "link_section",
    "not",
    "push",
    "r",
    "request",
    "error",
    "refused",
    "target_vendor",
    "used",
    "value",
    "cfg",
    "test",
    "call_hello",
    "start_hello",
    "MOUNTED",
    "JSON",
    "RECORD",
];

#[test]
fn a_route_names_nothing_that_could_be_something_of_the_users() {
    check(
        r#"#[route("/hello/<name>")] async fn hello(name: Name, note: Note, text: Text) -> Out { body }"#,
        &["hello", "Name", "Note", "Text", "Out"],
    );
    check(
        r#"#[route("/hello")] fn hello<'a>(r: &'a Request<'a>, name: &'static str) {}"#,
        &["hello", "Request", "static", "str"],
    );
}

#[test]
fn an_authorizer_names_nothing_that_could_be_something_of_the_users() {
    check(
        r#"#[authorizer(ttl = 60)] async fn hello(request: &Asked<'_>, note: Note) -> Out { body }"#,
        &["hello", "Asked", "Note", "Out"],
    );
}

#[test]
fn a_mount_names_nothing_that_could_be_something_of_the_users() {
    check(
        r#"#[mount("/legacy")] async fn hello(shop: Shop) -> Result<Router> { body }"#,
        &["hello", "Shop", "Router"],
    );
}

#[test]
fn macros_name_nothing_that_could_be_something_of_the_users() {
    check(
        r#"blueprint! { prefix = "/x", authorizer = crate::staff, middleware = [audit], cors = true }"#,
        &["crate", "staff", "audit"],
    );
    check(r#"jwt_authorizer!(users, issuer = "https://a.b", audiences = ["a"]);"#, &["users"]);
}

#[test]
fn fallbacks_name_nothing_that_could_be_something_of_the_users() {
    check(
        "#[error_handler] async fn hello(error: &Error, state: State<Shop>) -> Page { body }",
        &["hello", "Error", "State", "Shop", "Page"],
    );
    check("#[not_found] fn hello(error: String) -> Page { body }", &["hello", "String", "Page"]);
}

#[test]
fn main_names_nothing_that_could_be_something_of_the_users() {
    check("#[main] async fn main() -> App { body }", &["main"]);
    check("#[main] fn main() -> App { body }", &["main"]);
}

/// `users` are the names that the user wrote into the attribute or macro, and into the function's head.
fn check(program: &str, users: &[&str]) {
    let [input] = &Input::read(program)[..] else { panic!("one function") };
    let item: Vec<String> = flat(input.item.clone());
    let expansion = flat(input.expand());
    assert!(!expansion.contains(&"compile_error".to_owned()), "{program} has a mistake");

    // A macro has no item.
    let at = (0..expansion.len()).find(|at| expansion[*at..].starts_with(&item));
    let at = at.expect("the user's item, untouched");
    let generated = [&expansion[..at], &expansion[at + item.len()..]].concat();
    let is_name = |token: &str| token.starts_with(|first: char| first.is_alphabetic() || first == '_');
    let before = |index: usize, back: usize| index.checked_sub(back).map_or("", |index| &*generated[index]);
    let mut seen = 0;
    for (index, token) in generated.iter().enumerate().filter(|(_, token)| is_name(token)) {
        seen += 1;
        let in_a_path = before(index, 1) == ":" && before(index, 2) == ":";
        let from_the_top = in_a_path && !(is_name(before(index, 3)) || before(index, 3) == ">");
        let allowed = match token.as_str() {
            "core" | "std" if from_the_top => true,
            "chalice_rs" if from_the_top => generated[index + 3] == "__private",
            _ if from_the_top => false,
            _ if in_a_path => true,
            name => KEYWORDS.contains(&name) || OWN.contains(&name) || users.contains(&name),
        };
        let around = generated[index.saturating_sub(6)..(index + 6).min(generated.len())].join(" ");
        assert!(allowed, "`{token}` in `.. {around} ..`");
    }
    assert!(seen > 20, "the expansion is empty");
}

/// All tokens, with the delimiters of groups among them.
fn flat(tokens: TokenStream) -> Vec<String> {
    tokens
        .into_iter()
        .flat_map(|token| match token {
            TokenTree::Group(group) => {
                let mut inner = vec!["(".to_owned()];
                inner.extend(flat(group.stream()));
                inner.push(")".to_owned());
                inner
            }
            token => vec![token.to_string()],
        })
        .collect()
}
