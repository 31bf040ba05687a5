//! Routes: where each leads and whom it lets in.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_apigatewayv2::types::AuthorizationType;
use chalice_rs_manifest::{ApiRoute, By, Guard};
use serde::Serialize;

use super::{Api, Name};
use crate::resource::Inputs;

/// A route as it should be.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Route {
    /// The function that it leads to, by its name.
    pub function: String,
    pub access: Access,
}

/// Whom a route lets in.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Access {
    /// Everybody.
    Open,
    /// Whoever signs as an AWS identity that may.
    Iam,
    /// Whoever has a token that this authorizer takes, with one of these scopes if there are any.
    Token { authorizer: Name, scopes: BTreeSet<String> },
    /// Whoever this authorizer's function lets in.
    Asked { authorizer: Name },
}

/// A route as it is.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Found {
    pub id: String,
    /// The integration's id, if it has one.
    pub integration: Option<String>,
    /// `NONE`, `AWS_IAM`, `JWT` or `CUSTOM`.
    pub authorization: String,
    /// The authorizer's id, if it has one.
    pub authorizer: Option<String>,
    pub scopes: BTreeSet<String>,
}

/// A route that is not as it should be.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rerouted {
    pub was: Found,
    /// The function it leads to, as far as we know it.
    pub from: Option<String>,
    /// Whom it lets in, as far as we know it.
    pub access: Option<Access>,
    pub to: Route,
}

/// Every route that API Gateway is to know.
pub(super) fn desired(inputs: &Inputs<'_>) -> BTreeMap<String, Route> {
    let manifest = &inputs.artifact.manifest;
    let access = |route: &ApiRoute<'_>| match route.guard {
        Guard::None => Access::Open,
        Guard::Iam => Access::Iam,
        Guard::Named(name) => match manifest.authorizer(name).map(|declared| &declared.by) {
            Some(by @ By::Jwt(_)) => Access::Token {
                authorizer: Name::of(name, by),
                scopes: route.scopes.iter().cloned().collect(),
            },
            Some(by @ (By::Function(_) | By::Lambda { .. })) => {
                Access::Asked { authorizer: Name::of(name, by) }
            }
            // The manifest was checked as a whole; should an authorizer lack nonetheless, nobody
            // without a signature comes in.
            None => Access::Iam,
        },
    };
    let one = |route: ApiRoute<'_>| {
        let to = Route { function: inputs.part(route.lambda).function(), access: access(&route) };
        (route.key(), to)
    };
    manifest.api_routes().into_iter().map(one).collect()
}

impl Found {
    /// Whom it lets in, told by the names that these authorizers have.
    pub(super) fn access(&self, authorizers: &BTreeMap<&String, &Name>) -> Option<Access> {
        let authorizer = || authorizers.get(self.authorizer.as_ref()?).copied().cloned();
        match AuthorizationType::from(self.authorization.as_str()) {
            AuthorizationType::None => Some(Access::Open),
            AuthorizationType::AwsIam => Some(Access::Iam),
            AuthorizationType::Jwt => {
                Some(Access::Token { authorizer: authorizer()?, scopes: self.scopes.clone() })
            }
            AuthorizationType::Custom => Some(Access::Asked { authorizer: authorizer()? }),
            _ => None,
        }
    }
}

/// What brings the route that is to the one that should be. `functions` has the integrations that
/// stay, `authorizers` the authorizers.
pub(super) fn diff(
    want: &Route,
    found: &Found,
    functions: &BTreeMap<&String, &String>,
    authorizers: &BTreeMap<&String, &Name>,
    have: &Api,
) -> Option<Rerouted> {
    let from = found.integration.as_ref().and_then(|id| functions.get(id)).copied();
    if from == Some(&want.function) && found.access(authorizers).as_ref() == Some(&want.access) {
        return None;
    }
    let all = have.authorizers.iter().map(|(id, (name, _))| (id, name)).collect();
    Some(Rerouted { was: found.clone(), from: from.cloned(), access: found.access(&all), to: want.clone() })
}

impl Access {
    /// The word that API Gateway has for it.
    pub(super) fn authorization(&self) -> AuthorizationType {
        match self {
            Self::Open => AuthorizationType::None,
            Self::Iam => AuthorizationType::AwsIam,
            Self::Token { .. } => AuthorizationType::Jwt,
            Self::Asked { .. } => AuthorizationType::Custom,
        }
    }

    /// The authorizer, if there is one.
    pub(super) fn authorizer(&self) -> Option<&Name> {
        match self {
            Self::Open | Self::Iam => None,
            Self::Token { authorizer, .. } | Self::Asked { authorizer } => Some(authorizer),
        }
    }

    /// The scopes, if there are any.
    pub(super) fn scopes(&self) -> Vec<String> {
        match self {
            Self::Token { scopes, .. } => scopes.iter().cloned().collect(),
            Self::Open | Self::Iam | Self::Asked { .. } => Vec::new(),
        }
    }
}
