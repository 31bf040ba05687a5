//! An API's changes in the user's words.

use std::collections::BTreeMap;

use super::{
    Access, Authorizer, Bring, Browsers, Change, CorsStep, Grant, Part, Rerouted, Route, StageStep, Whole,
    Why, authorizer,
};
use crate::resource::tags::Retag;
use crate::resource::{Kind, Line};
use crate::scope::Scope;

impl Change {
    /// In the user's words.
    pub fn lines(&self, scope: &Scope) -> Vec<Line> {
        match self {
            Self::Bring(bring) => bring.lines(scope),
            Self::Delete { id, name, why: Why::Unwanted } => {
                vec![Line::remove(Kind::Api, format!("{name} ({id})   with all its routes")).destructive()]
            }
            Self::Delete { id, name, why: Why::Double } => {
                vec![Line::remove(Kind::Api, format!("{name} ({id})   left over from an interrupted deploy"))]
            }
            Self::Revoke { .. } => vec![Line::remove(Kind::Api, "a permission that nothing uses")],
        }
    }
}

impl Bring {
    fn lines(&self, scope: &Scope) -> Vec<Line> {
        let mut lines = Vec::new();
        let words = self.words();
        let text =
            [vec![self.name.clone()], (!words.is_empty()).then(|| words.join(", ")).into_iter().collect()];
        let text = text.concat().join("   ");
        match &self.api {
            Whole::Create { .. } => lines.push(Line::add(Kind::Api, text)),
            Whole::Keep { .. } if words.is_empty() => {}
            Whole::Keep { .. } => lines.push(Line::alter(Kind::Api, text)),
        }
        lines.extend(self.authorizers.iter().filter_map(|(name, step)| step.line(&name.to_string())));
        let new = folded(self.new_routes.iter().map(|(key, to)| (key, to.words(scope))));
        lines.extend(new.into_iter().map(|(text, keys)| Line::add(Kind::Route, text).about(keys)));
        let rerouted = folded(self.rerouted.iter().map(|(key, route)| (key, route.words(scope))));
        lines.extend(rerouted.into_iter().map(|(text, keys)| Line::alter(Kind::Route, text).about(keys)));
        // Callers of a route that goes get a 404.
        let old = folded(self.old_routes.keys().map(|key| (key, Vec::new())));
        lines.extend(
            old.into_iter().map(|(text, keys)| Line::remove(Kind::Route, text).about(keys).destructive()),
        );
        let unused = self.unused_authorizers.values();
        lines.extend(unused.map(|name| Line::remove(Kind::Authorizer, name.to_string())));
        lines
    }

    /// What there is to say beside routes and authorizers.
    fn words(&self) -> Vec<String> {
        let mut words = Vec::new();
        if let Whole::Keep { rename, address, tags, .. } = &self.api {
            words.extend(rename.as_ref().map(|from| format!("named {from} → {}", self.name)));
            words.extend(address.map(|_| "its address works again".to_owned()));
            words.extend(tags.as_ref().map(Retag::words));
            words.extend(self.calls());
        }
        if self.browsers_change() {
            words.push(self.browsers.words());
        }
        match &self.stage {
            StageStep::Create { .. } if matches!(self.api, Whole::Create { .. }) => {}
            StageStep::Create { .. } => words.push("answers".to_owned()),
            StageStep::Alter { deploy, tags } => {
                words.extend(deploy.map(|_| "deploys by itself".to_owned()));
                words.extend(tags.as_ref().map(|tags| format!("stage {}", tags.words())));
            }
            StageStep::Keep => {}
        }
        if !self.unused.is_empty() {
            words.push("drops what nothing uses".to_owned());
        }
        words
    }

    /// How an API that exists will call functions; nothing is said of a new one, which will.
    fn calls(&self) -> Vec<String> {
        let mut words = Vec::new();
        let called = |wanted: fn(&Part<_>) -> bool| {
            let found = self.integrations.iter().filter(|(_, part)| wanted(part));
            Some(self.functions(found.map(|(function, _)| function))).filter(|text| !text.is_empty())
        };
        words.extend(called(|part| matches!(part, Part::Create(_))).map(|text| format!("calls {text}")));
        let altered = called(|part| matches!(part, Part::Alter { .. }));
        words.extend(altered.map(|text| format!("how it calls {text}")));
        let granted = self.grants.iter().filter(|(_, grant)| **grant != Grant::Keep);
        let granted = self.functions(granted.map(|(function, _)| function));
        // That it calls a function says that it may.
        if !granted.is_empty() && words.is_empty() {
            words.push(format!("may call {granted}"));
        }
        words
    }

