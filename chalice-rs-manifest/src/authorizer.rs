//! Who may call a route: the authorizers an app declares, and how a route names one.
//!
//! Not here: what API Gateway asks an authorizer, and what its answer means; see
//! `chalice_rs_wire::gateway`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{FunctionName, Source};

/// Who may call.
///
/// ```
/// use chalice_rs_manifest::Guard;
///
/// assert_eq!(serde_json::to_string(&Guard::Iam).unwrap(), r#""iam""#);
/// assert_eq!(Guard::Named("users".parse().unwrap()), serde_json::from_str(r#"{"named":"users"}"#).unwrap());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Guard {
    /// Everybody, whatever the blueprint or the app says.
    None,
    /// Whoever signs the request as an AWS identity that may.
    Iam,
    /// Whoever the authorizer of this name lets in.
    Named(FunctionName),
}

/// An authorizer.
///
/// ```
/// use chalice_rs_manifest::{Authorizer, By};
///
/// let record = r#"{
///     "name": "users", "by": {"jwt": {"issuer": "https://example.com/", "audiences": ["shop"]}},
///     "source": {"module": "shop", "file": "src/main.rs", "line": 7}
/// }"#;
/// let users: Authorizer = serde_json::from_str(record).unwrap();
/// assert!(matches!(users.by, By::Jwt(jwt) if jwt.audiences == ["shop"]));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authorizer {
    /// Its name, by which routes name it; of a Lambda function of ours, the last part of its name.
    pub name: FunctionName,
    /// How it decides.
    pub by: By,
    /// Where it stands.
    pub source: Source,
    /// Its doc comment, without the leading space of each line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
}

/// How an authorizer decides.
///
/// ```
/// use chalice_rs_manifest::{By, Identity, Question, Reuse};
///
/// let question = Question { identity: vec![Identity::authorization()], ttl: 60, reuse: Reuse::PerRoute };
/// assert_eq!(By::Function(question).check(), []);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// By a token that an issuer signed.
    Jwt(Jwt),
    /// By a function of this program, in a Lambda function of its own.
    Function(Question),
    /// By a Lambda function that is there already.
    Lambda {
        /// Its ARN.
        arn: String,
        /// What it is asked, and for how long its answer goes.
        #[serde(flatten)]
        question: Question,
    },
}

/// What a token must be.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html>
///
/// ```
/// use chalice_rs_manifest::{Identity, Jwt};
///
/// let jwt: Jwt = serde_json::from_str(r#"{"issuer": "https://example.com/", "audiences": ["shop"]}"#).unwrap();
/// assert_eq!(jwt.identity, Identity::authorization());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwt {
    /// The `iss` of the token, and where its keys are found.
    pub issuer: String,
    /// Those it may be meant for, at least one.
    pub audiences: Vec<String>,
    /// Where the token stands: in a header, or in the query.
    #[serde(default = "Identity::authorization")]
    pub identity: Identity,
}

/// What a Lambda authorizer is asked about, and for how long its answer goes.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html>
///
/// ```
/// use chalice_rs_manifest::{Identity, Question, Reuse};
///
/// let question = Question { identity: vec![Identity::authorization()], ttl: 0, reuse: Reuse::PerRoute };
/// assert_eq!(question.sources(), question.identity);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// What a request must have for the authorizer to be asked at all. It makes the cache's key.
    pub identity: Vec<Identity>,
    /// For how many seconds an answer goes, up to [`TTL_LIMIT`]; zero asks each time.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub ttl: u32,
    /// For which routes an answer goes.
    #[serde(default, skip_serializing_if = "Reuse::is_per_route")]
    pub reuse: Reuse,
}

/// For which routes a cached answer goes.
///
/// ```
/// use chalice_rs_manifest::Reuse;
///
/// assert_eq!(Reuse::default(), Reuse::PerRoute);
/// assert_eq!(serde_json::to_string(&Reuse::AllRoutes).unwrap(), r#""all_routes""#);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reuse {
    /// The route that was asked about: the route's key is a part of the cache's.
    #[default]
    PerRoute,
    /// All of the authorizer's routes.
    AllRoutes,
}

