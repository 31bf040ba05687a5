//! Who may call: what is asked before a function sees a request, and what the answer means.
//!
//! Here: the rules of all kinds of authorizer.
//! Not here: the parts of them; see `identity.rs`, `token.rs`, `policy.rs`, `answers.rs`.

use std::borrow::Cow;

use chalice_rs_manifest::{Authorizer, By, FunctionName, Guard, Jwt};
use serde_json::{Value, json};

use super::answers::{Answers, Key};
use super::inbound::{self, Refusal};
use super::policy::Decision;
use super::routes::Entry;
use super::token::{self, Claims, Token, TokenError};
use super::{Arrival, Request, identity};
use crate::authorizer;

/// What the gateway cannot know itself.
///
/// ```
/// use chalice_rs_wire::gateway::{Question, Verdict};
///
/// /// A local server that has no keys and no functions.
/// fn ask(question: &Question) -> Verdict {
///     match question {
///         Question::Token { .. } | Question::Signature => Verdict::Refused,
///         Question::Function { .. } | Question::Lambda { .. } => Verdict::Failed,
///     }
/// }
/// assert_eq!(ask(&Question::Signature), Verdict::Refused);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum Question {
    /// Whether an issuer signed a token: [`Verdict::Signed`] or [`Verdict::Unsigned`].
    Token {
        /// The authorizer's name.
        authorizer: FunctionName,
        /// The issuer's URL, below which its keys are found.
        issuer: String,
        /// The token, without `Bearer`.
        token: String,
    },
    /// What a function of the app says: [`Verdict::Returned`] or [`Verdict::Failed`].
    Function {
        /// The authorizer's name, and the function's.
        authorizer: FunctionName,
        /// The event it is called with.
        event: Vec<u8>,
    },
    /// What a Lambda function that is there already says: the same.
    Lambda {
        /// The authorizer's name.
        authorizer: FunctionName,
        /// The function's ARN.
        arn: String,
        /// The event it is called with.
        event: Vec<u8>,
    },
    /// Which AWS identity signed a request: [`Verdict::Identity`] or [`Verdict::Refused`].
    Signature,
}

/// The answer to a [`Question`].
///
/// ```
/// use chalice_rs_wire::gateway::Verdict;
///
/// let returned = br#"{"isAuthorized":true}"#.to_vec();
/// assert_ne!(Verdict::Returned(returned), Verdict::Failed);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// The issuer signed the token.
    Signed,
    /// The token lets nobody in, for this reason.
    Unsigned(TokenError),
    /// The caller is who has these claims, whatever the token says: for tests.
    Claims(Claims),
    /// What the authorizer's function returned.
    Returned(Vec<u8>),
    /// The authorizer's function crashed, or took too long.
    Failed,
    /// This identity signed the request, and may call.
    Identity(IamIdentity),
    /// No identity that may call signed the request.
    Refused,
}

/// Who signed a request, as an event has it.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>
///
/// ```
/// use chalice_rs_wire::gateway::{IamIdentity, Verdict};
///
/// let user_arn = "arn:aws:iam::123456789012:user/ann".to_owned();
/// let verdict = Verdict::Identity(IamIdentity { user_arn, ..IamIdentity::default() });
/// assert!(matches!(verdict, Verdict::Identity(ann) if ann.principal_org_id.is_none()));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IamIdentity {
    /// The id of the key that signed.
    pub access_key: String,
    /// The account.
    pub account_id: String,
    /// The id of the user, or of the role and its session.
    pub caller_id: String,
    /// The same.
    pub user_id: String,
    /// The ARN.
    pub user_arn: String,
    /// The organization of the account, if it is in one.
    pub principal_org_id: Option<String>,
}

impl IamIdentity {
    fn in_event(&self) -> Value {
        json!({
            "accessKey": self.access_key,
            "accountId": self.account_id,
            "callerId": self.caller_id,
            "cognitoIdentity": null,
            "principalOrgId": self.principal_org_id,
            "userArn": self.user_arn,
            "userId": self.user_id,
        })
    }
}

