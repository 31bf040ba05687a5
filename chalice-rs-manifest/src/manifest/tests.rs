//! What a route inherits, what API Gateway is told, and what is refused.

use super::*;
use crate::{Cors, CorsRule, Identity, Jwt, Origin, PathPattern, Question, Reuse, Rules, Source};

fn source(module: &str, line: u32) -> Source {
    Source { module: module.to_owned(), file: "src/main.rs".to_owned(), line }
}

fn route(function: &str, methods: &[Method], path: &str, line: u32) -> Record {
    ruled(function, methods, path, line, Rules::default())
}

fn ruled(function: &str, methods: &[Method], path: &str, line: u32, rules: Rules) -> Record {
    Record::Route(Route {
        path: PathPattern::parse(path).expect(path),
        methods: methods.to_vec(),
        function: function.to_owned(),
        source: source("app::users", line),
        rules,
        ..Route::default()
    })
}

fn app(head: Head, rules: Rules) -> Record {
    Record::App(App { head, rules, ..App::default() })
}

fn blueprint(module: &str, prefix: &str, rules: Rules) -> Record {
    let prefix = PathPattern::parse(prefix).expect(prefix);
    Record::Blueprint(Blueprint { prefix, source: source(module, 1), rules })
}

fn jwt(name: &str) -> Record {
    Record::Authorizer(Authorizer {
        name: function(name),
        by: By::Jwt(Jwt {
            issuer: "https://example.com".to_owned(),
            audiences: vec!["a".to_owned()],
            identity: Identity::authorization(),
        }),
        source: source("app", 2),
        doc: None,
    })
}

fn own(name: &str) -> Record {
    let question = Question { identity: vec![Identity::authorization()], ttl: 0, reuse: Reuse::PerRoute };
    let by = By::Function(question);
    Record::Authorizer(Authorizer { name: function(name), by, source: source("app", 3), doc: None })
}

fn function(name: &str) -> FunctionName {
    name.parse().expect(name)
}

fn guarded(name: &str, scopes: &[&str]) -> Rules {
    Rules {
        authorizer: Some(Guard::Named(function(name))),
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        ..Rules::default()
    }
}

fn shared(origin: &str) -> Rules {
    let origins = vec![origin.parse::<Origin>().expect(origin)];
    Rules { cors: Some(CorsRule::Allow(Cors { origins, ..Cors::default() })), ..Rules::default() }
}

fn off() -> Rules {
    Rules { cors: Some(CorsRule::Off), ..Rules::default() }
}