impl Reuse {
    fn is_per_route(&self) -> bool {
        *self == Self::PerRoute
    }
}

fn is_zero(value: &u32) -> bool {
    *value == 0
}

/// Seconds. <https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-authorizers.html>
pub const TTL_LIMIT: u32 = 3600;

/// Authorizers that one API can have.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html>
pub const AUTHORIZER_LIMIT: usize = 10;

/// Audiences that one JWT authorizer can have.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html>
pub const AUDIENCE_LIMIT: usize = 50;

/// Scopes that one route can have.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html>
pub const SCOPE_LIMIT: usize = 10;

impl By {
    /// What AWS would refuse, each with its help.
    ///
    /// ```
    /// use chalice_rs_manifest::{By, Identity, Question, Reuse};
    ///
    /// let question = Question { identity: vec![Identity::authorization()], ttl: 0, reuse: Reuse::PerRoute };
    /// let errors = By::Lambda { arn: "check".to_owned(), question }.check();
    /// assert_eq!(errors[0].to_string(), "`check` is not the ARN of a Lambda function");
    /// ```
    pub fn check(&self) -> Vec<AuthorizerError> {
        match self {
            Self::Jwt(jwt) => jwt.check(),
            Self::Function(_) => Vec::new(),
            Self::Lambda { arn, .. } if is_function_arn(arn) => Vec::new(),
            Self::Lambda { arn, .. } => vec![AuthorizerError::Arn { arn: arn.clone() }],
        }
    }
}

impl Jwt {
    /// What AWS would refuse, each with its help.
    ///
    /// ```
    /// use chalice_rs_manifest::{Identity, Jwt};
    ///
    /// let (issuer, audiences) = ("example.com".to_owned(), vec!["shop".to_owned()]);
    /// let errors = Jwt { issuer, audiences, identity: Identity::authorization() }.check();
    /// assert_eq!(errors[0].to_string(), "`example.com` is not the address of an issuer");
    /// ```
    pub fn check(&self) -> Vec<AuthorizerError> {
        let mut errors = Vec::new();
        let host = self.issuer.strip_prefix("https://").or_else(|| {
            // An issuer of a test's own has no certificate.
            let rest = self.issuer.strip_prefix("http://")?;
            (rest.starts_with("127.0.0.1:") || rest.starts_with("localhost:")).then_some(rest)
        });
        if host.is_none_or(|host| host.is_empty() || host.contains(|char: char| char.is_whitespace())) {
            errors.push(AuthorizerError::Issuer { issuer: self.issuer.clone() });
        }
        if self.audiences.len() > AUDIENCE_LIMIT {
            errors.push(AuthorizerError::TooManyAudiences { found: self.audiences.len() });
        }
        if !matches!(self.identity, Identity::Header(_) | Identity::Query(_)) {
            errors.push(AuthorizerError::NoToken { identity: self.identity.clone() });
        }
        errors
    }

    /// The issuer of a Cognito user pool's tokens. The pool's id starts with its region.
    /// <https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html>
    ///
    /// ```
    /// use chalice_rs_manifest::Jwt;
    ///
    /// assert_eq!(
    ///     Jwt::issuer_of_user_pool("eu-west-1_a1B2").unwrap(),
    ///     "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a1B2"
    /// );
    /// ```
    pub fn issuer_of_user_pool(pool: &str) -> Result<String, AuthorizerError> {
        let is_region = |region: &str| {
            let taken = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            region.split('-').count() >= 3 && region.bytes().all(taken)
        };
        let is_id = |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        match pool.split_once('_') {
            Some((region, id)) if is_region(region) && is_id(id) => {
                let domain = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
                Ok(format!("https://cognito-idp.{region}.{domain}/{pool}"))
            }
            _ => Err(AuthorizerError::UserPool { pool: pool.to_owned() }),
        }
    }
}

