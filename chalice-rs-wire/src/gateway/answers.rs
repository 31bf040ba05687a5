//! What authorizers said, for as long as it goes.
//!
//! An answer goes for whoever sends the same identity, on any route of the authorizer that asks for the
//! same: <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html>

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chalice_rs_manifest::FunctionName;

use super::authorize::{Asked, Verdict, lasts};
use super::policy::Decision;
use super::routes::Entry;
use crate::Moment;

/// Who asked whom: the authorizer, and the values of its identity sources.
pub(super) type Key = (FunctionName, Vec<String>);

#[derive(Debug, Default)]
pub(super) struct Answers(Mutex<HashMap<Key, Kept>>);

#[derive(Debug)]
struct Kept {
    decision: Decision,
    until: Moment,
}

impl Answers {
    /// What the authorizer said to the same question, if that still goes.
    pub(super) fn find(&self, key: &Key, now: Moment) -> Option<Decision> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, answer| now < answer.until);
        kept.get(key).map(|answer| answer.decision.clone())
    }

    /// Keeps an answer, if it is one that goes for longer than its request.
    pub(super) fn keep(&self, entry: &Entry, asked: &Asked, verdict: &Verdict, now: Moment) {
        let (Some(key), Some(seconds), Verdict::Returned(payload)) = (&asked.key, lasts(entry), verdict)
        else {
            return;
        };
        let Some(decision) = Decision::decode(payload) else { return };
        let until = Moment::from_epoch_millis(now.epoch_millis.saturating_add(u64::from(seconds) * 1000));
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(key.clone(), Kept { decision, until });
    }
}
