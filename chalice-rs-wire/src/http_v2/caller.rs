//! Who calls, as the event says it: `requestContext.authorizer`, read when somebody asks.
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>
//!
//! Not here: how API Gateway finds it out; see [`crate::gateway`].

use std::borrow::Cow;

use super::{Pairs, WireError};
use crate::json::read::{Reader, Unexpected};

/// Who calls, by the kind of authorizer that let them in.
///
/// ```
/// use chalice_rs_wire::http_v2::{Caller, decode_caller};
///
/// let caller = decode_caller(r#"{"lambda":{"name":"ann"}}"#).unwrap();
/// assert_eq!(caller, Some(Caller::Lambda(r#"{"name":"ann"}"#)));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum Caller<'r> {
    /// Who holds a token.
    Jwt {
        /// What the token says. Each value is text: see [`list_of`] for what was a list.
        claims: Pairs<'r>,
        /// The token's scopes, if the route asks for any.
        scopes: Vec<Cow<'r, str>>,
    },
    /// Who a Lambda authorizer let in: its `context`, as JSON; empty where it gave none.
    Lambda(&'r str),
    /// Who signed the request.
    Iam(Iam<'r>),
}

/// An AWS identity that signed a request. What an event does not say is empty.
///
/// ```
/// use chalice_rs_wire::http_v2::{Caller, decode_caller};
///
/// let text = r#"{"iam":{"userArn":"arn:aws:iam::123456789012:user/ann"}}"#;
/// let Ok(Some(Caller::Iam(identity))) = decode_caller(text) else { unreachable!() };
/// assert_eq!(identity.user_arn, "arn:aws:iam::123456789012:user/ann");
/// assert_eq!(identity.cognito, None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Iam<'r> {
    /// The id of the key that signed.
    pub access_key: Cow<'r, str>,
    /// The account.
    pub account_id: Cow<'r, str>,
    /// The id of the user, or of the role and its session.
    pub caller_id: Cow<'r, str>,
    /// The same.
    pub user_id: Cow<'r, str>,
    /// The ARN.
    pub user_arn: Cow<'r, str>,
    /// The organization of the account, if it is in one.
    pub principal_org_id: Cow<'r, str>,
    /// The identity of a Cognito identity pool, if it is one.
    pub cognito: Option<Cognito<'r>>,
}

/// An identity of a Cognito identity pool.
///
/// ```
/// use chalice_rs_wire::http_v2::{Caller, decode_caller};
///
/// let text = r#"{"iam":{"cognitoIdentity":{"identityId":"eu-west-1:7","amr":["foo"]}}}"#;
/// let Ok(Some(Caller::Iam(identity))) = decode_caller(text) else { unreachable!() };
/// assert_eq!(identity.cognito.unwrap().identity_id, "eu-west-1:7");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cognito<'r> {
    /// The id of the identity.
    pub identity_id: Cow<'r, str>,
    /// The id of the pool.
    pub identity_pool_id: Cow<'r, str>,
    /// How it was authenticated.
    pub amr: Vec<Cow<'r, str>>,
}

/// Reads [`RequestContext::authorizer`](super::RequestContext::authorizer); `None` where nobody asked
/// who calls.
///
/// ```
/// use chalice_rs_wire::http_v2::{Caller, decode_caller};
///
/// let text = r#"{"jwt":{"claims":{"sub":"me"},"scopes":null}}"#;
/// let Ok(Some(Caller::Jwt { claims, .. })) = decode_caller(text) else { unreachable!() };
/// assert_eq!(claims, [("sub".into(), "me".into())]);
/// assert_eq!(decode_caller(""), Ok(None));
/// ```
pub fn decode_caller(text: &str) -> Result<Option<Caller<'_>>, WireError> {
    if text.is_empty() {
        return Ok(None);
    }
    let mut found = None;
    let mut reader = Reader::new(text);
    reader
        .object(|reader, name| {
            match name.as_ref() {
                "jwt" => found = Some(jwt(reader)?),
                "lambda" => found = Some(Caller::Lambda(reader.raw()?)),
                "iam" => found = Some(Caller::Iam(iam(reader)?)),
                _ => reader.skip()?,
            }
            Ok(())
        })
        .and_then(|()| reader.end())
        .map_err(|error| WireError::Malformed { message: error.describe(text) })?;
    Ok(found)
}

/// The parts of a claim that was a list in the token: an event has `[a b]` for `["a","b"]`. Any other
/// text is its only part.
///
/// ```
/// use chalice_rs_wire::http_v2::list_of;
///
/// assert_eq!(list_of("[admin poweruser]").collect::<Vec<_>>(), ["admin", "poweruser"]);
/// assert_eq!(list_of("[]").count(), 0);
/// assert_eq!(list_of("admin").collect::<Vec<_>>(), ["admin"]);
/// ```
pub fn list_of(claim: &str) -> impl Iterator<Item = &str> {
    let inside = claim.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let (parts, whole) = match inside {
        Some(inside) => (inside, None),
        None => ("", Some(claim)),
    };
    parts.split_whitespace().chain(whole)
}

fn jwt<'r>(reader: &mut Reader<'r>) -> Result<Caller<'r>, Unexpected> {
    let (mut claims, mut scopes) = (Pairs::new(), Vec::new());
    reader.object(|reader, name| {
        match name.as_ref() {
            "claims" => reader.object(|reader, name| {
                claims.push((name, text(reader)?));
                Ok(())
            })?,
            "scopes" => strings(reader, &mut scopes)?,
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    Ok(Caller::Jwt { claims, scopes })
}

/// A string, or the JSON of anything else: AWS sends strings alone, others may not.
fn text<'r>(reader: &mut Reader<'r>) -> Result<Cow<'r, str>, Unexpected> {
    let raw = reader.raw()?;
    if raw.starts_with('"') { Reader::new(raw).string() } else { Ok(Cow::Borrowed(raw)) }
}

fn strings<'r>(reader: &mut Reader<'r>, into: &mut Vec<Cow<'r, str>>) -> Result<(), Unexpected> {
    reader.array(|reader| {
        into.push(reader.string()?);
        Ok(())
    })
}

fn iam<'r>(reader: &mut Reader<'r>) -> Result<Iam<'r>, Unexpected> {
    let mut iam = Iam::default();
    reader.object(|reader, name| {
        match name.as_ref() {
            "accessKey" => iam.access_key = reader.string()?,
            "accountId" => iam.account_id = reader.string()?,
            "callerId" => iam.caller_id = reader.string()?,
            "userId" => iam.user_id = reader.string()?,
            "userArn" => iam.user_arn = reader.string()?,
            "principalOrgId" => iam.principal_org_id = reader.string()?,
            "cognitoIdentity" => {
                let raw = reader.raw()?;
                iam.cognito = (!raw.is_empty()).then(|| cognito(&mut Reader::new(raw))).transpose()?;
            }
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    Ok(iam)
}

fn cognito<'r>(reader: &mut Reader<'r>) -> Result<Cognito<'r>, Unexpected> {
    let mut cognito = Cognito::default();
    reader.object(|reader, name| {
        match name.as_ref() {
            "identityId" => cognito.identity_id = reader.string()?,
            "identityPoolId" => cognito.identity_pool_id = reader.string()?,
            "amr" => strings(reader, &mut cognito.amr)?,
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    Ok(cognito)
}
