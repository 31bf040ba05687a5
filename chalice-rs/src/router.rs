//! Which handler a request goes to.
//!
//! By the route's key, as API Gateway chose it; by the path only where API Gateway chose nothing
//! (function URLs and `$default`), and then no route that has an authorizer: it has not been asked.
//! Not here: the grammar of paths; see [`chalice_rs_manifest::path`].

use std::borrow::Cow;
use std::sync::OnceLock;

use chalice_rs_manifest::{Method, PathPattern, section};
use chalice_rs_wire::http_v2;
use percent_encoding::percent_decode_str;

use crate::guard::is_guarded;
use crate::handler::Answer;
use crate::log::{self, Level};
use crate::middleware::Chain;
use crate::{Request, blueprint};

/// The registrations of this program, in a table by their keys.
///
/// It is made at each cold start, so the keys are hashed by the compiler and nothing is parsed.
pub(crate) struct Router {
    slots: Vec<Option<Entry>>,
    by_path: OnceLock<Vec<PathEntry>>,
    problem: Option<String>,
}

/// Where a request goes.
pub(crate) enum Found<'r> {
    /// To this route, with what API Gateway did not say of it if it was found by path.
    Handler(&'static Registration, Option<ByPath<'r>>),
    /// The path has routes, but not for this method; these are the ones it has.
    OtherMethods(Vec<Method>),
    /// Nowhere.
    Nothing,
}

/// A route that was found by path.
pub(crate) struct ByPath<'r> {
    pub(crate) key: &'static str,
    pub(crate) parameters: http_v2::Pairs<'r>,
}

/// A handler as its expansion gives it.
pub(crate) type Call = for<'r> fn(&'r Request<'r>) -> Answer<'r>;

/// What an expansion submits at link time.
#[derive(Debug)]
pub struct Registration {
    /// The record in the executable's section. It is named here so that whoever keeps the handler
    /// keeps the record.
    pub record: &'static [u8],
    keys: &'static [RouteKey],
    pub(crate) call: Call,
    /// The middleware of the blueprints it is in.
    pub(crate) around: Option<&'static Chain>,
}

inventory::collect!(Registration);

impl Registration {
    /// The registration of a route, with one key per method.
    pub const fn route(record: &'static [u8], keys: &'static [RouteKey], call: Call) -> Self {
        Self { record, keys, call, around: None }
    }

    /// The same route as its blueprints have it.
    pub(crate) fn within(&self, keys: &'static [RouteKey], around: Option<&'static Chain>) -> Self {
        Self { keys, around, ..*self }
    }

    pub(crate) fn keys(&self) -> &'static [RouteKey] {
        self.keys
    }
}

/// The function of a record, `module::function`.
pub(crate) fn function_of(record: &[u8]) -> String {
    let field = |name| field(record, name).unwrap_or_default();
    format!("{}::{}", field("module"), field("function"))
}

/// A field of a record that has no character that JSON escapes: a name, a module. It is looked up in
/// the record's text: messages and blueprints ask for it, and each pointer to a name would cost every
/// route of every program.
pub(crate) fn field(record: &[u8], name: &str) -> Option<String> {
    let json = String::from_utf8_lossy(record.get(section::framed_len("")..)?);
    let value = json.split_once(&format!("\"{name}\":\""))?.1;
    Some(value.split_once('"')?.0.to_owned())
}

/// A route's key as API Gateway spells it, with its hash.
#[derive(Debug)]
pub struct RouteKey {
    text: &'static str,
    hash: u64,
}

impl RouteKey {
    /// Hashes the key; in a constant, at compile time.
    pub const fn new(text: &'static str) -> Self {
        Self { text, hash: hash(text.as_bytes()) }
    }

    pub(crate) fn text(&self) -> &'static str {
        self.text
    }
}

/// FNV-1a: short, and good enough for a table of a few hundred keys that no client chooses.
const fn hash(bytes: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut index = 0;
    while index < bytes.len() {
        hash = (hash ^ bytes[index] as u64).wrapping_mul(0x0100_0000_01b3);
        index += 1;
    }
    hash
}

#[derive(Clone, Copy)]
struct Entry {
    key: &'static RouteKey,
    registration: &'static Registration,
}

struct PathEntry {
    method: Method,
    pattern: PathPattern,
    key: &'static str,
    registration: &'static Registration,
}

impl Router {
    /// The routes that were linked into this program.
    pub(crate) fn linked() -> Self {
        blueprint::linked_router()
            .unwrap_or_else(|| Self::from_registrations(|| inventory::iter::<Registration>.into_iter()))
    }

    pub(crate) fn from_registrations<I>(registrations: impl Fn() -> I) -> Self
    where
        I: Iterator<Item = &'static Registration>,
    {
        let count: usize = registrations().map(|found| found.keys.len()).sum();
        let mut router = Self {
            slots: vec![None; (count * 2).next_power_of_two()],
            by_path: OnceLock::new(),
            problem: None,
        };
        for registration in registrations() {
            for key in registration.keys {
                let entry = Entry { key, registration };
                let slot = router.slot(key.text, key.hash);
                match router.slots[slot] {
                    Some(first) => router.problem = Some(twice(first, entry)),
                    None => router.slots[slot] = Some(entry),
                }
            }
        }
        router
    }

    /// What is wrong with the routes, if anything is. The tool finds this before a deploy; a program
    /// that came here in another way shall not start with one of the two chosen by the linker.
    pub(crate) fn problem(&self) -> Option<String> {
        self.problem.clone()
    }

