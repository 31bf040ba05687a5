//! `Query<T>`: every kind of type, and every way in which a query can be wrong.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use chalice_rs::prelude::*;
use serde::Deserialize;

use crate::{check, client};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Order {
    NewestFirst,
    OldestFirst,
}

#[derive(Debug, Deserialize)]
struct Id(u64);

#[derive(Deserialize)]
struct Scalars {
    page: u32,
    offset: Option<i64>,
    exact: Option<bool>,
    ratio: Option<f64>,
    letter: Option<char>,
    order: Option<Order>,
    id: Option<Id>,
    text: Option<String>,
    #[serde(default)]
    size: u8,
}

#[route("/query/scalars")]
fn scalars(Query(query): Query<Scalars>) -> String {
    let Scalars { page, offset, exact, ratio, letter, order, id, text, size } = query;
    let id = id.map(|Id(id)| id);
    format!("{page} {offset:?} {exact:?} {ratio:?} {letter:?} {order:?} {id:?} {text:?} {size}")
}

#[test]
fn scalars_are_parsed_by_their_types() {
    let check = |query: &str, expected: &str| {
        check(client().get(&format!("/query/scalars{query}")).send(), expected);
    };
    check("?page=7", "200 7 None None None None None None None 0");
    check(
        "?page=7&offset=-1&exact=true&ratio=.5&letter=%E2%98%95&order=newest-first&id=9&text=a+b%26&size=3",
        "200 7 Some(-1) Some(true) Some(0.5) Some('☕') Some(NewestFirst) Some(9) Some(\"a b&\") 3",
    );
    check("?text=&page=%37", "200 7 None None None None None None Some(\"\") 0");
    check("?&&page=7&unknown=1&unknown=2&", "200 7 None None None None None None None 0");
    check("?page=7&text=a=b=c", "200 7 None None None None None None Some(\"a=b=c\") 0");
}

#[test]
fn what_is_wrong_is_said_with_the_parameters_name() {
    let check = |query: &str, message: &str| {
        let answer = client().get(&format!("/query/scalars{query}")).send();
        check(answer, &format!("400 BadRequestError: {message}"));
    };
    check("", "query parameter `page` is missing");
    check("?Page=1", "query parameter `page` is missing");
    check("?page=two", "query parameter `page`: invalid digit found in string");
    check("?page=", "query parameter `page`: cannot parse integer from empty string");
    check("?page", "query parameter `page`: cannot parse integer from empty string");
    check("?page=-1", "query parameter `page`: invalid digit found in string");
    check("?page=4294967296", "query parameter `page`: number too large to fit in target type");
    check("?page=1&page=2", "query parameter `page`: expected 1 value, found 2");
    check("?page=1&offset=", "query parameter `offset`: cannot parse integer from empty string");
    check("?page=1&exact=yes", "query parameter `exact`: provided string was not `true` or `false`");
    check("?page=1&ratio=x", "query parameter `ratio`: invalid float literal");
    check("?page=1&letter=ab", "query parameter `letter`: too many characters in string");
    check(
        "?page=1&order=best",
        "query parameter `order`: unknown variant `best`, expected `newest-first` or `oldest-first`",
    );
    check("?page=1&id=x", "query parameter `id`: invalid digit found in string");
    check("?page=1&size=256", "query parameter `size`: number too large to fit in target type");
}

#[derive(Deserialize)]
struct Lists {
    #[serde(default)]
    tag: Vec<String>,
    #[serde(default)]
    id: BTreeSet<u8>,
    range: Option<(u8, u8)>,
    orders: Option<Vec<Order>>,
    bounds: Option<[f32; 2]>,
}

#[route("/query/lists")]
fn lists(Query(query): Query<Lists>) -> String {
    let Lists { tag, id, range, orders, bounds } = query;
    format!("{tag:?} {id:?} {range:?} {orders:?} {bounds:?}")
}

#[test]
fn repeated_parameters_become_lists() {
    let check = |query: &str, expected: &str| {
        check(client().get(&format!("/query/lists{query}")).send(), expected);
    };
    check("", "200 [] {} None None None");
    check("?tag=a", "200 [\"a\"] {} None None None");
    // A comma is a comma: only API Gateway's own map would split and join at it.
    check("?tag=a%2Cb&id=2&tag=c,d&id=1&tag=&id=2", "200 [\"a,b\", \"c,d\", \"\"] {1, 2} None None None");
    check("?range=1&range=2&orders=oldest-first", "200 [] {} Some((1, 2)) Some([OldestFirst]) None");
    check("?bounds=0.5&bounds=1", "200 [] {} None None Some([0.5, 1.0])");
    check("?id=1&id=x", "400 BadRequestError: query parameter `id`: invalid digit found in string");
    check("?range=1", "400 BadRequestError: query parameter `range`: expected 2 values, found 1");
    check(
        "?range=1&range=2&range=3",
        "400 BadRequestError: query parameter `range`: expected 2 values, found 3",
    );
}

#[route("/query/map")]
fn map(Query(query): Query<BTreeMap<String, Vec<String>>>) -> String {
    format!("{query:?}")
}

#[route("/query/single-map")]
fn single_map(Query(query): Query<HashMap<Cow<'_, str>, u8>>) -> String {
    format!("{:?}", query.into_iter().collect::<BTreeMap<_, _>>())
}

#[route("/query/pairs")]
fn pairs(Query(query): Query<Vec<(String, String)>>) -> String {
    format!("{query:?}")
}

