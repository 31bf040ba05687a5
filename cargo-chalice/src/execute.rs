//! Makes a plan come true. The only stage that writes to AWS.
//!
//! Not here: how one change is made; see `resource/*::apply`. What is seen of it; see `report.rs`.

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use serde::Serialize;

use crate::aws::{Aws, AwsError, Backoff};
use crate::desired::Desired;
use crate::observe;
use crate::plan::Plan;
use crate::report::Report;
use crate::resource::{Change, Line, Outputs, api};

/// How often we look again after a lost answer, or when AWS was not as we saw it.
const ROUNDS: usize = 6;

/// Something that happens while a plan comes true.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// These changes begin.
    Started { lines: Vec<Line> },
    /// These changes are made.
    Done { lines: Vec<Line> },
    /// These changes are not made, or not all.
    Failed { lines: Vec<Line>, error: String },
    /// What happened is not known, or AWS is not as it was: we look and plan again.
    LookingAgain { because: String },
    /// Ctrl-C: what is under way is finished, nothing else begins.
    Stopping,
}

/// What a deploy led to.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Outcome {
    /// How many lines of plans were carried out.
    pub changes: usize,
    /// What only AWS could tell us.
    #[serde(flatten)]
    pub outputs: Outputs,
}

impl Outcome {
    /// With the URL that was there before, when nothing had to be done about it.
    pub fn or(mut self, url: Option<String>) -> Self {
        self.outputs.url = self.outputs.url.or(url);
        self
    }
}

/// Carries the plan out. When an answer is lost it looks at AWS again, plans anew and goes on,
/// exactly as running the command again would.
pub async fn all(aws: &Aws, desired: &Desired, plan: Plan, report: &mut Report) -> Result<Outcome, AwsError> {
    let agreed = plan.destructive();
    let mut plan = plan;
    let mut backoff = Backoff::default();
    let mut outcome = Outcome::default();
    for round in 1.. {
        let because = match once(aws, &plan, report, &mut outcome).await {
            Ok(()) if round < ROUNDS && twins(aws, &plan).await? => {
                "another deploy made an API at the same time".to_owned()
            }
            Ok(()) => break,
            Err(error) if error.is_stale() && round < ROUNDS => error.to_string(),
            Err(error) => return Err(error),
        };
        report.event(&Event::LookingAgain { because });
        // What was made a moment ago is not always seen at once.
        aws.stop.or_sleep(backoff.next()).await?;
        let observed = observe::all(aws, desired).await?;
        outcome.outputs.url = observed.api.url();
        let observed = if desired.is_nothing() { observed } else { observed.unobstructed(&aws.scope)? };
        plan = Plan::between(&aws.scope, desired, &observed);
        // Someone else is at work: what was agreed to is not what would happen now.
        if plan.destructive().iter().any(|line| !line.is_said_in(&agreed)) {
            return Err(AwsError::ChangedMeanwhile);
        }
    }
    Ok(outcome)
}

/// Whether the API that was made is not the only one of ours: someone else deployed meanwhile, or
/// an earlier call took effect late.
async fn twins(aws: &Aws, plan: &Plan) -> Result<bool, AwsError> {
    Ok(plan.changes.iter().any(Change::makes_an_api) && api::observe(aws).await?.len() > 1)
}

/// One pass: phase after phase, the changes of one phase side by side.
async fn once(aws: &Aws, plan: &Plan, report: &mut Report, outcome: &mut Outcome) -> Result<(), AwsError> {
    for phase in plan.changes.chunk_by(|a, b| a.phase() == b.phase()) {
        aws.stop.check()?;
        let lines = |change: &Change| change.lines(&aws.scope);
        report.event(&Event::Started { lines: phase.iter().flat_map(lines).collect() });
        let mut running: FuturesUnordered<_> =
            phase.iter().map(async |change| (change, change.apply(aws).await)).collect();
        // One that fails does not stop the others half-way.
        let mut first_error = None;
        let mut told = false;
        loop {
            let (change, result) = tokio::select! {
                next = running.next() => match next {
                    Some(next) => next,
                    None => break,
                },
                () = aws.stop.requested(), if !told => {
                    told = true;
                    report.event(&Event::Stopping);
                    continue;
                }
            };
            let lines = lines(change);
            match result {
                Ok(outputs) => {
                    outcome.changes += lines.len();
                    outcome.outputs.url = outputs.url.or(outcome.outputs.url.take());
                    outcome.outputs.notes.extend(outputs.notes);
                    report.event(&Event::Done { lines });
                }
                Err(error) => {
                    report.event(&Event::Failed { lines, error: error.to_string() });
                    first_error.get_or_insert(error);
                }
            }
        }
        if let Some(error) = first_error {
            return Err(error);
        }
    }
    Ok(())
}