    /// The same router with something that is wrong with it.
    pub(crate) fn with_problem(mut self, problem: Option<String>) -> Self {
        self.problem = problem.or(self.problem);
        self
    }

    /// Finds the handler of a request.
    pub(crate) fn find<'r>(&self, request: &http_v2::Request<'r>) -> Found<'r> {
        let key = request.route_key.as_ref();
        if key.is_empty() || key == DEFAULT {
            return self.find_by_path(request);
        }
        match self.entry(key).or_else(|| self.entry(&format!("GET {}", key.strip_prefix("HEAD ")?))) {
            Some(entry) => Found::Handler(entry.registration, None),
            None => Found::Nothing,
        }
    }

    fn entry(&self, key: &str) -> Option<Entry> {
        self.slots[self.slot(key, hash(key.as_bytes()))]
    }

    /// The slot that has the key, or the free one where it would be. There is always a free one: the
    /// table has at least twice as many slots as keys.
    fn slot(&self, key: &str, hash: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = (hash ^ (hash >> 32)) as usize & mask;
        while self.slots[slot].is_some_and(|entry| entry.key.text != key) {
            slot = (slot + 1) & mask;
        }
        slot
    }

    fn find_by_path<'r>(&self, request: &http_v2::Request<'r>) -> Found<'r> {
        let routes = self.by_path.get_or_init(|| self.path_entries());
        let path = routed_path(&request.context, &request.raw_path);
        let method = request.context.method.as_ref();
        let mut others = Vec::new();
        for entry in routes {
            let Some(captures) = entry.pattern.captures(path) else { continue };
            // Where nobody answers HEAD, GET does; API Gateway leaves the body out.
            let answers_head = method == "HEAD"
                && entry.method == Method::Get
                && !routes.iter().any(|any| any.method == Method::Any && any.pattern == entry.pattern);
            if entry.method != Method::Any && entry.method.as_str() != method && !answers_head {
                if !others.contains(&entry.method) {
                    others.push(entry.method);
                }
                continue;
            }
            if is_guarded(entry.registration) {
                let key = entry.key;
                log::write(
                    Level::Warn,
                    format_args!(
                        "`{key}` has an authorizer, which API Gateway asks only where it chose the route"
                    ),
                    &[],
                );
                return Found::Nothing;
            }
            let parameters = captures
                .into_iter()
                .map(|(name, value)| (Cow::Owned(name.to_owned()), Cow::Owned(decoded(value, request))))
                .collect();
            return Found::Handler(entry.registration, Some(ByPath { key: entry.key, parameters }));
        }
        if others.is_empty() { Found::Nothing } else { Found::OtherMethods(others) }
    }

    /// All routes in the order in which API Gateway tries them.
    ///
    /// Each is put where it belongs: a sort is a lot of code for every program to have, and this runs once,
    /// where API Gateway has not chosen.
    fn path_entries(&self) -> Vec<PathEntry> {
        let mut entries: Vec<PathEntry> = Vec::new();
        for entry in self.slots.iter().flatten().filter_map(PathEntry::of) {
            let place = entry.place();
            let at = entries.partition_point(|known| known.place() < place);
            entries.insert(at, entry);
        }
        entries
    }
}

impl PathEntry {
    fn of(entry: &Entry) -> Option<Self> {
        let (method, path) = entry.key.text.split_once(' ')?;
        let ours = path.replace("+}", "..>").replace('{', "<").replace('}', ">");
        Some(Self {
            method: method.parse().ok()?,
            pattern: PathPattern::parse(&ours).ok()?,
            key: entry.key.text,
            registration: entry.registration,
        })
    }

    /// Where it stands among the others: the nearer pattern first, and for one pattern `HEAD`, which `GET`
    /// would answer, then each other method, then `ANY`.
    fn place(&self) -> impl Ord + use<> {
        (self.pattern.rank(), self.method == Method::Any, self.method != Method::Head, self.method)
    }
}

impl std::fmt::Debug for Router {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.slots.iter().flatten().map(|entry| entry.key.text)).finish()
    }
}

#[cold]
fn twice(first: Entry, second: Entry) -> String {
    format!(
        "the route `{}` is declared twice: `{}` and `{}`",
        first.key.text,
        function_of(first.registration.record),
        function_of(second.registration.record)
    )
}

const DEFAULT: &str = "$default";

/// The path without the stage that API Gateway puts before it on its own hosts. On a domain of the
/// user's own it does not, so there the same segment belongs to the path.
pub(crate) fn routed_path<'q>(context: &http_v2::RequestContext<'_>, path: &'q str) -> &'q str {
    if context.stage != DEFAULT && context.domain_name.contains(".execute-api.") {
        let rest = path.strip_prefix('/').and_then(|rest| rest.strip_prefix(context.stage.as_ref()));
        match rest {
            Some("") => return "/",
            Some(rest) if rest.starts_with('/') => return rest,
            _ => {}
        }
    }
    path
}

/// A captured value, percent-decoded where the path was not: a function URL's path is as the client
/// sent it, an HTTP API's has been decoded and must not be a second time.
fn decoded(value: &str, request: &http_v2::Request<'_>) -> String {
    if request.context.domain_name.contains(".lambda-url.") {
        percent_decode_str(value).decode_utf8_lossy().into_owned()
    } else {
        value.to_owned()
    }
}