/// `arn:aws:lambda:eu-west-1:123456789012:function:name`, with a version or an alias if there is one.
fn is_function_arn(arn: &str) -> bool {
    let parts: Vec<&str> = arn.split(':').collect();
    let ["arn", partition, "lambda", region, account, "function", name, qualifier @ ..] = &parts[..] else {
        return false;
    };
    let is_name = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_$".contains(&byte))
    };
    partition.starts_with("aws")
        && is_name(region)
        && account.len() == 12
        && account.bytes().all(|byte| byte.is_ascii_digit())
        && is_name(name)
        && qualifier.len() < 2
        && qualifier.iter().all(|qualifier| is_name(qualifier))
}

/// What AWS would refuse of an authorizer.
///
/// ```
/// use chalice_rs_manifest::Jwt;
/// use chalice_rs_manifest::authorizer::AuthorizerError;
///
/// let error = Jwt::issuer_of_user_pool("a1B2").unwrap_err();
/// assert_eq!(error, AuthorizerError::UserPool { pool: "a1B2".to_owned() });
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuthorizerError {
    /// The issuer is not where keys can be found.
    Issuer {
        /// What was written.
        issuer: String,
    },
    /// The text is no Cognito user pool's id.
    UserPool {
        /// What was written.
        pool: String,
    },
    /// More audiences than API Gateway takes.
    TooManyAudiences {
        /// How many there are.
        found: usize,
    },
    /// No token stands there.
    /// <https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-authorizers.html>
    NoToken {
        /// What was written.
        identity: Identity,
    },
    /// The text is no Lambda function's ARN.
    Arn {
        /// What was written.
        arn: String,
    },
}

impl AuthorizerError {
    /// What to do about it.
    ///
    /// ```
    /// use chalice_rs_manifest::Jwt;
    ///
    /// let error = Jwt::issuer_of_user_pool("a1B2").unwrap_err();
    /// assert_eq!(error.help(), "write its id, which starts with its region: `eu-west-1_a1B2c3D4e`");
    /// ```
    pub fn help(&self) -> String {
        match self {
            Self::Issuer { .. } => {
                "write the `iss` of its tokens, exactly: `https://example.com/`".to_owned()
            }
            Self::UserPool { .. } => {
                "write its id, which starts with its region: `eu-west-1_a1B2c3D4e`".to_owned()
            }
            Self::TooManyAudiences { .. } => format!("name at most {AUDIENCE_LIMIT}"),
            Self::NoToken { .. } => format!("write `{HEADER}Authorization`, or `{QUERY}token`"),
            Self::Arn { .. } => {
                "write it whole: `arn:aws:lambda:eu-west-1:123456789012:function:check`".to_owned()
            }
        }
    }
}

impl fmt::Display for AuthorizerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Issuer { issuer } => write!(f, "`{issuer}` is not the address of an issuer"),
            Self::UserPool { pool } => write!(f, "`{pool}` is not the id of a Cognito user pool"),
            Self::TooManyAudiences { found } => {
                write!(f, "{found} audiences are more than API Gateway takes")
            }
            Self::NoToken { identity } => write!(f, "a client cannot send a token as `{identity}`"),
            Self::Arn { arn } => write!(f, "`{arn}` is not the ARN of a Lambda function"),
        }
    }
}

impl std::error::Error for AuthorizerError {}

impl Question {
    /// The identity sources that API Gateway is told. What makes an answer go for one route only is among
    /// them.
    ///
    /// ```
    /// use chalice_rs_manifest::{Identity, Question, Reuse};
    ///
    /// let token = Identity::authorization();
    /// let kept = Question { identity: vec![token.clone()], ttl: 60, reuse: Reuse::PerRoute };
    /// assert_eq!(kept.sources(), [token, Identity::Context("routeKey".to_owned())]);
    /// ```
    pub fn sources(&self) -> Vec<Identity> {
        let mut sources = self.identity.clone();
        let route = Identity::Context("routeKey".to_owned());
        if self.ttl > 0 && self.reuse == Reuse::PerRoute && !sources.contains(&route) {
            sources.push(route);
        }
        sources
    }
}

