//! Whatever stands in an attribute and under it: no panic, the user's tokens come back, and there is
//! either a record or an error, never both and never neither.

use std::str::FromStr;

use proc_macro2::TokenStream;
use proptest::prelude::*;

use super::expand;
use crate::attribute::http_error;

/// Pieces that attributes are made of, and some that they are not.
fn args() -> impl Strategy<Value = String> {
    let text = prop_oneof![
        "\"/[a-z<>{}./+_ é-]{0,12}\"",
        Just(r#""/users/<id>""#.to_owned()),
        Just(r##"r#"/<id..>"#"##.to_owned()),
        Just(r#"b"/users""#.to_owned()),
        Just(r#"c"/users""#.to_owned()),
        Just(r#""/users"u8"#.to_owned()),
    ];
    let method = prop_oneof!["\"[A-Z]{0,4}\"", Just("\"GET\"".to_owned()), Just("GET".to_owned())];
    let list = prop::collection::vec(method, 0..4).prop_map(|items| format!("[{}]", items.join(", ")));
    let odd = prop::sample::select(vec![
        "",
        "1",
        "-1",
        "300",
        "true",
        "a.b",
        "users",
        "crate::users",
        "none",
        "(",
        ")",
        "[[]]",
        "[,]",
        "{,}",
        "= =",
        "r#x",
    ])
    .prop_map(str::to_owned);
    let value = prop_oneof![text, list, odd].boxed();
    let key = prop::sample::select(vec![
        "methods",
        "method",
        "path",
        "r#methods",
        "cors",
        "authorizer",
        "scopes",
        "function",
        "tags",
        "prefix",
        "middleware",
        "head",
        "ttl",
        "identity",
        "reuse",
        "issuer",
        "user_pool",
        "audiences",
        "arn",
        "fn",
        "1",
    ]);
    let pair = (key, prop::sample::select(vec!["=", "==", ":", "=>"]), value.clone())
        .prop_map(|(key, equals, value)| format!("{key} {equals} {value}"));
    let nested =
        prop::collection::vec(pair.clone(), 0..3).prop_map(|pairs| format!("cors({})", pairs.join(", ")));
    prop::collection::vec(prop_oneof![value, pair, nested], 0..4).prop_map(|pieces| pieces.join(", "))
}

/// Pairs that are right, or nearly.
fn authorizer_pairs() -> impl Strategy<Value = String> {
    let pairs = prop::sample::subsequence(
        vec![
            r#"issuer = "https://a.b""#,
            r#"issuer = "http://a.b""#,
            r#"user_pool = "eu-west-1_a1""#,
            r#"user_pool = "a1""#,
            r#"audiences = ["a", "b"]"#,
            r#"audiences = []"#,
            r#"identity = "$request.querystring.token""#,
            r#"identity = ["$context.routeKey", "x"]"#,
            r#"arn = "arn:aws:lambda:eu-west-1:123456789012:function:check""#,
            r#"arn = "check""#,
            "ttl = 300",
            "ttl = 3601",
            r#"reuse = "all-routes""#,
        ],
        0..6,
    );
    pairs.prop_map(|pairs| pairs.join(", "))
}

fn items() -> impl Strategy<Value = String> {
    let argument = prop::sample::select(vec![
        "id: u64",
        "mut id: u64",
        "_id: &str",
        "ref id: u64",
        "id @ 1: u64",
        "id: Option<u64>",
        "r#type: u8",
        "Json(note): Json<Note>",
        "_: Json<Note>",
        "self",
        "&self",
        "id: &'static str",
        "id: impl Clone",
        "...",
        "f: for<'a> fn(&'a str)",
        "#[cfg(x)] id: u64",
        "x: (u8,)",
        "x: [u8; 3]",
        "x: !",
        "id",
    ]);
    let head = prop::sample::select(vec![
        "fn show",
        "async fn show",
        "pub(crate) async fn r#fn",
        "unsafe fn show",
        "extern \"C\" fn show",
        "const fn show",
        "fn show<T>",
        "fn show<'a, const N: u8>",
        "struct Show",
        "fn",
        "type F = fn",
    ]);
    let tail = prop::sample::select(vec!["{}", "-> u8 { half. }", ";", "", "where T: Copy {}", "-> {}"]);
    (head, prop::collection::vec(argument, 0..4), tail)
        .prop_map(|(head, arguments, tail)| format!("/// doc\n{head}({}) {tail}", arguments.join(", ")))
}

fn error_types() -> impl Strategy<Value = String> {
    let said = prop::sample::select(vec![
        "",
        "#[http]",
        "#[http()]",
        "#[http = 404]",
        "#[http(404)]",
        "#[http(status = 404)]",
        "#[http(status = 200)]",
        "#[http(status = 99999)]",
        "#[http(status = -1, code = 1)]",
        "#[http(status = 404, code = \"A\", message = \"\")]",
        "#[http(message = \"gone\", code = \"A\")]",
        "#[http(transparent)]",
        "#[http(transparent, transparent)]",
        "#[http(transparent, status = 500)]",
        "#[http(status = 404)] #[http(code = \"A\")]",
        "#[http(,)]",
        "#[other(status = 404)]",
    ])
    .boxed();
    let fields =
        prop::sample::select(vec!["", "(u8)", "(u8, #[http(status = 404)] u8)", "{ a: u8 }", "{}", "()"]);
    let variant = (said.clone(), prop::sample::select(vec!["A", "B", "r#type"]), fields.clone())
        .prop_map(|(said, name, fields)| format!("{said} {name} {fields}"));
    let variants = prop::collection::vec(variant, 0..4).prop_map(|variants| variants.join(", "));
    let generics = prop::sample::select(vec!["", "<T>", "<'a>", "<const N: u8>"]);
    (said, generics, prop_oneof![variants.prop_map(Ok), fields.prop_map(Err)]).prop_map(
        |(said, generics, body)| match body {
            Ok(variants) => format!("{said} enum Trouble{generics} {{ {variants} }}"),
            Err(fields) if fields.starts_with('{') => format!("{said} struct Trouble{generics} {fields}"),
            Err(fields) => format!("{said} struct Trouble{generics} {fields};"),
        },
    )
}

fn check(attribute: &str, args: &str, item: &str) -> Result<(), TestCaseError> {
    let (Ok(args), Ok(item)) = (TokenStream::from_str(args), TokenStream::from_str(item)) else {
        return Ok(());
    };
    let expansion = expand(attribute, args, item.clone()).to_string();
    prop_assert!(expansion.contains(&item.to_string()), "the item is gone: {expansion}");
    let (record, error) = (expansion.contains("RECORD"), expansion.contains("compile_error"));
    prop_assert!(record != error, "record {record}, error {error}: {expansion}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn any_route_is_a_record_or_an_error(args in args(), item in items()) {
        check("route", &args, &item)?;
    }

    #[test]
    fn any_authorizer_is_a_record_or_an_error(args in args(), item in items()) {
        check("authorizer", &args, &item)?;
    }

    #[test]
    fn any_authorizer_of_another_kind_is_a_record_or_an_error(args in args(), more in authorizer_pairs()) {
        for attribute in ["jwt_authorizer", "lambda_authorizer"] {
            for args in [&args, &format!("users, {args}"), &format!("users, {more}")] {
                check(attribute, args, "")?;
            }
        }
    }

    #[test]
    fn any_blueprint_is_a_record_or_an_error(args in args()) {
        check("blueprint", &args, "")?;
    }

    #[test]
    fn any_mount_is_a_record_or_an_error(args in args(), item in items()) {
        check("mount", &args, &item)?;
    }

    #[test]
    fn any_path_on_a_good_function_is_a_record_or_an_error(path in "/[a-z<>{}./]{0,16}") {
        check("route", &format!("{path:?}"), "fn show(a: u8, b: u8) {}")?;
    }

    #[test]
    fn any_main_is_a_record_or_an_error(args in args(), item in items()) {
        check("main", &args, &item)?;
        check("main", "", &item.replace("show", "main"))?;
    }

    #[test]
    fn any_fallback_is_a_record_or_an_error(args in args(), item in items()) {
        for attribute in ["error_handler", "not_found"] {
            check(attribute, &args, &item)?;
            check(attribute, "", &item.replace("id: u64", "error: &Error"))?;
        }
    }

    #[test]
    fn any_error_type_is_implemented_or_an_error(item in error_types()) {
        let Ok(item) = TokenStream::from_str(&item) else { return Ok(()) };
        let expansion = http_error::derive(item).to_string();
        let implemented = expansion.contains("HttpError for");
        let error = expansion.contains("compile_error");
        prop_assert!(implemented != error, "implemented {implemented}, error {error}: {expansion}");
        prop_assert!(error || syn::parse_str::<syn::File>(&expansion).is_ok(), "{expansion}");
    }
}