#[track_caller]
fn check(records: Vec<Record>, expected: &[&str]) {
    let problems = Manifest::from_records(records).check();
    assert_eq!(problems.iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
    assert!(problems.iter().all(|problem| !problem.help().is_empty()));
}

#[track_caller]
fn check_keys(records: Vec<Record>, expected: &[&str]) {
    let manifest = Manifest::from_records(records);
    let keys: Vec<String> = manifest.api_routes().into_iter().map(|route| route.key()).collect();
    assert_eq!(keys, expected);
}

#[test]
fn a_good_app_has_no_problems() {
    check(
        vec![
            route("list", &[Method::Get], "/users", 1),
            route("show", &[Method::Get], "/users/<id>", 2),
            route("change", &[Method::Put], "/users/<id>", 3),
            route("me", &[Method::Get], "/users/me", 4),
            route("rest", &[Method::Any], "/users/<id..>", 5),
        ],
        &[],
    );
}

#[test]
fn an_app_without_routes_is_refused() {
    check(vec![], &["the app declares no routes"]);
}

#[test]
fn the_same_route_twice_names_both_places() {
    check(
        vec![route("b", &[Method::Get, Method::Post], "/x", 9), route("a", &[Method::Post], "/x", 3)],
        &["`POST /x` is declared twice: `b` at src/main.rs:9 and `a` at src/main.rs:3"],
    );
}

#[test]
fn paths_that_differ_in_a_name_only_name_both_places() {
    check(
        vec![route("a", &[Method::Get], "/x/<a>", 3), route("b", &[Method::Post], "/x/<b>", 9)],
        &["`/x/<a>` and `/x/<b>` match the same requests: `a` at src/main.rs:3 and `b` at src/main.rs:9"],
    );
}

#[test]
fn one_route_more_than_the_limit_is_refused() {
    let routes = |count: usize, method| {
        (0..count).map(move |index| route("f", &[method], &format!("/r{index}"), 1)).collect::<Vec<_>>()
    };
    check(routes(ROUTE_LIMIT, Method::Post), &[]);
    let post = routes(ROUTE_LIMIT + 1, Method::Post);
    check(post, &["the app has 301 routes; API Gateway takes 300 per API"]);

    let handler = Handler { function: "nothing".to_owned(), source: source("app", 1) };
    let full = routes(ROUTE_LIMIT, Method::Post).into_iter().chain([Record::NotFound(handler)]).collect();
    check(full, &["the app has 301 routes; API Gateway takes 300 per API"]);

    let get = routes(151, Method::Get);
    let problem = "the app has 302 routes, 151 of them for HEAD and CORS; API Gateway takes 300 per API";
    check(get.clone(), &[problem]);
    let without_head = get.into_iter().chain([app(Head::Declared, Rules::default())]).collect();
    check(without_head, &[]);
}

#[test]
fn routes_that_nobody_wrote_are_the_first_to_go() {
    let help = |count: u32, method: Method, policies: [&str; 2]| {
        let one = |index: u32| {
            let policy = shared(policies[index as usize % 2]);
            ruled("f", &[method], &format!("/r{index}"), index, policy)
        };
        let problems = Manifest::from_records((0..count).map(one)).check();
        let [problem] = &problems[..] else { panic!("{problems:?}") };
        problem.help()
    };
    let (one, two) = (["https://a.com", "https://a.com"], ["https://a.com", "https://b.com"]);
    assert!(help(151, Method::Get, one).starts_with("write `#[chalice_rs::main(head = false)]`"));
    assert!(help(151, Method::Post, two).starts_with("give all routes the same `cors`"));
    assert!(help(160, Method::Get, two).starts_with("give all routes the same `cors`"));
    assert!(help(301, Method::Get, two).starts_with("answer several of them with one greedy route"));
}

#[test]
fn head_is_derived_from_get_where_nothing_else_answers_it() {
    check_keys(
        vec![
            route("a", &[Method::Get, Method::Post], "/a", 1),
            route("b", &[Method::Get], "/b", 2),
            route("b", &[Method::Head], "/b", 3),
            route("c", &[Method::Get], "/c", 4),
            route("c", &[Method::Any], "/c", 5),
        ],
        &["GET /a", "POST /a", "HEAD /a", "GET /b", "HEAD /b", "GET /c", "ANY /c"],
    );
    check_keys(vec![app(Head::Declared, Rules::default()), route("a", &[Method::Get], "/a", 1)], &["GET /a"]);
}

#[test]
fn a_not_found_handler_is_the_default_route() {
    let handler = Handler { function: "nothing".to_owned(), source: source("app", 1) };
    check_keys(
        vec![route("a", &[Method::Post], "/a", 1), Record::NotFound(handler)],
        &["POST /a", "$default"],
    );
}

#[test]
fn a_route_inherits_from_its_blueprints_and_from_the_app_the_innermost_first() {
    let tagged = |tag: &str, rules: Rules| Rules { tags: vec![tag.to_owned()], ..rules };
    let manifest = Manifest::from_records([
        route("list", &[Method::Get], "/", 1),
        ruled(
            "open",
            &[Method::Post],
            "/<id>",
            2,
            Rules { authorizer: Some(Guard::None), ..Rules::default() },
        ),
        blueprint("app::users", "/users", tagged("users", guarded("staff", &["read"]))),
        blueprint("app", "/v1", tagged("v1", guarded("anyone", &[]))),
        blueprint("app::use", "/nothing", Rules::default()),
        app(Head::Declared, shared("https://a.com")),
    ]);
    let [list, open] = &manifest.routes[..] else { panic!("{manifest:?}") };
    assert_eq!(
        (list.path.to_string().as_str(), open.path.to_string().as_str()),
        ("/v1/users", "/v1/users/<id>")
    );
    assert_eq!(list.rules.authorizer, Some(Guard::Named(function("staff"))));
    assert_eq!((&list.rules.scopes[..], &open.rules.scopes[..]), (&["read".to_owned()][..], &[][..]));
    assert_eq!(open.rules.authorizer, Some(Guard::None));
    assert_eq!(list.rules.tags, ["v1", "users"]);
    assert!(list.cors().is_some_and(|cors| cors.allows("https://a.com")));
}

#[test]
fn one_policy_for_all_routes_is_api_gateways_and_anything_else_is_the_functions() {
    let sharing = |records: Vec<Record>| match Manifest::from_records(records).sharing() {
        Sharing::Nobody => "nobody".to_owned(),
        Sharing::Gateway { methods, .. } => format!("gateway {methods:?}"),
        Sharing::Function => "function".to_owned(),
    };
    let get = |rules| ruled("a", &[Method::Get], "/a", 1, rules);
    let post = |rules| ruled("b", &[Method::Post], "/b", 2, rules);
    let (one, other) = (shared("https://a.com"), shared("https://b.com"));
    assert_eq!(sharing(vec![get(Rules::default()), post(off())]), "nobody");
    assert_eq!(sharing(vec![get(one.clone()), post(one.clone())]), "gateway [Get, Post, Options]");
    assert_eq!(sharing(vec![get(one.clone()), post(other)]), "function");
    assert_eq!(sharing(vec![get(one.clone()), post(Rules::default())]), "function");
    let all = app(Head::Derived, one.clone());
    assert_eq!(sharing(vec![all.clone(), get(Rules::default()), post(one)]), "gateway [Get, Post, Options]");
    assert_eq!(sharing(vec![all, get(Rules::default()), post(off())]), "function");
    let below = shared("https://*.a.com");
    assert_eq!(sharing(vec![get(below.clone()), post(below)]), "function");
}

#[test]
fn where_the_function_answers_browsers_each_path_with_a_policy_gets_options() {
    let policy = shared("https://a.com");
    let records = vec![
        app(Head::Declared, Rules::default()),
        ruled("a", &[Method::Get], "/a/<id>", 1, policy.clone()),
        ruled("a", &[Method::Post, Method::Put], "/a/<id>", 2, policy),
        route("a", &[Method::Delete], "/a/<id>", 3),
        route("b", &[Method::Get], "/b", 4),
    ];
    check_keys(
        records.clone(),
        &["GET /a/{id}", "POST /a/{id}", "PUT /a/{id}", "DELETE /a/{id}", "GET /b", "OPTIONS /a/{id}"],
    );
    let manifest = Manifest::from_records(records);
    let (_, methods) = manifest.policy("/a/{id}").expect("a policy");
    assert_eq!(methods, [Method::Get, Method::Post, Method::Put, Method::Options]);
    assert_eq!(manifest.policy("/b"), None);
}

#[test]
fn functions_beside_the_one_of_all_routes_are_named_once() {
    let heavy = || Rules { lambda: Some(function("heavy")), ..Rules::default() };
    let manifest = Manifest::from_records([
        ruled("a", &[Method::Get], "/a", 1, heavy()),
        ruled("b", &[Method::Get], "/b", 1, heavy()),
        own("check"),
        jwt("users"),
    ]);
    assert_eq!(manifest.functions(), [&function("heavy"), &function("check")]);
}

#[test]
fn what_no_attribute_can_see_is_found_here() {
    let get = |rules| ruled("a", &[Method::Get], "/a", 1, rules);
    check(vec![get(guarded("users", &["read"])), jwt("users")], &[]);
    check(
        vec![get(guarded("usres", &[])), jwt("users")],
        &["the authorizer `usres` of `a` at src/main.rs:1 is not declared"],
    );
    check(
        vec![get(guarded("check", &["read"])), own("check")],
        &["`a` at src/main.rs:1 asks for scopes, which only the tokens of a JWT authorizer have"],
    );
    check(
        vec![get(Rules::default()), own("check"), jwt("check")],
        &["the name `check` is taken twice: `check` at src/main.rs:2 and `check` at src/main.rs:3"],
    );
    check(
        vec![get(Rules { lambda: Some(function("check")), ..Rules::default() }), own("check")],
        &["the name `check` is taken twice: `check` at src/main.rs:3 and `a` at src/main.rs:1"],
    );
    check(
        vec![get(Rules { lambda: Some(function("Heavy")), ..Rules::default() }), own("heavy")],
        &["the name `Heavy` is taken twice: `heavy` at src/main.rs:3 and `a` at src/main.rs:1"],
    );
    let in_function = |line, name| {
        let rules = Rules { lambda: Some(function(name)), ..Rules::default() };
        ruled("a", &[Method::Get], &format!("/{line}"), line, rules)
    };
    check(
        vec![in_function(1, "Heavy"), in_function(2, "Heavy"), in_function(3, "heavy"), jwt("heavy")],
        &["the name `heavy` is taken twice: `a` at src/main.rs:1 and `a` at src/main.rs:3"],
    );
    check(
        vec![get(shared("*")), ruled("b", &[Method::Put], "/a", 2, shared("https://a.com"))],
        &["`/a` has two CORS policies: `a` at src/main.rs:1 and `b` at src/main.rs:2"],
    );
    check(
        vec![get(shared("*")), route("b", &[Method::Options], "/a", 2)],
        &[
            "OPTIONS on `/a` is answered by CORS and by a route: `a` at src/main.rs:1 and `b` at src/main.rs:2",
        ],
    );
    check(
        vec![
            get(Rules::default()),
            blueprint("app", "/a", Rules::default()),
            blueprint("app", "/b", Rules::default()),
        ],
        &["the module `app` has two blueprints: at src/main.rs:1 and at src/main.rs:1"],
    );
    let handler = |line| Handler { function: "oops".to_owned(), source: source("app", line) };
    check(
        vec![get(Rules::default()), Record::ErrorHandler(handler(1)), Record::ErrorHandler(handler(2))],
        &[
            "the app has two functions under `#[error_handler]`: `oops` at src/main.rs:1 and `oops` at src/main.rs:2",
        ],
    );
    let many = (0..11).map(|index| jwt(&format!("a{index}"))).chain([get(Rules::default())]).collect();
    check(many, &["the app has 11 authorizers; API Gateway takes 10 per API"]);
}

#[test]
fn a_record_without_rules_reads_and_writes_none() {
    let json = serde_json::to_string(&route("a", &[Method::Get], "/a", 1)).expect("JSON");
    assert_eq!(
        json,
        r#"{"kind":"route","path":"/a","methods":["GET"],"function":"a","source":{"module":"app::users","file":"src/main.rs","line":1}}"#
    );
    for record in [
        ruled(
            "a",
            &[Method::Get],
            "/a",
            1,
            Rules { lambda: Some(function("x")), ..guarded("users", &["r"]) },
        ),
        ruled("a", &[Method::Get], "/a", 1, shared("*")),
        ruled("a", &[Method::Get], "/a", 1, off()),
        blueprint("app", "/a", Rules { authorizer: Some(Guard::Iam), ..Rules::default() }),
        app(Head::Declared, Rules { authorizer: Some(Guard::None), ..Rules::default() }),
        jwt("users"),
        own("check"),
    ] {
        let json = serde_json::to_string(&record).expect("JSON");
        assert_eq!(serde_json::from_str::<Record>(&json).expect(&json), record);
    }
}
