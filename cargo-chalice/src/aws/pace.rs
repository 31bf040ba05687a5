//! How fast we may call, how long we wait between tries, and when to stop.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::sync::watch;

use super::{AwsError, Service};

/// The limits that a deploy can reach, per account and region.
#[derive(Debug)]
pub(super) struct Pace {
    gateway: Bucket,
    lambda: Bucket,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            // <https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html>
            gateway: Bucket::new(10.0, 40.0),
            // <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
            lambda: Bucket::new(15.0, 15.0),
        }
    }
}

impl Pace {
    /// Waits for the turn of one call.
    pub(super) async fn take(&self, service: Service) {
        let bucket = match service {
            Service::Gateway => &self.gateway,
            Service::Lambda => &self.lambda,
            Service::Iam | Service::Logs | Service::Sts => return,
        };
        let wait = bucket.take(Instant::now());
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
    }
}

/// A token bucket. A call that finds it empty reserves the next token and waits for it.
#[derive(Debug)]
struct Bucket {
    per_second: f64,
    burst: f64,
    state: Mutex<(f64, Option<Instant>)>,
}

impl Bucket {
    fn new(per_second: f64, burst: f64) -> Self {
        Self { per_second, burst, state: Mutex::new((burst, None)) }
    }

    /// Takes a token; says how long to wait until it is there.
    fn take(&self, now: Instant) -> Duration {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (tokens, since) = *state;
        let passed = since.map_or(Duration::ZERO, |since| now.saturating_duration_since(since));
        let tokens = (tokens + passed.as_secs_f64() * self.per_second).min(self.burst) - 1.0;
        *state = (tokens, Some(now));
        Duration::from_secs_f64((-tokens / self.per_second).max(0.0))
    }
}

/// The pauses between tries: from a quarter of a second to two, each with jitter so that parallel
/// calls do not come back together.
#[derive(Debug, Default)]
pub struct Backoff {
    tries: u32,
}

impl Backoff {
    /// The next pause.
    pub fn next(&mut self) -> Duration {
        let full = Duration::from_millis(250).saturating_mul(1 << self.tries.min(3));
        self.tries += 1;
        full.min(Duration::from_secs(2)).mul_f64(0.5 + fastrand::f64() / 2.0)
    }
}

/// Set once, by Ctrl-C; seen by every call that is about to begin.
#[derive(Debug, Clone)]
pub struct Stop(Arc<watch::Sender<bool>>);

impl Default for Stop {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }
}

impl Stop {
    /// No further call begins.
    pub fn now(&self) {
        self.0.send_replace(true);
    }

    /// An error once [`Stop::now`] was called.
    pub fn check(&self) -> Result<(), AwsError> {
        if *self.0.borrow() { Err(AwsError::Interrupted) } else { Ok(()) }
    }

    /// Comes back when [`Stop::now`] was called.
    pub async fn requested(&self) {
        // The sender lives in `self`, so waiting ends only with the flag set.
        let _ = self.0.subscribe().wait_for(|stopped| *stopped).await;
    }

    /// Sleeps, unless it is time to stop.
    pub async fn or_sleep(&self, pause: Duration) -> Result<(), AwsError> {
        tokio::select! {
            () = tokio::time::sleep(pause) => Ok(()),
            () = self.requested() => Err(AwsError::Interrupted),
        }
    }
}

/// How many calls of one change are under way at once.
const SIDE_BY_SIDE: usize = 8;

/// Makes calls side by side. After the first error no further one begins, and those under way end.
pub async fn side_by_side<F>(calls: impl IntoIterator<Item = F>) -> Result<(), AwsError>
where
    F: Future<Output = Result<(), AwsError>>,
{
    let mut waiting = calls.into_iter();
    let mut running: FuturesUnordered<F> = waiting.by_ref().take(SIDE_BY_SIDE).collect();
    let mut outcome = Ok(());
    while let Some(ended) = running.next().await {
        outcome = outcome.and(ended);
        if outcome.is_ok() {
            running.extend(waiting.next());
        }
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_gives_its_burst_at_once_and_then_its_rate() {
        let bucket = Bucket::new(10.0, 40.0);
        let now = Instant::now();
        let waits: Vec<_> = (0..45).map(|_| bucket.take(now).as_millis()).collect();
        assert!(waits[..40].iter().all(|wait| *wait == 0), "{waits:?}");
        assert_eq!(waits[40..], [100, 200, 300, 400, 500]);
        assert_eq!(bucket.take(now + Duration::from_secs(60)), Duration::ZERO);
    }

    #[test]
    fn pauses_grow_to_two_seconds_and_no_further() {
        let mut backoff = Backoff::default();
        let pauses: Vec<_> = (0..8).map(|_| backoff.next()).collect();
        assert!(pauses[0] <= Duration::from_millis(250), "{pauses:?}");
        assert!(pauses.iter().all(|pause| *pause <= Duration::from_secs(2)), "{pauses:?}");
        assert!(pauses[7] >= Duration::from_secs(1), "{pauses:?}");
    }

    #[tokio::test]
    async fn after_an_error_nothing_begins_and_what_is_under_way_ends() {
        let began = std::cell::Cell::new(0);
        let ended = std::cell::Cell::new(0);
        let call = async |number: usize| {
            began.set(began.get() + 1);
            tokio::task::yield_now().await;
            ended.set(ended.get() + 1);
            if number == 3 { Err(AwsError::Interrupted) } else { Ok(()) }
        };
        let result = side_by_side((0..100).map(call)).await;
        assert!(matches!(result, Err(AwsError::Interrupted)), "{result:?}");
        assert_eq!(began.get(), ended.get());
        assert!(ended.get() < 20, "{}", ended.get());
    }
}
