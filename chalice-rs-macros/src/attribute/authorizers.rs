//! `jwt_authorizer!(name, ..)` and `lambda_authorizer!(name, ..)`: authorizers that are no function
//! of the program.
//!
//! Not here: `#[authorizer]`, which is one.

use chalice_rs_manifest::authorizer::{AuthorizerError, TTL_LIMIT};
use chalice_rs_manifest::{Authorizer, By, Identity, Jwt, Question, Record, Reuse, Source};
use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, LitStr, Token};

use super::{Place, only_keys, rules, value};
use crate::args::Args;
use crate::errors::Errors;
use crate::expand;
use crate::signature::{doc, written};

const ISSUER: &str = "issuer";
const USER_POOL: &str = "user_pool";
const AUDIENCES: &str = "audiences";
const IDENTITY: &str = "identity";
const ARN: &str = "arn";
const TTL: &str = "ttl";
const REUSE: &str = "reuse";

/// The keys that [`question`] reads.
pub(super) const QUESTION_KEYS: [&str; 3] = [TTL, IDENTITY, REUSE];

/// A valid authorizer: what is declared, and the name by which routes name it.
pub(crate) struct Valid {
    pub(crate) record: Record,
    pub(crate) name: Ident,
    pub(crate) doc: Vec<Attribute>,
}

/// The whole expansion of `jwt_authorizer!`.
pub(crate) fn jwt(tokens: TokenStream, place: Place) -> TokenStream {
    const SHOWN: &str = "jwt_authorizer!";
    const EXAMPLE: &str =
        "jwt_authorizer!(users, issuer = \"https://example.com\", audiences = [\"my-api\"])";
    let mut errors = Errors::default();
    let valid = Head::parse(tokens, EXAMPLE, &mut errors).and_then(|head| {
        let args = head.args(EXAMPLE, &mut errors);
        only_keys(SHOWN, &[ISSUER, USER_POOL, AUDIENCES, IDENTITY], &args, &mut errors);
        let issuer = issuer(&args, &mut errors);
        let audiences = args.texts(AUDIENCES, "my-api", &mut errors);
        if args.pair(AUDIENCES).is_none() {
            let help =
                format_args!("write `{AUDIENCES} = [..]`: what its tokens have as `aud` or `client_id`");
            errors.add(&head.name, "the authorizer takes tokens that are meant for nobody", help);
        }
        let mut places = identity(&args, &mut errors).into_iter();
        let place_of_token = places.next().unwrap_or_else(Identity::authorization);
        if places.next().is_some()
            && let Some(pair) = args.pair(IDENTITY)
        {
            let help = format_args!("keep one: `{IDENTITY} = \"{place_of_token}\"`");
            errors.add(&pair.value, "API Gateway looks for a token in one place", help);
        }
        let jwt = Jwt {
            issuer: issuer?,
            audiences: audiences?.iter().map(LitStr::value).collect(),
            identity: place_of_token,
        };
        report(jwt.check(), &args, &head, &mut errors);
        head.valid(By::Jwt(jwt), place, &mut errors)
    });
    expand::authorizer(valid, errors)
}

/// The whole expansion of `lambda_authorizer!`.
pub(crate) fn lambda(tokens: TokenStream, place: Place) -> TokenStream {
    const SHOWN: &str = "lambda_authorizer!";
    const EXAMPLE: &str = "lambda_authorizer!(legacy, arn = \"arn:aws:lambda:..\")";
    let mut errors = Errors::default();
    let valid = Head::parse(tokens, EXAMPLE, &mut errors).and_then(|head| {
        let args = head.args(EXAMPLE, &mut errors);
        only_keys(SHOWN, &[ARN, TTL, IDENTITY, REUSE], &args, &mut errors);
        let arn = args.text(ARN, "arn:aws:lambda:eu-west-1:123456789012:function:check", &mut errors);
        if args.pair(ARN).is_none() {
            let help = format_args!(
                "write `{ARN} = \"arn:aws:lambda:..\"`; a function of this program is an `#[authorizer]`"
            );
            errors.add(&head.name, "the authorizer calls no function", help);
        }
        let question = question(&args, &mut errors);
        let by = By::Lambda { arn: arn?.value(), question };
        report(by.check(), &args, &head, &mut errors);
        head.valid(by, place, &mut errors)
    });
    expand::authorizer(valid, errors)
}