    /// `the function`, or their names.
    fn functions<'f>(&self, names: impl Iterator<Item = &'f String>) -> String {
        let names: Vec<&str> =
            names.map(|name| if *name == self.name { "the function" } else { name }).collect();
        names.join(" and ")
    }

    /// Whether there is something to say about browsers.
    fn browsers_change(&self) -> bool {
        let new = || self.new_routes.keys().any(|key| key.starts_with("OPTIONS "));
        match &self.browsers {
            Browsers::Gateway(_) | Browsers::Nobody => self.cors != CorsStep::Keep,
            Browsers::Function(_) => self.cors != CorsStep::Keep || new(),
        }
    }
}

impl authorizer::Step {
    fn line(&self, name: &str) -> Option<Line> {
        let words = |to: &Authorizer| format!("{name}   {}", to.words(&self.asks));
        match &self.part {
            Part::Create(to) => Some(Line::add(Kind::Authorizer, words(to))),
            Part::Alter { to, .. } => Some(Line::alter(Kind::Authorizer, words(to))),
            Part::Keep { .. } if self.grant == Grant::Keep => None,
            Part::Keep { .. } => {
                Some(Line::alter(Kind::Authorizer, format!("{name}   may ask its function")))
            }
        }
    }
}

impl Route {
    fn words(&self, scope: &Scope) -> Vec<String> {
        let access = (self.access != Access::Open).then(|| self.access.words());
        let function = scope.short(&self.function).map(|name| format!("in {name}"));
        access.into_iter().chain(function).collect()
    }
}

impl Rerouted {
    fn words(&self, scope: &Scope) -> Vec<String> {
        let mut words = Vec::new();
        if self.access.as_ref() != Some(&self.to.access) {
            let to = self.to.access.words();
            words.push(match self.access.as_ref().map(Access::words) {
                // Of the same name, and of another kind.
                Some(from) if from == to => format!("{to}, which is another authorizer now"),
                Some(from) => format!("{from} → {to}"),
                None => to,
            });
        }
        if self.from.as_ref() != Some(&self.to.function) {
            let name = scope.short(&self.to.function);
            words.push(name.map_or("to the function".to_owned(), |name| format!("to {name}")));
        }
        // What it has now is another authorizer of the same name.
        if words.is_empty() {
            words.push(self.to.access.words());
        }
        words
    }
}

impl Access {
    fn words(&self) -> String {
        match self {
            Self::Open => "open to all".to_owned(),
            Self::Iam => "for IAM".to_owned(),
            Self::Asked { authorizer } => format!("for {authorizer}"),
            Self::Token { authorizer, scopes } if scopes.is_empty() => format!("for {authorizer}"),
            Self::Token { authorizer, scopes } => {
                let scopes: Vec<_> = scopes.iter().map(String::as_str).collect();
                format!("for {authorizer} with {}", scopes.join(" or "))
            }
        }
    }
}

/// One text per route, with the keys it is about. HEAD and OPTIONS stand on the line of another route of their path when the
/// same is said of both: an app's few routes shall not look like twice as many.
fn folded<'k>(routes: impl Iterator<Item = (&'k String, Vec<String>)>) -> Vec<(String, Vec<String>)> {
    let routes: BTreeMap<&str, Vec<String>> = routes.map(|(key, words)| (key.as_str(), words)).collect();
    let mut beside: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (key, words) in &routes {
        let Some((method, path)) = key.split_once(' ') else { continue };
        let host = routes.iter().find(|(other, said)| {
            let Some((host, other_path)) = other.split_once(' ') else { return false };
            let hosts = match method {
                "HEAD" => host == "GET",
                // What browsers ask first needs no authorizer, whatever its route needs.
                "OPTIONS" => !matches!(host, "HEAD" | "OPTIONS"),
                _ => false,
            };
            hosts && other_path == path && (method == "OPTIONS" || *said == words)
        });
        if let Some((host, _)) = host {
            beside.entry(host).or_default().push(key);
        }
    }
    let told: Vec<&str> = beside.values().flatten().copied().collect();
    let line = |(key, words): (&&str, &Vec<String>)| {
        let beside = beside.get(key).map(Vec::as_slice).unwrap_or_default();
        let methods: Vec<&str> = beside.iter().filter_map(|key| key.split(' ').next()).collect();
        let keys = std::iter::once(key).chain(beside).map(|key| (*key).to_owned()).collect();
        let beside = (!methods.is_empty()).then(|| format!("and {}", methods.join(", ")));
        let words: Vec<String> = words.iter().cloned().chain(beside).collect();
        let text = match words.is_empty() {
            true => as_written(key),
            false => format!("{}   {}", as_written(key), words.join(", ")),
        };
        (text, keys)
    };
    routes.iter().filter(|(key, _)| !told.contains(key)).map(line).collect()
}

/// A route's key with its path as the user wrote it: `GET /users/<id>`.
fn as_written(key: &str) -> String {
    match key {
        "$default" => "whatever no other route takes".to_owned(),
        key => key.replace("+}", "..>").replace('{', "<").replace('}', ">"),
    }
}