#[test]
fn maps_and_pairs_take_whatever_there_is() {
    let get = |path: &str| client().get(path).send();
    check(get("/query/map?b=1&a=2&b=3&c"), r#"200 {"a": ["2"], "b": ["1", "3"], "c": [""]}"#);
    check(get("/query/map"), "200 {}");
    check(get("/query/single-map?b=1&a%20=2"), r#"200 {"a ": 2, "b": 1}"#);
    check(
        get("/query/single-map?b=1&b=2"),
        "400 BadRequestError: query parameter `b`: expected 1 value, found 2",
    );
    check(get("/query/pairs?b=1&a=2&b=3"), r#"200 [("b", "1"), ("a", "2"), ("b", "3")]"#);
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Strict {
    #[serde(alias = "p")]
    page: Option<u32>,
}

#[route("/query/strict")]
fn strict(Query(query): Query<Strict>) -> String {
    format!("{:?}", query.page)
}

#[test]
fn a_strict_type_refuses_what_it_does_not_know() {
    let get = |query: &str| client().get(&format!("/query/strict{query}")).send();
    check(get("?p=1"), "200 Some(1)");
    check(get("?pge=1"), "400 BadRequestError: query parameter `pge`: unknown, expected `p`, `page`");
    check(get("?p=1&page=2"), "400 BadRequestError: query parameter `page`: given under two names");
}

#[derive(Deserialize)]
struct Paging {
    cursor: Option<String>,
}

#[derive(Deserialize)]
struct Outer<'q> {
    #[serde(borrow)]
    name: Cow<'q, str>,
    #[serde(flatten)]
    paging: Paging,
    #[serde(flatten)]
    others: BTreeMap<String, String>,
}

#[route("/query/outer")]
fn outer(Query(query): Query<Outer<'_>>) -> String {
    let is_borrowed = matches!(query.name, Cow::Borrowed(_));
    format!("{} {is_borrowed} {:?} {:?}", query.name, query.paging.cursor, query.others)
}

#[test]
fn text_is_borrowed_where_it_can_be_and_structs_flatten() {
    let get = |query: &str| client().get(&format!("/query/outer{query}")).send();
    check(get("?name=tea"), "200 tea true None {}");
    check(get("?name=t%65a&cursor=x&a=1"), "200 tea true Some(\"x\") {\"a\": \"1\"}");
    check(get("?cursor=x"), "400 BadRequestError: query parameter `name` is missing");
}

#[route("/query/borrowed")]
fn borrowed(Query(first): Query<BTreeMap<&str, &str>>, Query(second): Query<Vec<(&str, &str)>>) -> String {
    format!("{first:?} {second:?}")
}

#[test]
fn what_had_to_be_decoded_is_borrowed_as_well() {
    let get = |query: &str| client().get(&format!("/query/borrowed{query}")).send();
    check(get("?b=1+2&%61=%E2%98%95"), r#"200 {"a": "☕", "b": "1 2"} [("b", "1 2"), ("a", "☕")]"#);
    check(get("?b=1&a="), r#"200 {"a": "", "b": "1"} [("b", "1"), ("a", "")]"#);
}

#[derive(Deserialize)]
struct Wrapper(Lists);

#[derive(Deserialize)]
struct Flags {
    #[serde(default, deserialize_with = "is_there")]
    verbose: bool,
    at: std::net::IpAddr,
}

/// `?verbose` as well as `?verbose=true`.
fn is_there<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    match Cow::<'de, str>::deserialize(deserializer)?.as_ref() {
        "" | "true" => Ok(true),
        "false" => Ok(false),
        other => Err(serde::de::Error::custom(format_args!("`{other}` is neither yes nor no"))),
    }
}

#[route("/query/flags")]
fn flags(Query(query): Query<Flags>) -> String {
    format!("{} {}", query.verbose, query.at)
}

#[route("/query/wrapper")]
fn wrapper(Query(Wrapper(lists)): Query<Wrapper>) -> String {
    lists.tag.join("+")
}

#[derive(Deserialize)]
struct Nested {
    #[expect(dead_code, reason = "it is never made")]
    inner: Lists,
}

#[route("/query/nested")]
fn nested(Query(_): Query<Nested>) {}

#[route("/query/number")]
fn number(Query(_): Query<u32>) {}

#[test]
fn types_with_a_will_of_their_own_are_made() {
    let get = |path: &str| client().get(path).send();
    check(get("/query/wrapper?tag=a&tag=b"), "200 a+b");
    check(get("/query/flags?verbose&at=127.0.0.1"), "200 true 127.0.0.1");
    check(
        get("/query/flags?verbose=maybe&at=::1"),
        "400 BadRequestError: query parameter `verbose`: `maybe` is neither yes nor no",
    );
    check(get("/query/flags?at=x"), "400 BadRequestError: query parameter `at`: invalid IP address syntax");
}

#[test]
fn a_type_that_no_query_can_be_is_a_400_and_no_panic() {
    let get = |path: &str| client().get(path).send();
    check(
        get("/query/nested?inner=1"),
        "400 BadRequestError: query parameter `inner`: invalid type: string \"1\", expected struct Lists",
    );
    check(
        get("/query/number?a=1"),
        "400 BadRequestError: the query is not valid: invalid type: map, expected u32",
    );
}

#[test]
fn what_is_no_utf_8_is_replaced() {
    check(
        client().get("/query/pairs?a=%FF&b=%zz&c=%").send(),
        "200 [(\"a\", \"\u{fffd}\"), (\"b\", \"%zz\"), (\"c\", \"%\")]",
    );
}
