//! A project told in words, for tests of plans.

use camino::Utf8PathBuf;
use chalice_rs_manifest::{
    App as AppRecord, Authorizer, By, Cors, CorsRule, Guard, Handler, Head, Identity, Jwt, Manifest, Method,
    PathPattern, Question, Record, Reuse, Route, Rules,
};

use crate::artifact::Artifact;
use crate::cli::Architecture;
use crate::desired::Desired;
use crate::scope::Scope;
use crate::settings::{Settings, Statement};

/// What a project wants, told in words: `code v1, memory 256, env A=1, tag team=a, keep 7, x86_64,
/// jwt users https://issuer, asks gate 60, lambda legacy arn:.., not_found, GET /users/<id> for users
/// with read in heavy cors https://site`.
#[derive(Debug, Clone, Default)]
pub struct App {
    settings: Settings,
    code: String,
    architecture: Option<Architecture>,
    records: Vec<Record>,
}

impl App {
    pub fn parse(text: &str) -> Self {
        let mut app = Self { code: "v1".to_owned(), ..Self::default() };
        for word in text.split(", ").filter(|word| !word.is_empty()) {
            let (key, value) = word.split_once(' ').unwrap_or((word, ""));
            let pair = || value.split_once('=').map(|(k, v)| (k.to_owned(), v.to_owned())).unwrap();
            match key {
                "code" => app.code = value.to_owned(),
                "memory" => app.settings.memory = value.parse().unwrap(),
                "timeout" => app.settings.timeout = value.parse().unwrap(),
                "keep" => app.settings.log_retention = value.parse().unwrap(),
                "env" => app.settings.environment.extend([pair()]),
                "tag" => app.settings.tags.extend([pair()]),
                "x86_64" => app.architecture = Some(Architecture::X86_64),
                "jwt" | "asks" | "lambda" => app.records.push(authorizer(key, value)),
                "may" => app.settings.policy.push(statement(value)),
                "set" => {
                    // `set heavy memory=1024`
                    let (name, value) = value.split_once(' ').unwrap();
                    let own = app.settings.functions.entry(name.parse().unwrap()).or_default();
                    match value.split_once('=').unwrap() {
                        ("memory", value) => own.memory = Some(value.parse().unwrap()),
                        ("may", value) => own.policy.push(statement(value)),
                        (variable, value) => {
                            own.environment.insert(variable.to_owned(), value.to_owned());
                        }
                    }
                }
                "not_found" => app.records.push(Record::NotFound(Handler::default())),
                "headless" => {
                    let app_record = AppRecord { head: Head::Declared, ..AppRecord::default() };
                    app.records.push(Record::App(app_record));
                }
                method => app.records.push(route(method.parse().unwrap(), value)),
            }
        }
        app
    }

    /// What it wants on AWS.
    pub fn desired(&self, scope: &Scope) -> Desired {
        let artifact = Artifact {
            zip: Utf8PathBuf::from("target/chalice/app.zip"),
            sha256: format!("digest of {}", self.code),
            size: 1_300_000,
            architecture: self.architecture.unwrap_or(Architecture::Arm64),
            manifest: Manifest::from_records(self.records.clone()),
        };
        Desired::from(&self.settings, &artifact, scope)
    }
}

fn route(method: Method, text: &str) -> Record {
    let mut words = text.split(' ');
    let path = PathPattern::parse(words.next().unwrap()).unwrap();
    let mut rules = Rules::default();
    while let (Some(key), Some(value)) = (words.next(), words.next()) {
        match key {
            "for" if value == "iam" => rules.authorizer = Some(Guard::Iam),
            "for" => rules.authorizer = Some(Guard::Named(value.parse().unwrap())),
            "with" => rules.scopes.push(value.to_owned()),
            "in" => rules.lambda = Some(value.parse().unwrap()),
            "cors" => {
                let origins = vec![value.parse().unwrap()];
                rules.cors = Some(CorsRule::Allow(Cors { origins, ..Cors::default() }));
            }
            _ => panic!("{key} is nothing that a route has"),
        }
    }
    Record::Route(Route { path, methods: vec![method], function: "f".to_owned(), rules, ..Route::default() })
}

/// `dynamodb:GetItem`, on some table.
fn statement(action: &str) -> Statement {
    let resources = vec!["arn:${partition}:dynamodb:${region}:${account}:table/${app}-${stage}".to_owned()];
    Statement { actions: vec![action.to_owned()], resources }
}

fn authorizer(kind: &str, text: &str) -> Record {
    let (name, value) = text.split_once(' ').unwrap_or((text, ""));
    let question = |ttl| Question { identity: vec![Identity::authorization()], ttl, reuse: Reuse::PerRoute };
    let by = match kind {
        "jwt" => By::Jwt(Jwt {
            issuer: value.to_owned(),
            audiences: vec!["api".to_owned()],
            identity: Identity::authorization(),
        }),
        "asks" => By::Function(question(value.parse().unwrap())),
        _ => By::Lambda { arn: value.to_owned(), question: question(0) },
    };
    Record::Authorizer(Authorizer { name: name.parse().unwrap(), by, source: Default::default(), doc: None })
}
