//! Who answers browsers that ask for pages of other sites, and API Gateway's own configuration for
//! it.
//!
//! Not here: who it should be; see [`Manifest::sharing`].

use std::collections::BTreeSet;

use chalice_rs_manifest::{CorsRule, Manifest, Origin, Sharing};
use serde::Serialize;

/// Who answers browsers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Browsers {
    /// Nobody: pages of other sites may not call.
    Nobody,
    /// API Gateway, for all routes.
    Gateway(Cors),
    /// The function, route by route.
    Function(Because),
}

/// Why the function has to answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Because {
    /// API Gateway takes no such origin.
    Origin(String),
    /// API Gateway has one policy for all routes.
    SeveralPolicies,
}

/// API Gateway's own configuration. It compares words without regard to their case.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Cors {
    pub origins: BTreeSet<String>,
    pub methods: BTreeSet<String>,
    pub headers: BTreeSet<String>,
    pub expose: BTreeSet<String>,
    pub credentials: Credentials,
    /// Seconds; zero when nothing is said.
    pub max_age: u32,
}

/// Whether browsers send cookies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub enum Credentials {
    Sent,
    #[default]
    Omitted,
}

impl Browsers {
    /// Who answers for this app.
    pub(super) fn of(manifest: &Manifest) -> Self {
        match manifest.sharing() {
            Sharing::Nobody => Self::Nobody,
            Sharing::Gateway { cors, methods } => Self::Gateway(Cors {
                origins: cors.origins.iter().map(ToString::to_string).collect(),
                methods: methods.iter().map(ToString::to_string).collect(),
                headers: lower(cors.allowed_headers()),
                expose: lower(&cors.expose),
                credentials: Credentials::from(cors.credentials),
                max_age: cors.max_age.unwrap_or_default(),
            }),
            Sharing::Function => Self::Function(because(manifest)),
        }
    }

    /// What API Gateway shall have.
    pub(super) fn gateway(&self) -> Option<&Cors> {
        match self {
            Self::Gateway(cors) => Some(cors),
            Self::Nobody | Self::Function(_) => None,
        }
    }

    /// In the user's words.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Nobody => "browsers are told nothing of other sites".to_owned(),
            Self::Gateway(cors) if cors.origins.contains("*") => {
                "API Gateway answers browsers, for every site".to_owned()
            }
            Self::Gateway(cors) => {
                let origins: Vec<_> = cors.origins.iter().map(String::as_str).collect();
                format!("API Gateway answers browsers, for {}", origins.join(", "))
            }
            Self::Function(Because::Origin(origin)) => {
                format!("the function answers browsers: API Gateway takes no `{origin}`")
            }
            Self::Function(Because::SeveralPolicies) => {
                "the function answers browsers: not all routes have the same policy".to_owned()
            }
        }
    }
}

fn because(manifest: &Manifest) -> Because {
    let policies = manifest.routes.iter().filter_map(|route| route.cors());
    let first = policies.clone().next();
    let is_one = manifest.routes.iter().all(
        |route| matches!((&route.rules.cors, first), (Some(CorsRule::Allow(cors)), Some(first)) if cors == first),
    );
    let foreign = policies.flat_map(|cors| &cors.origins).find(|origin| !Origin::is_of_api_gateway(origin));
    match foreign {
        Some(origin) if is_one => Because::Origin(origin.to_string()),
        _ => Because::SeveralPolicies,
    }
}

fn lower(texts: impl IntoIterator<Item = impl AsRef<str>>) -> BTreeSet<String> {
    texts.into_iter().map(|text| text.as_ref().to_ascii_lowercase()).collect()
}

impl From<bool> for Credentials {
    fn from(sent: bool) -> Self {
        if sent { Self::Sent } else { Self::Omitted }
    }
}

impl From<&aws_sdk_apigatewayv2::types::Cors> for Cors {
    fn from(found: &aws_sdk_apigatewayv2::types::Cors) -> Self {
        Self {
            origins: lower(found.allow_origins()),
            methods: found.allow_methods().iter().map(|method| method.to_ascii_uppercase()).collect(),
            headers: lower(found.allow_headers()),
            expose: lower(found.expose_headers()),
            credentials: Credentials::from(found.allow_credentials() == Some(true)),
            max_age: found.max_age().and_then(|seconds| u32::try_from(seconds).ok()).unwrap_or_default(),
        }
    }
}

impl From<&Cors> for aws_sdk_apigatewayv2::types::Cors {
    fn from(cors: &Cors) -> Self {
        let list = |texts: &BTreeSet<String>| Some(texts.iter().cloned().collect());
        Self::builder()
            .set_allow_origins(list(&cors.origins))
            .set_allow_methods(list(&cors.methods))
            .set_allow_headers(list(&cors.headers))
            .set_expose_headers(list(&cors.expose))
            .allow_credentials(cors.credentials == Credentials::Sent)
            .max_age(i32::try_from(cors.max_age).unwrap_or(i32::MAX))
            .build()
    }
}
