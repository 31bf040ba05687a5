//! JSON web tokens, as far as API Gateway looks at them: what they say, and whether they may say it.
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html>
//!
//! Not here: whether the issuer signed them. Whoever carries requests asks for the issuer's keys.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chalice_rs_manifest::Jwt;
use serde_json::{Map, Value};

use crate::Moment;

/// What a token says.
pub type Claims = Map<String, Value>;

/// A token, taken apart and not yet believed.
///
/// ```
/// use chalice_rs_wire::gateway::token::{Algorithm, Token};
///
/// // {"alg":"RS256","kid":"k1"} . {"sub":"me"} . (no signature)
/// let token = Token::decode("eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJzdWIiOiJtZSJ9.").unwrap();
/// assert_eq!((token.algorithm, token.key_id.as_str()), (Algorithm::Rs256, "k1"));
/// assert_eq!(token.claims["sub"], "me");
/// assert!(Token::decode("eyJhbGciOiJub25lIn0.eyJzdWIiOiJtZSJ9.").is_err());
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Token<'t> {
    /// How it is signed.
    pub algorithm: Algorithm,
    /// Which of the issuer's keys signed it.
    pub key_id: String,
    /// What it says.
    pub claims: Claims,
    /// The text that is signed.
    pub signed: &'t str,
    /// The signature.
    pub signature: Vec<u8>,
}

/// The algorithms that API Gateway takes: those of RSA alone.
///
/// ```
/// use chalice_rs_wire::gateway::token::{Algorithm, Token};
///
/// let token = Token::decode("eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJzdWIiOiJtZSJ9.").unwrap();
/// assert_eq!(token.algorithm, Algorithm::Rs256);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// The same with SHA-384.
    Rs384,
    /// The same with SHA-512.
    Rs512,
}

/// Why a token lets nobody in. The texts are for `www-authenticate`; two of them are known from AWS.
///
/// ```
/// use chalice_rs_wire::gateway::token::{Token, TokenError};
///
/// assert_eq!(Token::decode("no token").unwrap_err(), TokenError::Malformed);
/// assert_eq!(TokenError::Expired.to_string(), "the token has expired");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenError {
    /// It has not the three parts of a token, or they are not what they should be.
    Malformed,
    /// It is signed with an algorithm that API Gateway does not take, or not at all.
    Algorithm,
    /// It does not say with which key it is signed.
    NoKeyId,
    /// Its signature is not the issuer's.
    Signature,
    /// The keys of the issuer cannot be had.
    NoKeys,
    /// It is of another issuer.
    Issuer,
    /// It is meant for somebody else.
    Audience,
    /// It goes no longer, or does not say until when.
    Expired,
    /// It does not go yet.
    TooEarly,
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "the token is malformed",
            Self::Algorithm => "the token is not signed with an algorithm that is supported",
            Self::NoKeyId => "the token does not have a key id",
            Self::Signature => "the token does not have a valid signature",
            Self::NoKeys => "the keys of the issuer cannot be fetched",
            Self::Issuer => "the token does not have a valid issuer",
            Self::Audience => "the token does not have a valid audience",
            Self::Expired => "the token has expired",
            Self::TooEarly => "the token is not valid yet",
        })
    }
}

impl std::error::Error for TokenError {}

impl<'t> Token<'t> {
    /// Takes a token apart. `Bearer` before it is API Gateway's to remove.
    ///
    /// ```
    /// use chalice_rs_wire::gateway::token::Token;
    ///
    /// let token = Token::decode("eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJzdWIiOiJtZSJ9.").unwrap();
    /// assert_eq!(token.claims["sub"], "me");
    /// ```
    pub fn decode(text: &'t str) -> Result<Self, TokenError> {
        let (signed, signature) = text.rsplit_once('.').ok_or(TokenError::Malformed)?;
        let (header, claims) = signed.split_once('.').ok_or(TokenError::Malformed)?;
        let header = object(header)?;
        let algorithm = match header.get("alg").and_then(Value::as_str) {
            Some("RS256") => Algorithm::Rs256,
            Some("RS384") => Algorithm::Rs384,
            Some("RS512") => Algorithm::Rs512,
            _ => return Err(TokenError::Algorithm),
        };
        let key_id = header.get("kid").and_then(Value::as_str).ok_or(TokenError::NoKeyId)?;
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| TokenError::Malformed)?;
        Ok(Self { algorithm, key_id: key_id.to_owned(), claims: object(claims)?, signed, signature })
    }
}

fn object(part: &str) -> Result<Claims, TokenError> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| TokenError::Malformed)?;
    serde_json::from_slice(&bytes).map_err(|_| TokenError::Malformed)
}

/// The token in the value of an identity source.
pub(super) fn bare(value: &str) -> &str {
    match value.split_at_checked("Bearer ".len()) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("Bearer ") => rest.trim(),
        _ => value.trim(),
    }
}

/// Whether a token that its issuer signed is one that this authorizer takes now.
pub(super) fn check(claims: &Claims, jwt: &Jwt, now: Moment) -> Result<(), TokenError> {
    if claims.get("iss").and_then(Value::as_str) != Some(&jwt.issuer) {
        return Err(TokenError::Issuer);
    }
    // `client_id` counts only where there is no `aud`.
    let meant_for = claims.get("aud").or_else(|| claims.get("client_id"));
    let is_meant =
        |audience: &Value| audience.as_str().is_some_and(|name| jwt.audiences.iter().any(|one| one == name));
    let is_ours = match meant_for {
        Some(Value::Array(audiences)) => audiences.iter().any(is_meant),
        Some(audience) => is_meant(audience),
        None => false,
    };
    if !is_ours {
        return Err(TokenError::Audience);
    }
    let now = now.epoch_millis as f64 / 1000.0;
    let time =
        |name: &str| claims.get(name).map(|value| value.as_f64().ok_or(TokenError::Malformed)).transpose();
    if time("exp")?.is_none_or(|end| end <= now) {
        return Err(TokenError::Expired);
    }
    for start in [time("nbf")?, time("iat")?].into_iter().flatten() {
        if start > now {
            return Err(TokenError::TooEarly);
        }
    }
    Ok(())
}

/// The scopes of a token: those of `scp`, or else those of `scope`.
pub(super) fn scopes(claims: &Claims) -> Vec<&str> {
    match claims.get("scp").or_else(|| claims.get("scope")) {
        Some(Value::String(text)) => text.split_whitespace().collect(),
        Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// The claims as an event has them: strings all of them. Measured on AWS: a list is its parts between
/// brackets and without quotes, an object its JSON, and a claim that is `null` is left out.
pub(super) fn in_event(claims: &Claims) -> Map<String, Value> {
    let texts = claims.iter().filter(|(_, value)| !value.is_null());
    texts.map(|(name, value)| (name.clone(), Value::String(text(value)))).collect()
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => {
            let parts: Vec<String> = values.iter().map(text).collect();
            format!("[{}]", parts.join(" "))
        }
        other => other.to_string(),
    }
}
