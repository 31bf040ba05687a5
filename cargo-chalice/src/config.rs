//! `Chalice.toml`: reads it, finds every mistake in it, and merges it for one stage.
//!
//! Not here: which values AWS takes; see `settings.rs`.

mod part;

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use camino::{Utf8Path, Utf8PathBuf};
use chalice_rs_manifest::{AppName, FunctionName, Stage};
use miette::Diagnostic;
use thiserror::Error;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use crate::cli::Architecture;
use crate::settings::{self, Origin, Settings, Statement};
use crate::suggest;
use part::{AuthorizerLayer, FunctionLayer};

/// The file's name, in the package's folder.
pub const FILE: &str = "Chalice.toml";

/// The file, read and checked, for every stage.
#[derive(Debug, Default)]
pub struct Config {
    every_stage: Layer,
    stages: BTreeMap<Stage, Layer>,
}

/// What holds for one stage, and where each value comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Effective {
    /// The app's name, when the file has one.
    pub app: Option<AppName>,
    /// The settings, defaults filled in.
    pub settings: Settings,
    /// Where each value comes from: `memory`, `environment.NAME`, ..
    pub origins: BTreeMap<String, Origin>,
}

/// The keys at the file's top, in the order of the documentation.
const KEYS: [&str; 14] = [
    "app",
    "region",
    "account",
    "memory",
    "timeout",
    "architecture",
    "log-retention",
    "debug",
    "environment",
    "tags",
    "policy",
    "functions",
    "authorizers",
    "stages",
];

/// The keys of one stage: the same, without stages in stages.
const STAGE_KEYS: &[&str] = KEYS.split_at(KEYS.len() - 1).0;

impl Config {
    /// Reads the text of a file; `file` is its name for errors.
    pub fn parse(file: &Utf8Path, text: &str) -> Result<Self, Vec<ConfigError>> {
        let mut reader = Reader { file, text, errors: Vec::new() };
        let (table, errors) = DeTable::parse_recoverable(text);
        if !errors.is_empty() {
            // After a syntax error the rest is a guess: other mistakes may be none.
            let syntax = |error: &toml::de::Error| ConfigError::Syntax {
                at: reader.place(&error.span().unwrap_or(0..0)),
                message: error.message().to_owned(),
            };
            return Err(errors.iter().map(syntax).collect());
        }
        let config = reader.config(table.get_ref());
        if reader.errors.is_empty() {
            Ok(config)
        } else {
            reader.errors.sort_by_key(|error| error.place().line);
            Err(reader.errors)
        }
    }

    /// What holds for one stage: its own values, else those for every stage, else the defaults.
    /// Environment variables, tags and policies add up.
    pub fn effective(&self, stage: &Stage) -> Effective {
        let mut effective = Effective { app: None, settings: Settings::default(), origins: BTreeMap::new() };
        effective.overlay(&self.every_stage, None);
        if let Some(layer) = self.stages.get(stage) {
            effective.overlay(layer, Some(stage));
        }
        effective
    }
}

impl Effective {
    fn overlay(&mut self, layer: &Layer, stage: Option<&Stage>) {
        let Self { app, settings, origins } = self;
        let mut over = Overlay { stage, origins };
        over.set(app, "app", layer.app.as_ref().map(Found::optional));
        over.set(&mut settings.region, "region", layer.region.as_ref().map(Found::optional));
        over.set(&mut settings.account, "account", layer.account.as_ref().map(Found::optional));
        over.set(&mut settings.memory, "memory", layer.memory.clone());
        over.set(&mut settings.timeout, "timeout", layer.timeout.clone());
        over.set(
            &mut settings.architecture,
            "architecture",
            layer.architecture.as_ref().map(Found::optional),
        );
        over.set(&mut settings.log_retention, "log-retention", layer.log_retention.clone());
        over.set(&mut settings.debug, "debug", layer.debug.clone());
        over.merge(&mut settings.environment, "environment", &layer.environment);
        over.merge(&mut settings.tags, "tags", &layer.tags);
        over.policy(&mut settings.policy, "policy", &layer.policy);
        over.functions(&mut settings.functions, &layer.functions);
        over.authorizers(&mut settings.authorizers, &layer.authorizers);
    }
}