/// A part of a request that says who calls, in API Gateway's spelling.
///
/// ```
/// use chalice_rs_manifest::Identity;
///
/// let identity: Identity = "$request.header.X-Token".parse().unwrap();
/// assert_eq!(identity, Identity::Header("X-Token".to_owned()));
/// assert_eq!(identity.to_string(), "$request.header.X-Token");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Identity {
    /// `$request.header.Authorization`.
    Header(String),
    /// `$request.querystring.token`.
    Query(String),
    /// `$context.identity.sourceIp`.
    Context(String),
    /// `$stageVariables.tenant`.
    StageVariable(String),
}

impl Identity {
    /// `$request.header.Authorization`.
    ///
    /// ```
    /// use chalice_rs_manifest::Identity;
    ///
    /// assert_eq!(Identity::authorization().to_string(), "$request.header.Authorization");
    /// ```
    pub fn authorization() -> Self {
        Self::Header("Authorization".to_owned())
    }
}

const HEADER: &str = "$request.header.";
const QUERY: &str = "$request.querystring.";
const CONTEXT: &str = "$context.";
const STAGE_VARIABLE: &str = "$stageVariables.";

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header(name) => write!(f, "{HEADER}{name}"),
            Self::Query(name) => write!(f, "{QUERY}{name}"),
            Self::Context(name) => write!(f, "{CONTEXT}{name}"),
            Self::StageVariable(name) => write!(f, "{STAGE_VARIABLE}{name}"),
        }
    }
}

impl FromStr for Identity {
    type Err = IdentityError;

    fn from_str(text: &str) -> Result<Self, IdentityError> {
        type Kind = fn(String) -> Identity;
        let kinds: [(&str, Kind); 4] = [
            (HEADER, Self::Header),
            (QUERY, Self::Query),
            (CONTEXT, Self::Context),
            (STAGE_VARIABLE, Self::StageVariable),
        ];
        let found = kinds.into_iter().find_map(|(start, kind)| Some((kind, text.strip_prefix(start)?)));
        let is_name = |name: &str| {
            let taken = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
            !name.is_empty() && name.bytes().all(taken)
        };
        match found.filter(|(_, name)| is_name(name)) {
            Some((kind, name)) => Ok(kind(name.to_owned())),
            None => Err(IdentityError(text.to_owned())),
        }
    }
}

impl TryFrom<String> for Identity {
    type Error = IdentityError;

    fn try_from(text: String) -> Result<Self, IdentityError> {
        text.parse()
    }
}

impl From<Identity> for String {
    fn from(identity: Identity) -> Self {
        identity.to_string()
    }
}

/// The text is none of the four kinds of [`Identity`].
///
/// ```
/// use chalice_rs_manifest::Identity;
///
/// let error = "X-Token".parse::<Identity>().unwrap_err();
/// assert_eq!(error.to_string(), "`X-Token` is not an identity source of API Gateway");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityError(pub String);

impl IdentityError {
    /// What to do about it.
    ///
    /// ```
    /// use chalice_rs_manifest::Identity;
    ///
    /// let error = "X-Token".parse::<Identity>().unwrap_err();
    /// assert!(error.help().starts_with("write `$request.header.X-Token`"));
    /// ```
    pub fn help(&self) -> String {
        let plain = self.0.trim_start_matches('$');
        let is_name = plain.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        let name = if is_name && !plain.is_empty() { plain } else { "Authorization" };
        format!("write `{HEADER}{name}`, `{QUERY}token`, `{CONTEXT}routeKey` or `{STAGE_VARIABLE}tenant`")
    }
}