/// The keys of an authorizer that is a Lambda function, one of ours or not.
pub(super) fn question(args: &Args, errors: &mut Errors) -> Question {
    let mut identity = identity(args, errors);
    if identity.is_empty() {
        identity.push(Identity::authorization());
    }
    let reuse = match args.text(REUSE, "all-routes", errors) {
        None => Reuse::default(),
        Some(text) if text.value() == "all-routes" => Reuse::AllRoutes,
        Some(text) if text.value() == "per-route" => Reuse::PerRoute,
        Some(text) => {
            let help = format_args!("write `{REUSE} = \"per-route\"` or `{REUSE} = \"all-routes\"`");
            errors.add(&text, format_args!("an answer cannot go for `{}`", text.value()), help);
            Reuse::default()
        }
    };
    let ttl = args.number(TTL, 0..=TTL_LIMIT, "seconds", errors).unwrap_or_default();
    Question { identity, ttl, reuse }
}

fn identity(args: &Args, errors: &mut Errors) -> Vec<Identity> {
    let texts = args.texts(IDENTITY, "$request.header.Authorization", errors).unwrap_or_default();
    texts
        .iter()
        .filter_map(|text| value::parsed(text, str::parse::<Identity>, |error| error.help(), errors))
        .collect()
}

/// The issuer, or that of a Cognito user pool.
fn issuer(args: &Args, errors: &mut Errors) -> Option<String> {
    let issuer = args.text(ISSUER, "https://example.com", errors);
    let pool = args.text(USER_POOL, "eu-west-1_a1B2c3D4e", errors);
    match (args.pair(ISSUER), args.pair(USER_POOL)) {
        (None, None) => {
            errors.add_here(
                "nobody issues the tokens",
                format_args!("write `{ISSUER} = \"https://..\"`, or `{USER_POOL} = \"..\"` of Cognito"),
            );
            None
        }
        (Some(_), Some(pool)) => {
            errors.add(
                &pool.key,
                "a user pool is an issuer itself",
                format_args!("keep one of `{ISSUER}` and `{USER_POOL}`"),
            );
            None
        }
        (Some(_), None) => issuer.map(|issuer| issuer.value()),
        (None, Some(_)) => {
            let pool = pool?;
            value::parsed(&pool, Jwt::issuer_of_user_pool, AuthorizerError::help, errors)
        }
    }
}

fn report(mistakes: Vec<AuthorizerError>, args: &Args, head: &Head, errors: &mut Errors) {
    for mistake in mistakes {
        let key = match &mistake {
            AuthorizerError::Issuer { .. } => ISSUER,
            AuthorizerError::UserPool { .. } => USER_POOL,
            AuthorizerError::TooManyAudiences { .. } => AUDIENCES,
            AuthorizerError::NoToken { .. } => IDENTITY,
            AuthorizerError::Arn { .. } => ARN,
        };
        match args.pair(key) {
            Some(pair) => errors.add(&pair.value, &mistake, mistake.help()),
            None => errors.add(&head.name, &mistake, mistake.help()),
        }
    }
}

/// What stands before the keys: a doc comment, and the name.
struct Head {
    doc: Vec<Attribute>,
    name: Ident,
    rest: TokenStream,
}

impl Head {
    fn parse(tokens: TokenStream, example: &str, errors: &mut Errors) -> Option<Self> {
        let head = |input: ParseStream<'_>| {
            let doc = input.call(Attribute::parse_outer)?;
            let name = input.call(Ident::parse_any)?;
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
            Ok(Self { doc, name, rest: input.parse()? })
        };
        match head.parse2(tokens.clone()) {
            Ok(head) => Some(head),
            Err(_) => {
                errors.add(tokens, "the authorizer has no name", format_args!("write `{example}`"));
                None
            }
        }
    }

    fn args(&self, example: &str, errors: &mut Errors) -> Args {
        let args = Args::parse(self.rest.clone(), errors);
        for found in &args.values {
            let message = format_args!("`{}` has no key", written(found));
            errors.add(found, message, format_args!("write `{example}`"));
        }
        args
    }

    fn valid(&self, by: By, place: Place, errors: &mut Errors) -> Option<Valid> {
        let name = rules::authorizer_name(&self.name, errors)?;
        let source = Source { module: String::new(), file: place.file, line: place.line };
        let record = Record::Authorizer(Authorizer { name, by, source, doc: doc(&self.doc) });
        Some(Valid { record, name: self.name.clone(), doc: self.doc.clone() })
    }
}