/// Lays one layer over what is there, and remembers where each value came from.
struct Overlay<'a> {
    stage: Option<&'a Stage>,
    origins: &'a mut BTreeMap<String, Origin>,
}

impl Overlay<'_> {
    fn set<T>(&mut self, slot: &mut T, key: &str, found: Option<Found<T>>) {
        if let Some(found) = found {
            *slot = found.value;
            let origin = Origin::File { line: found.line, stage: self.stage.cloned() };
            self.origins.insert(key.to_owned(), origin);
        }
    }

    fn merge(
        &mut self,
        map: &mut BTreeMap<String, String>,
        key: &str,
        layer: &BTreeMap<String, Found<String>>,
    ) {
        for (name, found) in layer {
            let slot = map.entry(name.clone()).or_default();
            self.set(slot, &format!("{key}.{name}"), Some(found.clone()));
        }
    }
}

/// The keys of the file's top, or of one `[stages.NAME]`.
#[derive(Debug, Default)]
struct Layer {
    app: Option<Found<AppName>>,
    region: Option<Found<String>>,
    account: Option<Found<String>>,
    memory: Option<Found<u32>>,
    timeout: Option<Found<u32>>,
    architecture: Option<Found<Architecture>>,
    log_retention: Option<Found<u32>>,
    debug: Option<Found<bool>>,
    policy: Vec<Found<Statement>>,
    functions: BTreeMap<FunctionName, FunctionLayer>,
    authorizers: BTreeMap<FunctionName, AuthorizerLayer>,
    environment: BTreeMap<String, Found<String>>,
    tags: BTreeMap<String, Found<String>>,
}

/// A value and its line.
#[derive(Debug, Clone)]
struct Found<T> {
    value: T,
    line: usize,
}

impl<T: Clone> Found<T> {
    fn optional(&self) -> Found<Option<T>> {
        Found { value: Some(self.value.clone()), line: self.line }
    }
}

/// Walks the parsed file and collects every mistake.
struct Reader<'f> {
    file: &'f Utf8Path,
    text: &'f str,
    errors: Vec<ConfigError>,
}

type Entry<'a, 'i> = &'a Spanned<DeValue<'i>>;

