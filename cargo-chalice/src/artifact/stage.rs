//! What one stage makes of what the code declares: the values of `Chalice.toml` in the place of the
//! attributes', and names that have to fit together with app and stage.
//!
//! Pure.

use std::fmt;

use chalice_rs_manifest::authorizer::AuthorizerError;
use chalice_rs_manifest::name::FUNCTION_NAME_LIMIT;
use chalice_rs_manifest::{Authorizer, By, FunctionName, Manifest, Stage};
use miette::Diagnostic;
use thiserror::Error;

use crate::compile::Destination;
use crate::project::Project;
use crate::settings::{AuthorizerSettings, Origin};
use crate::suggest;

/// The manifest of one stage, or everything in `Chalice.toml` that does not go with the code.
pub(super) fn settled(
    mut manifest: Manifest,
    project: &Project,
    destination: Destination,
) -> Result<Manifest, Vec<StageProblem>> {
    let mut problems = Vec::new();
    for name in manifest.functions() {
        let whole = format!("{}-{}-{name}", project.app, project.stage);
        if whole.len() > FUNCTION_NAME_LIMIT {
            problems.push(StageProblem::LongName { len: whole.len(), whole, name: name.clone() });
        }
    }
    let functions: Vec<&str> = manifest.functions().into_iter().map(FunctionName::as_str).collect();
    for name in project.settings.functions.keys().filter(|name| !functions.contains(&name.as_str())) {
        problems.push(StageProblem::unknown("functions", name, &functions, project));
    }
    let authorizers: Vec<String> = manifest.authorizers.iter().map(|found| found.name.to_string()).collect();
    for (name, settings) in &project.settings.authorizers {
        let Some(authorizer) = manifest.authorizers.iter_mut().find(|found| found.name == *name) else {
            let authorizers: Vec<&str> = authorizers.iter().map(String::as_str).collect();
            problems.push(StageProblem::unknown("authorizers", name, &authorizers, project));
            continue;
        };
        problems.extend(apply(settings, authorizer, project));
    }
    if destination == Destination::Aws {
        problems.extend(manifest.authorizers.iter().filter_map(|found| out_of_reach(found, project)));
    }
    if problems.is_empty() { Ok(manifest) } else { Err(problems) }
}

/// Puts the stage's values in the place of those that the code has.
fn apply(settings: &AuthorizerSettings, authorizer: &mut Authorizer, project: &Project) -> Vec<StageProblem> {
    let AuthorizerSettings { issuer, audiences, arn } = settings;
    let name = authorizer.name.clone();
    let at = |key: &str| place("authorizers", &name, Some(key), project);
    let other_kind = |key: &'static str, takes: &'static str| StageProblem::OtherKind {
        at: at(key),
        name: name.clone(),
        key,
        takes,
    };
    let mut problems = Vec::new();
    match &mut authorizer.by {
        By::Jwt(jwt) => {
            problems.extend(arn.as_ref().map(|_| other_kind("arn", "`issuer` and `audiences`")));
            jwt.issuer = issuer.clone().unwrap_or(std::mem::take(&mut jwt.issuer));
            jwt.audiences = audiences.clone().unwrap_or(std::mem::take(&mut jwt.audiences));
        }
        By::Lambda { arn: found, .. } => {
            problems.extend(issuer.as_ref().map(|_| other_kind("issuer", "`arn`")));
            problems.extend(audiences.as_ref().map(|_| other_kind("audiences", "`arn`")));
            *found = arn.clone().unwrap_or(std::mem::take(found));
        }
        By::Function(_) => {
            let keys = [issuer.as_ref().map(|_| "issuer"), audiences.as_ref().map(|_| "audiences")];
            let keys = keys.into_iter().chain([arn.as_ref().map(|_| "arn")]);
            problems
                .extend(keys.flatten().map(|key| other_kind(key, "nothing: it is a function of this app")));
        }
    }
    problems.extend(authorizer.by.check().into_iter().map(|mistake| {
        let key = match &mistake {
            AuthorizerError::Issuer { .. } | AuthorizerError::UserPool { .. } => "issuer",
            AuthorizerError::TooManyAudiences { .. } => "audiences",
            AuthorizerError::NoToken { .. } => "identity",
            AuthorizerError::Arn { .. } => "arn",
        };
        StageProblem::Authorizer { at: at(key), name: name.clone(), mistake }
    }));
    problems
}

