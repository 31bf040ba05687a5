//! Who may call: the answers to the gateway's questions, from whoever can give them on this machine.
//!
//! What nobody here can know, a flag says, or nobody is let in.

use std::fmt;
use std::time::Duration;

use chalice_rs_manifest::FunctionName;
use chalice_rs_wire::authorizer::decode_answer;
use chalice_rs_wire::gateway::token::TokenError;
use chalice_rs_wire::gateway::{Question, Verdict};

use super::issuer::{Doubt, Issuers};
use super::live::Serving;
use super::worker::Fault;
use crate::cli::StandInOptions;

/// How long API Gateway waits for an authorizer.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html>
const WAIT: Duration = Duration::from_secs(10);

/// Whoever can answer.
#[derive(Debug)]
pub struct Authority {
    stand_ins: StandInOptions,
    issuers: Issuers,
}

/// Why somebody was not let in who might have been on AWS, or an authorizer that does not do its work.
#[derive(Debug)]
pub enum Refused {
    /// The issuer of a token.
    Token { authorizer: FunctionName, doubt: Doubt },
    /// A Lambda function elsewhere.
    Elsewhere { authorizer: FunctionName, arn: String },
    /// Whoever signed a request.
    Signature,
    /// An authorizer of the app did not answer.
    Faulted { authorizer: FunctionName, fault: Fault },
    /// It did not answer in time.
    NoAnswer { authorizer: FunctionName },
    /// Its answer is none.
    Answer { authorizer: FunctionName, message: String },
}

impl Authority {
    /// With these flags.
    pub fn new(stand_ins: StandInOptions) -> Self {
        Self { stand_ins, issuers: Issuers::default() }
    }

    /// Finds the answer. Without one, the second value says why.
    pub async fn answer(
        &self,
        question: Question,
        serving: &Serving,
        trace_id: &str,
    ) -> (Verdict, Option<Refused>) {
        match question {
            Question::Token { authorizer, issuer, token } => {
                if let Some(claims) = &self.stand_ins.claims {
                    return (Verdict::Claims(claims.0.clone()), None);
                }
                match self.issuers.verify(&issuer, &token).await {
                    Ok(()) => (Verdict::Signed, None),
                    Err(doubt) => {
                        let error = match &doubt {
                            Doubt::Token(error) => *error,
                            Doubt::Keys { .. } => TokenError::NoKeys,
                        };
                        (Verdict::Unsigned(error), Some(Refused::Token { authorizer, doubt }))
                    }
                }
            }
            Question::Function { authorizer, event } => {
                let pool = serving.pool(Some(&authorizer));
                let call = pool.call(super::server::lambda_request_id(), trace_id.to_owned(), event);
                match tokio::time::timeout(WAIT, call).await {
                    Ok(Ok(payload)) => match decode_answer(&payload) {
                        Ok(_) => (Verdict::Returned(payload.to_vec()), None),
                        Err(error) => {
                            let message = error.to_string();
                            (Verdict::Failed, Some(Refused::Answer { authorizer, message }))
                        }
                    },
                    Ok(Err(fault)) => (Verdict::Failed, Some(Refused::Faulted { authorizer, fault })),
                    Err(_) => (Verdict::Failed, Some(Refused::NoAnswer { authorizer })),
                }
            }
            Question::Lambda { authorizer, arn, .. } => {
                let mut answers = self.stand_ins.authorizers.iter();
                match answers.find(|found| found.name == authorizer.as_str()) {
                    Some(found) => (Verdict::Returned(found.answer.to_string().into_bytes()), None),
                    None => (Verdict::Failed, Some(Refused::Elsewhere { authorizer, arn })),
                }
            }
            Question::Signature => match &self.stand_ins.iam {
                Some(signer) => (Verdict::Identity(signer.0.clone()), None),
                None => (Verdict::Refused, Some(Refused::Signature)),
            },
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token { authorizer, doubt: Doubt::Token(error) } => {
                write!(f, "the authorizer `{authorizer}` refuses a token: {error}")
            }
            Self::Token { authorizer, doubt } => write!(
                f,
                "the authorizer `{authorizer}` lets nobody in: {doubt}; to go without, say what tokens shall say: \
                 `--claims '{{\"sub\":\"me\"}}'`"
            ),
            Self::Elsewhere { authorizer, arn } => write!(
                f,
                "the authorizer `{authorizer}` lets nobody in: `{arn}` is not called from here; say what it shall \
                 answer: `--authorizer {authorizer}=allow`"
            ),
            Self::Signature => write!(
                f,
                "nobody is let in by a signature, which only AWS can check; say who shall have signed: \
                 `--iam arn:aws:iam::123456789012:user/me`"
            ),
            Self::Faulted { authorizer, fault } => write!(f, "the authorizer `{authorizer}`: {fault}"),
            Self::NoAnswer { authorizer } => write!(
                f,
                "the authorizer `{authorizer}` did not answer within the {} s that API Gateway waits",
                WAIT.as_secs()
            ),
            Self::Answer { authorizer, message } => write!(f, "the authorizer `{authorizer}`: {message}"),
        }
    }
}