impl Reader<'_> {
    fn config(&mut self, table: &DeTable<'_>) -> Config {
        let mut config = Config { every_stage: self.layer(table, &KEYS), ..Config::default() };
        let Some(stages) = table.get("stages").and_then(|stages| self.table("stages", stages)) else {
            return config;
        };
        for (name, value) in stages {
            let stage = match name.get_ref().parse::<Stage>() {
                Ok(stage) => Some(stage),
                Err(error) => {
                    let at = self.place(&name.span());
                    self.errors.push(ConfigError::Name {
                        at,
                        message: error.to_string(),
                        help: error.help(),
                    });
                    None
                }
            };
            let layer = self.table(&format!("stages.{}", name.get_ref()), value);
            let layer = layer.map(|table| self.layer(table, STAGE_KEYS));
            if let (Some(stage), Some(layer)) = (stage, layer) {
                config.stages.insert(stage, layer);
            }
        }
        config
    }

    fn layer(&mut self, table: &DeTable<'_>, keys: &[&str]) -> Layer {
        let mut layer = Layer::default();
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "app" => layer.app = self.app(value),
                "region" => layer.region = self.region(value),
                "account" => layer.account = self.account(value),
                "memory" => layer.memory = self.number("memory", "MB", settings::MEMORY, value),
                "timeout" => layer.timeout = self.number("timeout", "seconds", settings::TIMEOUT, value),
                "architecture" => layer.architecture = self.architecture(value),
                "log-retention" => layer.log_retention = self.log_retention(value),
                "debug" => layer.debug = self.truth("debug", value),
                "environment" => layer.environment = self.environment(value),
                "tags" => layer.tags = self.tags(value),
                "policy" => layer.policy = self.policy("[[policy]]", value),
                "functions" => layer.functions = self.functions(value),
                "authorizers" => layer.authorizers = self.authorizers(value),
                "stages" if keys.contains(&"stages") => {}
                unknown => self.unknown(key, unknown, keys),
            }
        }
        layer
    }

    fn unknown(&mut self, key: &Spanned<DeString<'_>>, name: &str, keys: &[&str]) {
        let at = self.place(&key.span());
        let help = suggest::help(name, keys);
        self.errors.push(ConfigError::UnknownKey { at, key: name.to_owned(), help });
    }

    fn app(&mut self, value: Entry<'_, '_>) -> Option<Found<AppName>> {
        let text = self.text("app", value)?;
        match text.value.parse() {
            Ok(app) => Some(Found { value: app, line: text.line }),
            Err(error) => {
                let error: chalice_rs_manifest::NameError = error;
                let at = self.place(&value.span());
                self.errors.push(ConfigError::Name { at, message: error.to_string(), help: error.help() });
                None
            }
        }
    }

    fn region(&mut self, value: Entry<'_, '_>) -> Option<Found<String>> {
        let text = self.text("region", value)?;
        self.only("region", value, settings::is_region(&text.value).then_some(text), || {
            "write it as in `eu-west-1`".to_owned()
        })
    }

    fn account(&mut self, value: Entry<'_, '_>) -> Option<Found<String>> {
        let text = self.text("account", value)?;
        self.only("account", value, settings::is_account(&text.value).then_some(text), || {
            "write its twelve digits, as in `\"123456789012\"`".to_owned()
        })
    }

    fn architecture(&mut self, value: Entry<'_, '_>) -> Option<Found<Architecture>> {
        let text = self.text("architecture", value)?;
        let architecture = Architecture::ALL.into_iter().find(|known| known.as_str() == text.value);
        let found = architecture.map(|value| Found { value, line: text.line });
        self.only("architecture", value, found, || {
            suggest::help(&text.value, &Architecture::ALL.map(Architecture::as_str))
        })
    }

    fn log_retention(&mut self, value: Entry<'_, '_>) -> Option<Found<u32>> {
        let days = self.number("log-retention", "days", 1..=u32::MAX, value)?;
        let known = settings::LOG_RETENTION.contains(&days.value).then(|| days.clone());
        self.only("log-retention", value, known, || {
            let nearest = settings::LOG_RETENTION.into_iter().min_by_key(|known| known.abs_diff(days.value));
            format!(
                "CloudWatch Logs takes a few numbers of days only; the nearest is {}",
                nearest.unwrap_or(30)
            )
        })
    }

    fn environment(&mut self, value: Entry<'_, '_>) -> BTreeMap<String, Found<String>> {
        self.texts(
            "environment",
            value,
            |name, _| settings::variable_name(name),
            |problem| {
                if problem.contains("sets itself") {
                    "choose another name"
                } else if problem.contains("the key") {
                    "write `debug = true` above, or under `[stages.NAME]`"
                } else {
                    "use letters, digits and `_`, starting with a letter, at least two"
                }
            },
        )
    }

    fn tags(&mut self, value: Entry<'_, '_>) -> BTreeMap<String, Found<String>> {
        let tags = self.texts("tags", value, settings::tag, |_| {
            "use letters, digits, spaces and `_.:/=+-@`, in at most 128 characters for the name and 256 for the value"
        });
        let limit = settings::TAG_LIMIT - settings::OWN_TAGS;
        if tags.len() > limit {
            let at = self.place(&value.span());
            self.errors.push(ConfigError::TooManyTags { at, found: tags.len(), limit });
        }
        tags
    }

    /// A table of texts, each checked by its name and value.
    fn texts(
        &mut self,
        key: &str,
        value: Entry<'_, '_>,
        check: impl Fn(&str, &str) -> Result<(), &'static str>,
        help: impl Fn(&str) -> &'static str,
    ) -> BTreeMap<String, Found<String>> {
        let mut texts = BTreeMap::new();
        let Some(table) = self.table(key, value) else { return texts };
        for (name, value) in table {
            let Some(text) = self.text(&format!("{key}.{}", name.get_ref()), value) else { continue };
            match check(name.get_ref(), &text.value) {
                Ok(()) => {
                    texts.insert(name.get_ref().to_string(), text);
                }
                Err(problem) => {
                    let at = self.place(&name.span());
                    let message = format!("`{}` {problem}", name.get_ref());
                    self.errors.push(ConfigError::Name { at, message, help: help(problem).to_owned() });
                }
            }
        }
        texts
    }

    fn text(&mut self, key: &str, value: Entry<'_, '_>) -> Option<Found<String>> {
        match value.get_ref() {
            DeValue::String(text) => {
                Some(Found { value: text.to_string(), line: self.place(&value.span()).line })
            }
            DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) => {
                let written = self.text.get(value.span()).unwrap_or_default();
                self.wrong_type(key, "a text", value, format!("write it in quotes: `\"{written}\"`"))
            }
            DeValue::Array(_) | DeValue::Table(_) => {
                self.wrong_type(key, "a text", value, "write a text in quotes".to_owned())
            }
        }
    }

    fn number(
        &mut self,
        key: &'static str,
        unit: &'static str,
        range: std::ops::RangeInclusive<u32>,
        value: Entry<'_, '_>,
    ) -> Option<Found<u32>> {
        let help = format!("write a number of {unit} without quotes");
        let DeValue::Integer(integer) = value.get_ref() else {
            return self.wrong_type(key, "a whole number", value, help);
        };
        let number = i128::from_str_radix(integer.as_str(), integer.radix()).ok();
        let number =
            number.and_then(|number| u32::try_from(number).ok()).filter(|number| range.contains(number));
        let found = number.map(|number| Found { value: number, line: self.place(&value.span()).line });
        self.only(key, value, found, || format!("use {} to {} {unit}", range.start(), range.end()))
    }

    fn truth(&mut self, key: &str, value: Entry<'_, '_>) -> Option<Found<bool>> {
        match value.get_ref() {
            DeValue::Boolean(truth) => Some(Found { value: *truth, line: self.place(&value.span()).line }),
            _ => self.wrong_type(
                key,
                "`true` or `false`",
                value,
                "write it without quotes: `debug = true`".to_owned(),
            ),
        }
    }

    fn table<'a, 'i>(&mut self, key: &str, value: Entry<'a, 'i>) -> Option<&'a DeTable<'i>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            let help = format!("write a table `[{key}]` with one `name = value` a line");
            return self.wrong_type(key, "a table", value, help);
        }
        table
    }

    /// The value when it is one that AWS takes.
    fn only<T>(
        &mut self,
        key: &'static str,
        value: Entry<'_, '_>,
        found: Option<T>,
        help: impl FnOnce() -> String,
    ) -> Option<T> {
        if found.is_none() {
            let at = self.place(&value.span());
            let written = self.text.get(value.span()).unwrap_or_default().to_owned();
            self.errors.push(ConfigError::Value { at, key, written, help: help() });
        }
        found
    }

    fn wrong_type<T>(
        &mut self,
        key: &str,
        expected: &'static str,
        value: Entry<'_, '_>,
        help: String,
    ) -> Option<T> {
        let at = self.place(&value.span());
        self.errors.push(ConfigError::WrongType { at, key: key.to_owned(), expected, help });
        None
    }

    fn place(&self, span: &Range<usize>) -> Place {
        let before = self.text.as_bytes().get(..span.start).unwrap_or_default();
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        Place { file: self.file.to_owned(), line }
    }
}

