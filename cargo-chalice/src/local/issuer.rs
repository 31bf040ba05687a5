//! The keys of a token's issuer: fetched as API Gateway does, and held against a signature.
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html>
//!
//! Not here: what a token may say; see `chalice_rs_wire::gateway`.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use aws_lc_rs::signature::{
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512,
    RsaPublicKeyComponents,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use chalice_rs_wire::gateway::token::{Algorithm, Token, TokenError};
use http_body_util::{BodyExt, Empty, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::crypto::aws_lc_rs::default_provider;
use serde::Deserialize;
use thiserror::Error;
use tokio::sync::Mutex;

/// How long each of the two files may take.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html>
const WAIT: Duration = Duration::from_millis(1500);

/// Bytes of one of the files.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html>
const SIZE: usize = 150_000;

/// How long keys are kept.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html>
const KEPT: Duration = Duration::from_secs(2 * 60 * 60);

/// How long a key that is not among the kept ones is taken for none, before the issuer is asked again.
const PATIENCE: Duration = Duration::from_secs(10);

/// All issuers whose tokens came in.
#[derive(Debug, Default)]
pub struct Issuers(Mutex<HashMap<String, Keys>>);

/// The keys of one issuer.
#[derive(Debug)]
struct Keys {
    by_id: HashMap<String, Key>,
    fetched: Instant,
}

#[derive(Debug)]
struct Key {
    modulus: Vec<u8>,
    exponent: Vec<u8>,
}

/// Why a token is not known to be its issuer's.
#[derive(Debug, Error)]
pub enum Doubt {
    #[error("{0}")]
    Token(TokenError),
    #[error("the keys of the issuer `{issuer}` cannot be fetched: {problem}")]
    Keys { issuer: String, problem: KeysError },
}

/// Why an issuer has no keys for us.
#[derive(Debug, Error)]
pub enum KeysError {
    #[error("`{url}` is no address")]
    Address { url: String },
    #[error("this machine's certificates cannot be read: {0}")]
    Certificates(#[source] std::io::Error),
    #[error("`{url}` does not answer: {message}")]
    NoAnswer { url: String, message: String },
    #[error("`{url}` answers {status}")]
    Status { url: String, status: http::StatusCode },
    #[error("`{url}` does not say what it should: {message}")]
    Content { url: String, message: String },
}

impl Issuers {
    /// Whether the issuer signed the token.
    pub async fn verify(&self, issuer: &str, token: &str) -> Result<(), Doubt> {
        let token = Token::decode(token).map_err(Doubt::Token)?;
        let mut all = self.0.lock().await;
        let is_fresh = all.get(issuer).is_some_and(|keys| {
            let age = keys.fetched.elapsed();
            age < if keys.by_id.contains_key(&token.key_id) { KEPT } else { PATIENCE }
        });
        if !is_fresh {
            let fetched = fetch(issuer).await;
            let by_id = fetched.map_err(|problem| Doubt::Keys { issuer: issuer.to_owned(), problem })?;
            all.insert(issuer.to_owned(), Keys { by_id, fetched: Instant::now() });
        }
        let key = all.get(issuer).and_then(|keys| keys.by_id.get(&token.key_id));
        match key {
            Some(key) if key.signed(&token) => Ok(()),
            _ => Err(Doubt::Token(TokenError::Signature)),
        }
    }
}

impl Key {
    fn signed(&self, token: &Token<'_>) -> bool {
        let parameters = match token.algorithm {
            Algorithm::Rs256 => &RSA_PKCS1_2048_8192_SHA256,
            Algorithm::Rs384 => &RSA_PKCS1_2048_8192_SHA384,
            Algorithm::Rs512 => &RSA_PKCS1_2048_8192_SHA512,
        };
        let key = RsaPublicKeyComponents { n: &self.modulus, e: &self.exponent };
        key.verify(parameters, token.signed.as_bytes(), &token.signature).is_ok()
    }
}

/// Where an issuer says that its keys are (OpenID Connect Discovery 1.0, section 4).
#[derive(Deserialize)]
struct Discovery {
    jwks_uri: String,
}

/// A set of keys (RFC 7517, section 5).
#[derive(Deserialize)]
struct KeySet {
    keys: Vec<Jwk>,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    n: Option<String>,
    e: Option<String>,
}

async fn fetch(issuer: &str) -> Result<HashMap<String, Key>, KeysError> {
    let discovery = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    let Discovery { jwks_uri } = read(&discovery).await?;
    let KeySet { keys } = read(&jwks_uri).await?;
    let rsa = keys.into_iter().filter(|key| key.kty == "RSA").filter_map(|key| {
        // A leading zero would be another encoding of the same number.
        let number = |text: Option<String>| {
            let bytes = URL_SAFE_NO_PAD.decode(text?.trim_end_matches('=')).ok()?;
            Some(bytes.into_iter().skip_while(|byte| *byte == 0).collect())
        };
        Some((key.kid?, Key { modulus: number(key.n)?, exponent: number(key.e)? }))
    });
    Ok(rsa.collect())
}

async fn read<T: for<'de> Deserialize<'de>>(url: &str) -> Result<T, KeysError> {
    let target: http::Uri = url.parse().map_err(|_| KeysError::Address { url: url.to_owned() })?;
    let client = client()?;
    let no_answer = |message: String| KeysError::NoAnswer { url: url.to_owned(), message };
    let read = async {
        let response = client.get(target).await.map_err(|error| no_answer(chain(&error)))?;
        let status = response.status();
        if status != http::StatusCode::OK {
            return Err(KeysError::Status { url: url.to_owned(), status });
        }
        let body = Limited::new(response.into_body(), SIZE).collect().await;
        body.map(|body| body.to_bytes()).map_err(|error| no_answer(error.to_string()))
    };
    let body = match tokio::time::timeout(WAIT, read).await {
        Ok(body) => body?,
        Err(_) => return Err(no_answer(format!("nothing within {} ms", WAIT.as_millis()))),
    };
    serde_json::from_slice(&body)
        .map_err(|error| KeysError::Content { url: url.to_owned(), message: error.to_string() })
}

/// Made anew for each fetch, which is every two hours: certificates may have come and gone.
fn client() -> Result<Client<HttpsConnector<HttpConnector>, Empty<Bytes>>, KeysError> {
    let connector = HttpsConnectorBuilder::new().with_provider_and_native_roots(default_provider());
    let connector = connector.map_err(KeysError::Certificates)?.https_or_http().enable_http1().build();
    Ok(Client::builder(TokioExecutor::new()).build(connector))
}

/// An error and what caused it: the first alone says only that there was one.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
