//! The tables of `Chalice.toml` for a part of the app: `[functions.NAME]`, `[authorizers.NAME]`, and
//! the statements of `[[policy]]`.

use std::collections::BTreeMap;

use chalice_rs_manifest::{FunctionName, Jwt, NameError};
use toml::de::{DeTable, DeValue};

use super::{ConfigError, Entry, Found, Overlay, Reader};
use crate::settings::{self, AuthorizerSettings, Breadth, FunctionSettings, Statement, UNRESTRICTED};

/// The keys of `[functions.NAME]`.
const FUNCTION_KEYS: [&str; 4] = ["memory", "timeout", "environment", "policy"];

/// The keys of `[authorizers.NAME]`.
const AUTHORIZER_KEYS: [&str; 4] = ["issuer", "user-pool", "audiences", "arn"];

/// The keys of `[[policy]]`.
const STATEMENT_KEYS: [&str; 3] = ["actions", "resources", UNRESTRICTED];

/// What a layer says of one function.
#[derive(Debug, Default)]
pub(super) struct FunctionLayer {
    memory: Option<Found<u32>>,
    timeout: Option<Found<u32>>,
    environment: BTreeMap<String, Found<String>>,
    policy: Vec<Found<Statement>>,
}

/// What a layer says of one authorizer.
#[derive(Debug, Default)]
pub(super) struct AuthorizerLayer {
    issuer: Option<Found<String>>,
    audiences: Option<Found<Vec<String>>>,
    arn: Option<Found<String>>,
}

impl Overlay<'_> {
    /// Statements add up.
    pub(super) fn policy(&mut self, all: &mut Vec<Statement>, key: &str, layer: &[Found<Statement>]) {
        for found in layer {
            let mut more = all.clone();
            more.push(found.value.clone());
            self.set(all, key, Some(Found { value: more, line: found.line }));
        }
    }

    pub(super) fn functions(
        &mut self,
        all: &mut BTreeMap<FunctionName, FunctionSettings>,
        layer: &BTreeMap<FunctionName, FunctionLayer>,
    ) {
        for (name, layer) in layer {
            let settings = all.entry(name.clone()).or_default();
            let key = |key: &str| format!("functions.{name}.{key}");
            let optional = |found: &Option<Found<u32>>| found.as_ref().map(Found::optional);
            self.set(&mut settings.memory, &key("memory"), optional(&layer.memory));
            self.set(&mut settings.timeout, &key("timeout"), optional(&layer.timeout));
            self.merge(&mut settings.environment, &key("environment"), &layer.environment);
            self.policy(&mut settings.policy, &key("policy"), &layer.policy);
        }
    }

    pub(super) fn authorizers(
        &mut self,
        all: &mut BTreeMap<FunctionName, AuthorizerSettings>,
        layer: &BTreeMap<FunctionName, AuthorizerLayer>,
    ) {
        for (name, layer) in layer {
            let settings = all.entry(name.clone()).or_default();
            let key = |key: &str| format!("authorizers.{name}.{key}");
            let audiences = layer.audiences.as_ref().map(Found::optional);
            self.set(&mut settings.issuer, &key("issuer"), layer.issuer.as_ref().map(Found::optional));
            self.set(&mut settings.audiences, &key("audiences"), audiences);
            self.set(&mut settings.arn, &key("arn"), layer.arn.as_ref().map(Found::optional));
        }
    }
}