/// A line of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub file: Utf8PathBuf,
    pub line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// One mistake in the file.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum ConfigError {
    #[error("{at}: {message}")]
    #[diagnostic(code(chalice::config::syntax), help("the file is TOML: https://toml.io"))]
    Syntax { at: Place, message: String },

    #[error("{at}: unknown key `{key}`")]
    #[diagnostic(code(chalice::config::unknown_key), help("{help}"))]
    UnknownKey { at: Place, key: String, help: String },

    #[error("{at}: `{key}` is not {expected}")]
    #[diagnostic(code(chalice::config::wrong_type), help("{help}"))]
    WrongType { at: Place, key: String, expected: &'static str, help: String },

    #[error("{at}: `{key}` cannot be `{written}`")]
    #[diagnostic(code(chalice::config::value), help("{help}"))]
    Value { at: Place, key: &'static str, written: String, help: String },

    #[error("{at}: {message}")]
    #[diagnostic(code(chalice::config::name), help("{help}"))]
    Name { at: Place, message: String, help: String },

    #[error("{at}: {found} tags; {limit} is the most beside our own")]
    #[diagnostic(code(chalice::config::too_many_tags), help("remove some"))]
    TooManyTags { at: Place, found: usize, limit: usize },
}

impl ConfigError {
    fn place(&self) -> &Place {
        match self {
            Self::Syntax { at, .. }
            | Self::UnknownKey { at, .. }
            | Self::WrongType { at, .. }
            | Self::Value { at, .. }
            | Self::Name { at, .. }
            | Self::TooManyTags { at, .. } => at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn effective(text: &str, stage: &str) -> Effective {
        Config::parse(Utf8Path::new(FILE), text)
            .expect("a good file")
            .effective(&stage.parse().expect("a stage"))
    }

    #[track_caller]
    pub(super) fn check(text: &str, expected: &[&str]) {
        let errors = Config::parse(Utf8Path::new(FILE), text).expect_err("a bad file");
        let found: Vec<String> = errors
            .iter()
            .map(|error| format!("{error}; {}", error.help().expect("every mistake has a help")))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn an_empty_file_gives_the_defaults() {
        let effective = effective("", "dev");
        assert_eq!(effective.settings, Settings::default());
        assert_eq!(effective.origins, BTreeMap::new());
    }

    #[test]
    fn a_stage_overrides_values_and_merges_maps() {
        let text = r#"
            app = "orders"
            memory = 256
            region = "eu-west-1"
            architecture = "x86_64"
            [environment]
            LEVEL = "info"
            TABLE = "dev"
            [tags]
            team = "shop"
            [stages.dev]
            debug = true
            [stages.prod]
            memory = 1_024
            account = "123456789012"
            log-retention = 365
            [stages.prod.environment]
            TABLE = "prod"
        "#;
        let dev = effective(text, "dev");
        assert_eq!(dev.app.as_ref().map(AppName::as_str), Some("orders"));
        assert_eq!((dev.settings.memory, dev.settings.account.as_deref()), (256, None));
        assert_eq!(dev.settings.architecture, Some(Architecture::X86_64));
        assert_eq!(dev.settings.environment["TABLE"], "dev");
        assert_eq!(dev.settings.variables()["CHALICE_DEBUG"], "1");

        let prod = effective(text, "prod");
        assert_eq!(prod.settings.memory, 1024);
        assert_eq!(prod.settings.variables(), prod.settings.environment);
        assert_eq!(prod.settings.region.as_deref(), Some("eu-west-1"));
        assert_eq!(prod.settings.account.as_deref(), Some("123456789012"));
        assert_eq!(prod.settings.log_retention, 365);
        assert_eq!(prod.settings.environment["TABLE"], "prod");
        assert_eq!(prod.settings.environment["LEVEL"], "info");
        assert_eq!(prod.settings.tags["team"], "shop");
        assert_eq!(prod.origins["memory"].to_string(), "Chalice.toml:14 [stages.prod]");
        assert_eq!(prod.origins["environment.LEVEL"].to_string(), "Chalice.toml:7");
        assert_eq!(prod.origins["environment.TABLE"].to_string(), "Chalice.toml:18 [stages.prod]");
        assert!(!prod.origins.contains_key("timeout"));
    }

    #[test]
    fn an_unknown_key_is_answered_with_the_nearest_one() {
        check("memroy = 1", &["Chalice.toml:1: unknown key `memroy`; did you mean `memory`?"]);
        check(
            "\n[stages.dev]\nlog_retention = 1",
            &["Chalice.toml:3: unknown key `log_retention`; did you mean `log-retention`?"],
        );
        check("[stage.dev]", &["Chalice.toml:1: unknown key `stage`; did you mean `stages`?"]);
        check(
            "[stages.dev.stages.prod]",
            &[
                "Chalice.toml:1: unknown key `stages`; use one of `app`, `region`, `account`, `memory`, `timeout`, \
             `architecture`, `log-retention`, `debug`, `environment`, `tags`, `policy`, `functions`, \
             `authorizers`",
            ],
        );
    }

    #[test]
    fn values_that_aws_refuses_are_refused() {
        check("memory = 127", &["Chalice.toml:1: `memory` cannot be `127`; use 128 to 10240 MB"]);
        check("memory = -1", &["Chalice.toml:1: `memory` cannot be `-1`; use 128 to 10240 MB"]);
        check("timeout = 901", &["Chalice.toml:1: `timeout` cannot be `901`; use 1 to 900 seconds"]);
        check(
            "log-retention = 31",
            &["Chalice.toml:1: `log-retention` cannot be `31`; \
             CloudWatch Logs takes a few numbers of days only; the nearest is 30"],
        );
        check(
            "architecture = 'arm-64'",
            &["Chalice.toml:1: `architecture` cannot be `'arm-64'`; did you mean `arm64`?"],
        );
        check(
            "region = 'ireland'",
            &["Chalice.toml:1: `region` cannot be `'ireland'`; write it as in `eu-west-1`"],
        );
        check(
            "account = '1'",
            &["Chalice.toml:1: `account` cannot be `'1'`; write its twelve digits, as in `\"123456789012\"`"],
        );
        check(
            "app = 'my app'",
            &[
                "Chalice.toml:1: the app name `my app` has a ` `; use letters, digits, `-` and `_`, starting with a letter",
            ],
        );
        check(
            "[stages.'a b']",
            &[
                "Chalice.toml:1: the stage `a b` has a ` `; use letters, digits, `-` and `_`, starting with a letter",
            ],
        );
    }

    #[test]
    fn wrong_types_are_answered_with_the_right_spelling() {
        check(
            "account = 123456789012",
            &["Chalice.toml:1: `account` is not a text; write it in quotes: `\"123456789012\"`"],
        );
        check(
            "memory = '256'",
            &["Chalice.toml:1: `memory` is not a whole number; write a number of MB without quotes"],
        );
        check(
            "[environment]\nPORT = 8080",
            &["Chalice.toml:2: `environment.PORT` is not a text; write it in quotes: `\"8080\"`"],
        );
        check(
            "environment = 1",
            &["Chalice.toml:1: `environment` is not a table; \
             write a table `[environment]` with one `name = value` a line"],
        );
        check(
            "stages = []\nregion = ['eu-west-1']",
            &[
                "Chalice.toml:1: `stages` is not a table; write a table `[stages]` with one `name = value` a line",
                "Chalice.toml:2: `region` is not a text; write a text in quotes",
            ],
        );
    }

    #[test]
    fn variables_and_tags_that_aws_refuses_are_refused() {
        check(
            "debug = 'yes'\n[environment]\nCHALICE_DEBUG = '1'",
            &[
                "Chalice.toml:1: `debug` is not `true` or `false`; write it without quotes: `debug = true`",
                "Chalice.toml:3: `CHALICE_DEBUG` is what the key `debug` sets; \
             write `debug = true` above, or under `[stages.NAME]`",
            ],
        );
        check(
            "[environment]\nAWS_REGION = 'x'\nA-B = 'x'",
            &[
                "Chalice.toml:2: `AWS_REGION` is a variable that Lambda sets itself; choose another name",
                "Chalice.toml:3: `A-B` is not a name that Lambda takes; \
             use letters, digits and `_`, starting with a letter, at least two",
            ],
        );
        let tags: String = (0..49).map(|index| format!("t{index} = 'x'\n")).collect();
        check(
            &format!("[tags]\n{tags}"),
            &["Chalice.toml:1: 49 tags; 48 is the most beside our own; remove some"],
        );
    }

    #[test]
    fn all_mistakes_of_a_file_are_found_at_once_in_its_order() {
        let found = Config::parse(
            Utf8Path::new("x"),
            "timeout = 0\nfoo = 1\n[stages.dev]\nmemory = 1\n[tags]\n'aws:a' = 'b'",
        )
        .expect_err("a bad file");
        assert_eq!(found.iter().map(|error| error.place().line).collect::<Vec<_>>(), [1, 2, 4, 6]);
    }

    #[test]
    fn a_file_that_is_not_toml_says_where() {
        let errors =
            Config::parse(Utf8Path::new(FILE), "memory = 128\ntimeout = \n").expect_err("a bad file");
        assert!(matches!(&errors[0], ConfigError::Syntax { at, .. } if at.line == 2), "{errors:?}");
    }
}