/// Who may call a route.
///
/// ```
/// use chalice_rs_manifest::Manifest;
/// use chalice_rs_wire::Moment;
/// use chalice_rs_wire::gateway::{Arrival, Gateway, Guarded};
///
/// # let client = "203.0.113.9:50112".parse().unwrap();
/// # let arrival = Arrival { time: Moment::from_epoch_millis(1_783_711_145_123), client, entropy: 7 };
/// let gateway = Gateway::new(&Manifest::default());
/// let request = http::Request::get("/").body(Vec::new()).unwrap();
/// assert_eq!(gateway.find(request, &arrival).guard(), Guarded::Open);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Guarded<'g> {
    /// Everybody.
    Open,
    /// Whoever signs the request as an AWS identity that may.
    Iam,
    /// Whoever this authorizer lets in.
    By(&'g Authorizer),
    /// Nobody: the route names an authorizer that is not declared.
    Unknown(&'g FunctionName),
}

/// What the answer to a question will need.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// The token that was asked about.
    token: Option<String>,
    /// Under what an answer that goes for longer is kept.
    pub(super) key: Option<Key>,
}

/// Who calls: `requestContext.authorizer`, as JSON; empty where nobody was asked.
#[derive(Debug, Default)]
pub(super) struct Caller(String);

impl Caller {
    pub(super) fn as_json(&self) -> &str {
        &self.0
    }

    fn new(kind: &str, what: &Value) -> Self {
        Self(json!({ kind: what }).to_string())
    }
}

/// The caller, or the question and what to keep until its answer is there.
type Begun = Result<Caller, (Question, Asked)>;

/// Looks who calls, as far as that needs nobody else.
pub(super) fn begin(
    entry: &Entry,
    request: &Request,
    arrival: &Arrival,
    answers: &Answers,
) -> Result<Begun, Refusal> {
    let declared = match guarded(entry) {
        Guarded::Open => return Ok(Ok(Caller::default())),
        Guarded::Iam if is_signed(request) => return Ok(Err((Question::Signature, Asked::default()))),
        Guarded::Iam => return Err(Refusal::Forbidden),
        Guarded::By(authorizer) => authorizer,
        Guarded::Unknown(_) => return Err(Refusal::NoVerdict),
    };
    let path = inbound::decoded_path(request.uri());
    let event = entry.event(request, &path, arrival);
    let name = declared.name.clone();
    let question = match &declared.by {
        By::Jwt(jwt) => {
            let Some(value) = identity::value(&jwt.identity, &event) else {
                return Err(Refusal::Unauthorized { challenge: Some("Bearer".to_owned()) });
            };
            let token = token::bare(&value).to_owned();
            let asked = Asked { token: Some(token.clone()), key: None };
            let question = Question::Token { authorizer: name, issuer: jwt.issuer.clone(), token };
            return Ok(Err((question, asked)));
        }
        By::Function(question) | By::Lambda { question, .. } => question,
    };
    let sources = question.sources();
    let values: Option<Vec<String>> = sources.iter().map(|source| identity::value(source, &event)).collect();
    let Some(values) = values else { return Err(Refusal::Unauthorized { challenge: None }) };
    let key = (name.clone(), values);
    if question.ttl > 0
        && let Some(decision) = answers.find(&key, arrival.time)
    {
        return decide(&decision, request).map(Ok);
    }
    let bytes = authorizer::encode_event(&authorizer::Event {
        request: event,
        route_arn: arn(request).into(),
        identity: key.1.iter().map(Into::into).collect(),
    });
    let asked = Asked { token: None, key: Some(key) };
    let question = match &declared.by {
        By::Lambda { arn, .. } => Question::Lambda { authorizer: name, arn: arn.clone(), event: bytes },
        By::Function(_) | By::Jwt(_) => Question::Function { authorizer: name, event: bytes },
    };
    Ok(Err((question, asked)))
}