impl fmt::Display for IdentityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not an identity source of API Gateway", self.0)
    }
}

impl std::error::Error for IdentityError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_reads_back_what_it_prints() {
        for text in
            ["$request.header.X-Token", "$request.querystring.t", "$context.routeKey", "$stageVariables.a"]
        {
            assert_eq!(text.parse::<Identity>().expect(text).to_string(), text);
        }
    }

    #[test]
    fn what_is_none_is_answered_with_what_may_be_meant() {
        let error = "X-Token".parse::<Identity>().unwrap_err();
        assert!(error.help().starts_with("write `$request.header.X-Token`"), "{}", error.help());
        assert!("$request.header.".parse::<Identity>().is_err());
        assert!("$request.body.x".parse::<Identity>().is_err());
    }

    #[test]
    fn what_aws_would_refuse_is_found() {
        let lambda = |arn: &str| By::Lambda {
            arn: arn.to_owned(),
            question: Question { identity: vec![], ttl: 0, reuse: Reuse::PerRoute },
        };
        let arn = "arn:aws:lambda:eu-west-1:123456789012:function:check";
        assert_eq!(lambda(arn).check(), []);
        assert_eq!(lambda(&format!("{arn}:live")).check(), []);
        for other in ["check", "arn:aws:lambda:eu-west-1:1234:function:check", &format!("{arn}:a:b")] {
            assert_eq!(lambda(other).check(), [AuthorizerError::Arn { arn: other.to_owned() }]);
        }
        let jwt = |issuer: &str| {
            let (issuer, audiences) = (issuer.to_owned(), vec!["a".to_owned()]);
            Jwt { issuer, audiences, identity: Identity::authorization() }
        };
        let stands = |identity: &str| {
            let identity: Identity = identity.parse().expect(identity);
            (Jwt { identity: identity.clone(), ..jwt("https://example.com") }.check(), identity)
        };
        assert_eq!(stands("$request.querystring.token").0, []);
        for other in ["$context.identity.sourceIp", "$stageVariables.token"] {
            let (found, identity) = stands(other);
            assert_eq!(found, [AuthorizerError::NoToken { identity }]);
        }
        let many = Jwt { audiences: vec![String::new(); AUDIENCE_LIMIT + 1], ..jwt("https://example.com") };
        assert_eq!(many.check(), [AuthorizerError::TooManyAudiences { found: AUDIENCE_LIMIT + 1 }]);
        assert_eq!(jwt("https://example.com/").check(), []);
        assert_eq!(jwt("http://127.0.0.1:8080").check(), []);
        for other in ["example.com", "http://example.com", "https://", "http://127.0.0.1.evil.com"] {
            assert_eq!(jwt(other).check(), [AuthorizerError::Issuer { issuer: other.to_owned() }]);
        }
    }

    #[test]
    fn a_user_pool_is_an_issuer() {
        assert_eq!(
            Jwt::issuer_of_user_pool("eu-west-1_a1B2").as_deref(),
            Ok("https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a1B2")
        );
        assert!(Jwt::issuer_of_user_pool("a1B2").is_err());
    }

    #[test]
    fn a_cached_answer_goes_for_its_route_unless_said_otherwise() {
        let ask = |identity: &[&str], ttl, reuse| {
            let identity = identity.iter().map(|source| source.parse().expect("an identity")).collect();
            let sources = Question { identity, ttl, reuse }.sources();
            sources.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        let (token, route) = ("$request.header.Authorization", "$context.routeKey");
        assert_eq!(ask(&[token], 0, Reuse::PerRoute), [token]);
        assert_eq!(ask(&[token], 60, Reuse::PerRoute), [token, route]);
        assert_eq!(ask(&[route, token], 60, Reuse::PerRoute), [route, token]);
        assert_eq!(ask(&[token], 60, Reuse::AllRoutes), [token]);
    }
}