impl Reader<'_> {
    pub(super) fn functions(&mut self, value: Entry<'_, '_>) -> BTreeMap<FunctionName, FunctionLayer> {
        self.named("functions", value, |reader, name, table| {
            let mut layer = FunctionLayer::default();
            for (key, value) in table {
                match key.get_ref().as_ref() {
                    "memory" => layer.memory = reader.number("memory", "MB", settings::MEMORY, value),
                    "timeout" => {
                        layer.timeout = reader.number("timeout", "seconds", settings::TIMEOUT, value);
                    }
                    "environment" => layer.environment = reader.environment(value),
                    "policy" => {
                        layer.policy = reader.policy(&format!("[[functions.{name}.policy]]"), value);
                    }
                    unknown => reader.unknown(key, unknown, &FUNCTION_KEYS),
                }
            }
            layer
        })
    }

    pub(super) fn authorizers(&mut self, value: Entry<'_, '_>) -> BTreeMap<FunctionName, AuthorizerLayer> {
        self.named("authorizers", value, |reader, _, table| {
            let mut layer = AuthorizerLayer::default();
            for (key, value) in table {
                match key.get_ref().as_ref() {
                    "issuer" => layer.issuer = reader.text("issuer", value),
                    "user-pool" => layer.issuer = reader.user_pool(value),
                    "audiences" => layer.audiences = reader.list("audiences", value),
                    "arn" => layer.arn = reader.text("arn", value),
                    unknown => reader.unknown(key, unknown, &AUTHORIZER_KEYS),
                }
            }
            layer
        })
    }

    /// The statements of `[[policy]]`.
    pub(super) fn policy(&mut self, shown: &str, value: Entry<'_, '_>) -> Vec<Found<Statement>> {
        let tables = value.get_ref().as_array().map(|array| array.iter().collect::<Vec<_>>());
        let Some(tables) = tables.filter(|all| all.iter().all(|one| one.get_ref().is_table())) else {
            let help = format!("write `{shown}`, and `actions` and `resources` below it");
            self.wrong_type::<()>("policy", "a list of tables", value, help);
            return Vec::new();
        };
        tables.into_iter().filter_map(|one| self.statement(one)).collect()
    }

    fn statement(&mut self, value: Entry<'_, '_>) -> Option<Found<Statement>> {
        let table = self.table("policy", value)?;
        let unrestricted = table.get(UNRESTRICTED).and_then(|value| self.truth(UNRESTRICTED, value));
        let breadth = match unrestricted {
            Some(Found { value: true, .. }) => Breadth::Unrestricted,
            _ => Breadth::Named,
        };
        for (key, _) in table {
            if !STATEMENT_KEYS.contains(&key.get_ref().as_ref()) {
                self.unknown(key, key.get_ref(), &STATEMENT_KEYS);
            }
        }
        let actions = self.checked("actions", table, value, |text| settings::action(text, breadth));
        let resources = self.checked("resources", table, value, |text| settings::resource(text, breadth));
        let line = self.place(&value.span()).line;
        Some(Found { value: Statement { actions: actions?, resources: resources? }, line })
    }

    /// A list that a statement must have, each of its texts checked.
    fn checked(
        &mut self,
        key: &'static str,
        table: &DeTable<'_>,
        statement: Entry<'_, '_>,
        check: impl Fn(&str) -> Result<(), (&'static str, String)>,
    ) -> Option<Vec<String>> {
        let Some(value) = table.get(key) else {
            let at = self.place(&statement.span());
            let message = format!("the policy has no `{key}`");
            self.errors.push(ConfigError::Name { at, message, help: format!("write `{key} = [..]`") });
            return None;
        };
        let list = self.list(key, value)?.value;
        let before = self.errors.len();
        for text in &list {
            if let Err((problem, help)) = check(text) {
                let at = self.place(&value.span());
                self.errors.push(ConfigError::Name { at, message: format!("`{text}` {problem}"), help });
            }
        }
        (self.errors.len() == before).then_some(list)
    }

    /// A list of texts with at least one in it.
    fn list(&mut self, key: &str, value: Entry<'_, '_>) -> Option<Found<Vec<String>>> {
        let help = || format!("write texts in brackets: `{key} = [\"..\"]`");
        let DeValue::Array(array) = value.get_ref() else {
            return self.wrong_type(key, "a list", value, help());
        };
        if array.is_empty() {
            return self.wrong_type(key, "a list with something in it", value, help());
        }
        let texts: Vec<_> = array.iter().map(|one| self.text(key, one)).collect();
        let texts: Option<Vec<_>> = texts.into_iter().map(|text| Some(text?.value)).collect();
        Some(Found { value: texts?, line: self.place(&value.span()).line })
    }

    fn user_pool(&mut self, value: Entry<'_, '_>) -> Option<Found<String>> {
        let text = self.text("user-pool", value)?;
        match Jwt::issuer_of_user_pool(&text.value) {
            Ok(issuer) => Some(Found { value: issuer, line: text.line }),
            Err(error) => {
                let at = self.place(&value.span());
                self.errors.push(ConfigError::Name { at, message: error.to_string(), help: error.help() });
                None
            }
        }
    }

    /// Tables with names that the code has chosen.
    fn named<T>(
        &mut self,
        key: &str,
        value: Entry<'_, '_>,
        mut read: impl FnMut(&mut Self, &FunctionName, &DeTable<'_>) -> T,
    ) -> BTreeMap<FunctionName, T> {
        let mut all = BTreeMap::new();
        let Some(table) = self.table(key, value) else { return all };
        for (name, value) in table {
            let parsed = name.get_ref().parse::<FunctionName>();
            let inner = self.table(&format!("{key}.{}", name.get_ref()), value);
            match (parsed, inner) {
                (Ok(parsed), Some(inner)) => {
                    let layer = read(self, &parsed, inner);
                    all.insert(parsed, layer);
                }
                (Ok(_), None) => {}
                (Err(error), _) => {
                    let at = self.place(&name.span());
                    let help = NameError::help(&error);
                    self.errors.push(ConfigError::Name { at, message: error.to_string(), help });
                }
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, effective};

    #[test]
    fn a_function_has_what_is_said_for_it_in_every_stage_and_in_its_own() {
        let text = r#"
            memory = 256
            environment = { LEVEL = "info" }
            [functions.heavy]
            memory = 1024
            environment = { TABLE = "dev" }
            [stages.prod]
            memory = 512
            [stages.prod.functions.heavy]
            timeout = 20
            environment = { TABLE = "prod" }
        "#;
        let heavy = "heavy".parse().expect("a name");
        let settings = effective(text, "prod").settings;
        let own = settings.of(Some(&heavy));
        assert_eq!((own.memory, own.timeout), (1024, 20));
        assert_eq!((own.environment["LEVEL"].as_str(), own.environment["TABLE"].as_str()), ("info", "prod"));
        assert_eq!(settings.of(None).memory, 512);
        assert!(!settings.of(None).environment.contains_key("TABLE"));
        let origins = effective(text, "prod").origins;
        assert_eq!(origins["functions.heavy.memory"].to_string(), "Chalice.toml:5");
        assert_eq!(origins["functions.heavy.timeout"].to_string(), "Chalice.toml:10 [stages.prod]");
    }

    #[test]
    fn policies_add_up_and_belong_to_one_function() {
        let text = r#"
            [[policy]]
            actions = ["s3:GetObject"]
            resources = ["arn:aws:s3:::orders/*"]
            [[functions.heavy.policy]]
            actions = ["ses:SendEmail"]
            resources = ["*"]
            unrestricted = true
            [[stages.prod.policy]]
            actions = ["dynamodb:GetItem"]
            resources = ["arn:aws:dynamodb:${region}:${account}:table/orders"]
        "#;
        let actions = |stage: &str, function: Option<&str>| -> Vec<String> {
            let function = function.map(|name| name.parse().expect("a name"));
            let settings = effective(text, stage).settings.of(function.as_ref());
            settings.policy.into_iter().flat_map(|statement| statement.actions).collect()
        };
        assert_eq!(actions("dev", None), ["s3:GetObject"]);
        assert_eq!(actions("prod", None), ["s3:GetObject", "dynamodb:GetItem"]);
        assert_eq!(actions("prod", Some("heavy")), ["ses:SendEmail"]);
    }

    #[test]
    fn an_authorizer_differs_by_stage_and_a_user_pool_is_an_issuer() {
        let text = r#"
            [authorizers.users]
            audiences = ["api"]
            [stages.prod.authorizers.users]
            user-pool = "eu-west-1_a1B2c3D4e"
        "#;
        let users =
            |stage: &str| effective(text, stage).settings.authorizers.into_values().next().expect("one");
        assert_eq!(users("dev").issuer, None);
        let issuer = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a1B2c3D4e";
        assert_eq!(users("prod").issuer.as_deref(), Some(issuer));
        assert_eq!(users("prod").audiences, Some(vec!["api".to_owned()]));
    }

    #[test]
    fn policies_that_leave_all_open_are_refused_unless_they_say_so() {
        check(
            "[[policy]]\nactions = ['s3:*']\nresources = ['*']",
            &[
                "Chalice.toml:2: `s3:*` allows everything of a service; \
                 add `unrestricted = true` to the statement, if that is what you mean",
                "Chalice.toml:3: `*` is every resource; name it by its ARN; \
                 for actions that know no resource add `unrestricted = true` to the statement",
            ],
        );
    }

    #[test]
    fn mistakes_in_these_tables_are_answered_with_what_is_right() {
        check(
            "[functions.heavy]\nmemroy = 1\n[authorizers.users]\naudience = ['x']",
            &[
                "Chalice.toml:2: unknown key `memroy`; did you mean `memory`?",
                "Chalice.toml:4: unknown key `audience`; did you mean `audiences`?",
            ],
        );
        check(
            "[functions.'a b']\n[authorizers.users]\naudiences = []\nuser-pool = 'x'",
            &[
                "Chalice.toml:1: the function name `a b` has a ` `; \
                 use letters, digits, `-` and `_`, starting with a letter",
                "Chalice.toml:3: `audiences` is not a list with something in it; \
                 write texts in brackets: `audiences = [\"..\"]`",
                "Chalice.toml:4: `x` is not the id of a Cognito user pool; \
                 write its id, which starts with its region: `eu-west-1_a1B2c3D4e`",
            ],
        );
        check(
            "policy = 1",
            &["Chalice.toml:1: `policy` is not a list of tables; \
               write `[[policy]]`, and `actions` and `resources` below it"],
        );
        check(
            "[[policy]]\nactions = ['s3:GetObject']\nresource = ['x']",
            &[
                "Chalice.toml:1: the policy has no `resources`; write `resources = [..]`",
                "Chalice.toml:3: unknown key `resource`; did you mean `resources`?",
            ],
        );
    }
}