/// What a verdict means for a request.
pub(super) fn judge(
    entry: &Entry,
    request: &Request,
    arrival: &Arrival,
    verdict: &Verdict,
    asked: &Asked,
) -> Result<Caller, Refusal> {
    match guarded(entry) {
        Guarded::Open => Ok(Caller::default()),
        Guarded::Unknown(_) => Err(Refusal::NoVerdict),
        Guarded::Iam => match verdict {
            Verdict::Identity(identity) => Ok(Caller::new("iam", &identity.in_event())),
            Verdict::Refused => Err(Refusal::Forbidden),
            _ => Err(Refusal::NoVerdict),
        },
        Guarded::By(authorizer) => match &authorizer.by {
            By::Jwt(jwt) => {
                let claims = claims(jwt, arrival, verdict, asked)
                    .map_err(|error| error.map_or(Refusal::NoVerdict, |error| invalid(entry, error)))?;
                bearer(entry, &claims)
            }
            By::Function(_) | By::Lambda { .. } => {
                let Verdict::Returned(payload) = verdict else { return Err(Refusal::NoVerdict) };
                let decision = Decision::decode(payload).ok_or(Refusal::NoVerdict)?;
                decide(&decision, request)
            }
        },
    }
}

/// Who may call a route.
pub(super) fn guarded(entry: &Entry) -> Guarded<'_> {
    match (&entry.guard, &entry.authorizer) {
        (Guard::None, _) => Guarded::Open,
        (Guard::Iam, _) => Guarded::Iam,
        (Guard::Named(_), Some(authorizer)) => Guarded::By(authorizer),
        (Guard::Named(name), None) => Guarded::Unknown(name),
    }
}

/// For how many seconds an answer of the route's authorizer goes, if it goes for longer than a request.
pub(super) fn lasts(entry: &Entry) -> Option<u32> {
    match &entry.authorizer.as_ref()?.by {
        By::Jwt(_) => None,
        By::Function(question) | By::Lambda { question, .. } => Some(question.ttl).filter(|ttl| *ttl > 0),
    }
}

/// What the caller's token says; `None` as an error is for an answer to another question.
fn claims<'v>(
    jwt: &Jwt,
    arrival: &Arrival,
    verdict: &'v Verdict,
    asked: &Asked,
) -> Result<Cow<'v, Claims>, Option<TokenError>> {
    match (verdict, &asked.token) {
        (Verdict::Claims(claims), _) => Ok(Cow::Borrowed(claims)),
        (Verdict::Signed, Some(token)) => {
            let Token { claims, .. } = Token::decode(token)?;
            token::check(&claims, jwt, arrival.time)?;
            Ok(Cow::Owned(claims))
        }
        (Verdict::Unsigned(error), _) => Err(Some(*error)),
        _ => Err(None),
    }
}

/// The caller of a token, if the token has a scope that the route asks for.
fn bearer(entry: &Entry, claims: &Claims) -> Result<Caller, Refusal> {
    let scopes = token::scopes(claims);
    if !entry.scopes.is_empty() && !entry.scopes.iter().any(|scope| scopes.contains(&scope.as_str())) {
        return Err(Refusal::Forbidden);
    }
    // Measured on AWS: a route that asks for none is not told of any.
    let scopes = if entry.scopes.is_empty() { Value::Null } else { scopes.into() };
    Ok(Caller::new("jwt", &json!({ "claims": token::in_event(claims), "scopes": scopes })))
}

fn invalid(entry: &Entry, error: TokenError) -> Refusal {
    let scopes = entry.scopes.join(" ");
    let challenge = format!(r#"Bearer scope="{scopes}" error="invalid_token" error_description="{error}""#);
    Refusal::Unauthorized { challenge: Some(challenge) }
}

fn decide(decision: &Decision, request: &Request) -> Result<Caller, Refusal> {
    if !decision.allows(&arn(request)) {
        return Err(Refusal::Forbidden);
    }
    Ok(Caller::new("lambda", &decision.context))
}

/// The ARN of what a request wants to call, with the stage `$default`.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html>
fn arn(request: &Request) -> String {
    let (account, api) = (inbound::ACCOUNT, inbound::API);
    let path = inbound::decoded_path(request.uri());
    format!("arn:aws:execute-api:us-east-1:{account}:{api}/$default/{}{path}", request.method())
}

/// Whether a request claims to be signed as AWS signs: in a header, or in the query.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html>
fn is_signed(request: &Request) -> bool {
    let in_header = request.headers().get_all(http::header::AUTHORIZATION).iter();
    let mut in_header = in_header.filter_map(|value| value.to_str().ok());
    in_header.any(|value| value.starts_with("AWS4-"))
        || request.uri().query().is_some_and(|query| query.contains("X-Amz-Signature="))
}