/// An issuer without a certificate, which is taken on this machine alone.
fn out_of_reach(authorizer: &Authorizer, project: &Project) -> Option<StageProblem> {
    let By::Jwt(jwt) = &authorizer.by else { return None };
    let name = authorizer.name.clone();
    let settings = project.settings.authorizers.get(&name);
    let at = match settings.is_some_and(|settings| settings.issuer.is_some()) {
        true => place("authorizers", &name, Some("issuer"), project),
        false => authorizer.source.to_string(),
    };
    let (issuer, stage) = (jwt.issuer.clone(), project.stage.clone());
    jwt.issuer.starts_with("http://").then_some(StageProblem::OutOfReach { at, name, issuer, stage })
}

/// Where the file speaks of it.
fn place(table: &str, name: &FunctionName, key: Option<&str>, project: &Project) -> String {
    let prefix = format!("{table}.{name}.{}", key.unwrap_or_default());
    let origin =
        project.origins.iter().find(|(found, _)| found.starts_with(&prefix)).map(|(_, origin)| origin);
    match origin {
        Some(origin @ (Origin::File { .. } | Origin::Flag(_) | Origin::Variable(_))) => origin.to_string(),
        Some(Origin::Default | Origin::Package) | None => "Chalice.toml".to_owned(),
    }
}

/// Something in `Chalice.toml` that does not go with what the code declares.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum StageProblem {
    #[error("{at}: the app has no {what} `{name}`")]
    Unknown { at: String, what: &'static str, name: FunctionName, help: String },

    #[error("{at}: the authorizer `{name}` takes no `{key}`")]
    OtherKind { at: String, name: FunctionName, key: &'static str, takes: &'static str },

    #[error("{at}: the authorizer `{name}`: {mistake}")]
    Authorizer { at: String, name: FunctionName, mistake: AuthorizerError },

    #[error("{at}: the authorizer `{name}`: AWS cannot ask `{issuer}`, an address of this machine")]
    OutOfReach { at: String, name: FunctionName, issuer: String, stage: Stage },

    #[error("the function's name `{whole}` has {len} characters; Lambda takes {FUNCTION_NAME_LIMIT}")]
    LongName { whole: String, len: usize, name: FunctionName },
}

impl StageProblem {
    fn unknown(table: &'static str, name: &FunctionName, known: &[&str], project: &Project) -> Self {
        let what = match table {
            "functions" => "function",
            _ => "authorizer",
        };
        let help = match (known, what) {
            ([], "function") => "routes get a function of their own by `function = \"..\"`".to_owned(),
            ([], _) => {
                "declare it with `#[authorizer]`, `jwt_authorizer!` or `lambda_authorizer!`".to_owned()
            }
            (known, _) => suggest::help(name.as_str(), known),
        };
        Self::Unknown { at: place(table, name, None, project), what, name: name.clone(), help }
    }
}

impl Diagnostic for StageProblem {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(match self {
            Self::Unknown { .. } => "chalice::stage::unknown",
            Self::OtherKind { .. } => "chalice::stage::other_kind",
            Self::Authorizer { .. } => "chalice::stage::authorizer",
            Self::OutOfReach { .. } => "chalice::stage::out_of_reach",
            Self::LongName { .. } => "chalice::stage::long_name",
        }))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(match self {
            Self::Unknown { help, .. } => help.clone(),
            Self::OtherKind { takes, .. } => format!("it takes {takes}"),
            Self::Authorizer { mistake, .. } => mistake.help(),
            Self::OutOfReach { name, stage, .. } => format!(
                "`local` and `--sandbox` take it; for AWS, write `issuer = \"https://..\"` below \
                 `[stages.{stage}.authorizers.{name}]` in `Chalice.toml`"
            ),
            Self::LongName { .. } => {
                "shorten it, or the app's name with `app = \"..\"` in `Chalice.toml`".to_owned()
            }
        }))
    }
}
