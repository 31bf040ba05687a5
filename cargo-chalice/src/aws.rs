//! AWS, as the stages see it: one client per service, one way to read and one way to write.
//!
//! Here: who and where we are, the pace that AWS allows, and what is tried again.
//! Not here: what went wrong, in words (`aws/error.rs`); any one resource (`resource/`).

mod call;
mod classify;
mod error;
mod pace;

pub use call::{Call, Service};
pub use error::{AwsError, Missing};
pub use pace::{Backoff, Stop, side_by_side};

use std::future::Future;
use std::time::{Duration, Instant};

use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_credential_types::provider::ProvideCredentials;
use aws_sdk_sts::error::{ProvideErrorMetadata, SdkError};
use chalice_rs_manifest::{AppName, Stage};

use crate::scope::{AccountId, Partition, Region, Scope};
use classify::{classify, without_credentials};
use error::Trouble;
use pace::Pace;

/// How long AWS may keep us waiting for one call: a new role takes up to half a minute to be known
/// everywhere, a first container a little less.
const PATIENCE: Duration = Duration::from_secs(120);

/// The clients, and the stage they work for.
pub struct Aws {
    /// Where the stage lives.
    pub scope: Scope,
    /// Roles.
    pub iam: aws_sdk_iam::Client,
    /// Functions.
    pub lambda: aws_sdk_lambda::Client,
    /// HTTP APIs.
    pub gateway: aws_sdk_apigatewayv2::Client,
    /// Log groups.
    pub logs: aws_sdk_cloudwatchlogs::Client,
    /// Set by Ctrl-C; no call that writes begins after it.
    pub stop: Stop,
    pace: Pace,
}

/// Whether a call can be sent again when its answer was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    Read,
    Write,
}

/// The configuration that the environment, the AWS files and the flags make.
pub async fn configuration(profile: Option<&str>, region: Option<&str>) -> SdkConfig {
    let mut loader = aws_config::from_env();
    if let Some(profile) = profile {
        loader = loader.profile_name(profile);
    }
    if let Some(region) = region {
        loader = loader.region(aws_config::Region::new(region.to_owned()));
    }
    loader.load().await
}

impl Aws {
    /// Asks AWS who we are.
    pub async fn connect(app: &AppName, stage: &Stage, config: SdkConfig) -> Result<Self, AwsError> {
        let Some(region) = config.region().map(ToString::to_string) else {
            return Err(without_region(&config).await);
        };
        // The SDK's own retries would send a call again that may have taken effect; ours know better.
        let config = config
            .into_builder()
            .retry_config(RetryConfig::disabled())
            .timeout_config(
                TimeoutConfig::builder()
                    .connect_timeout(Duration::from_secs(5))
                    .read_timeout(Duration::from_secs(30))
                    .build(),
            )
            .build();
        let mut aws = Self::with(
            &config,
            Scope {
                app: app.clone(),
                stage: stage.clone(),
                account: AccountId(String::new()),
                region: Region(region),
                partition: Partition("aws".to_owned()),
            },
        );
        let sts = aws_sdk_sts::Client::new(&config);
        let call = Call::new(Service::Sts, "GetCallerIdentity", "*");
        let endpoint = config.endpoint_url().map(ToOwned::to_owned);
        let identity = aws
            .read(&call, || sts.get_caller_identity().send())
            .await
            .map_err(|error| error.at_first_contact(&aws.scope.region, endpoint))?;
        // arn:PARTITION:sts::ACCOUNT:assumed-role/..
        if let Some(partition) = identity.arn().and_then(|arn| arn.split(':').nth(1)) {
            aws.scope.partition = Partition(partition.to_owned());
        }
        let Some(account) = identity.account else {
            return Err(AwsError::request("GetCallerIdentity named no account"));
        };
        aws.scope.account = AccountId(account);
        Ok(aws)
    }

    fn with(config: &SdkConfig, scope: Scope) -> Self {
        Self {
            scope,
            iam: aws_sdk_iam::Client::new(config),
            lambda: aws_sdk_lambda::Client::new(config),
            gateway: aws_sdk_apigatewayv2::Client::new(config),
            logs: aws_sdk_cloudwatchlogs::Client::new(config),
            stop: Stop::default(),
            pace: Pace::default(),
        }
    }

    /// Refuses an account that is not the one the project is pinned to.
    pub fn pinned_to(self, account: Option<&str>) -> Result<Self, AwsError> {
        match account {
            Some(pinned) if pinned != self.scope.account.0 => {
                Err(AwsError::OtherAccount { found: self.scope.account.0, pinned: pinned.to_owned() })
            }
            _ => Ok(self),
        }
    }

    /// Sends a call that changes nothing; it is sent again whenever that can help.
    pub async fn read<T, E, F>(&self, call: &Call, send: impl Fn() -> F) -> Result<T, AwsError>
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
        F: Future<Output = Result<T, SdkError<E>>>,
    {
        self.send(call, Effect::Read, send).await
    }

    /// Sends a call that changes something. It is sent again only when AWS said that it did
    /// nothing; a lost answer is [`AwsError::is_stale`], and the caller looks before it goes on.
    pub async fn write<T, E, F>(&self, call: &Call, send: impl Fn() -> F) -> Result<T, AwsError>
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
        F: Future<Output = Result<T, SdkError<E>>>,
    {
        self.send(call, Effect::Write, send).await
    }

    /// Asks until the answer is the awaited one; an inner `Err` says what is still missing.
    pub async fn wait<T>(
        &self,
        what: &str,
        ask: impl AsyncFn() -> Result<Result<T, String>, AwsError>,
    ) -> Result<T, AwsError> {
        let began = Instant::now();
        let mut backoff = Backoff::default();
        loop {
            let last = match ask().await? {
                Ok(answer) => return Ok(answer),
                Err(last) => last,
            };
            if began.elapsed() > PATIENCE {
                return Err(AwsError::Waited { what: what.to_owned(), seconds: PATIENCE.as_secs(), last });
            }
            self.stop.or_sleep(backoff.next()).await?;
        }
    }

    async fn send<T, E, F>(&self, call: &Call, effect: Effect, send: impl Fn() -> F) -> Result<T, AwsError>
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
        F: Future<Output = Result<T, SdkError<E>>>,
    {
        let began = Instant::now();
        let mut backoff = Backoff::default();
        let mut lost = 0;
        loop {
            self.pace.take(call.service).await;
            if effect == Effect::Write {
                self.stop.check()?;
            }
            let error = match send().await {
                Ok(answer) => return Ok(answer),
                Err(error) => classify(call, error),
            };
            let again = match error.trouble() {
                Trouble::Throttled | Trouble::Settling => began.elapsed() < PATIENCE,
                Trouble::Lost => {
                    lost += 1;
                    // Two more tries: a server that is not there shall not keep a person waiting.
                    effect == Effect::Read && lost < 3
                }
                Trouble::Stale | Trouble::Final => false,
            };
            if !again {
                return Err(error);
            }
            self.stop.or_sleep(backoff.next()).await?;
        }
    }
}

/// No region may only be the consequence of a profile that is not there.
async fn without_region(config: &SdkConfig) -> AwsError {
    let Some(provider) = config.credentials_provider() else { return AwsError::NoRegion };
    match provider.provide_credentials().await.as_ref().map_err(without_credentials) {
        Err(error @ AwsError::NoSuchProfile { .. }) => error,
        _ => AwsError::NoRegion,
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use aws_config::BehaviorVersion;
    use aws_sdk_sts::error::ErrorMetadata;
    use aws_sdk_sts::operation::get_caller_identity::GetCallerIdentityError;

    use super::*;

    /// What a call gets once, before it gets its answer.
    #[derive(Debug, Clone, Copy)]
    enum Once {
        LostAnswer,
        Throttled,
        RoleIsNew,
        Refused,
    }

    type Failure = SdkError<GetCallerIdentityError>;

    impl Once {
        fn error(self) -> Failure {
            let service = |code: &str, message: &str, status: u16| {
                let metadata = ErrorMetadata::builder().code(code).message(message).build();
                let answer =
                    aws_sdk_sts::config::http::HttpResponse::new(status.try_into().unwrap(), "".into());
                Failure::service_error(GetCallerIdentityError::generic(metadata), answer)
            };
            match self {
                Self::LostAnswer => Failure::timeout_error("no answer"),
                Self::Throttled => service("TooManyRequestsException", "Rate exceeded", 429),
                Self::RoleIsNew => service("InvalidParameterValueException", "cannot be assumed", 400),
                Self::Refused => service("ValidationException", "no", 400),
            }
        }
    }

    /// How often a call is sent that gets `once` first, and whether it succeeds in the end.
    async fn check(effect: Effect, once: Once, sent: u32, ends_well: bool) {
        let config = SdkConfig::builder().behavior_version(BehaviorVersion::latest()).build();
        let aws = Aws::with(&config, Scope::example());
        let count = Cell::new(0);
        let call = Call::new(Service::Iam, "CreateRole", "arn");
        let result = aws
            .send(&call, effect, || {
                count.set(count.get() + 1);
                std::future::ready(if count.get() == 1 { Err(once.error()) } else { Ok(()) })
            })
            .await;
        assert_eq!((count.get(), result.is_ok()), (sent, ends_well), "{effect:?} {once:?} {result:?}");
    }

    #[tokio::test]
    async fn a_write_is_sent_again_only_when_aws_said_that_it_did_nothing() {
        check(Effect::Write, Once::Throttled, 2, true).await;
        check(Effect::Write, Once::RoleIsNew, 2, true).await;
        check(Effect::Write, Once::LostAnswer, 1, false).await;
        check(Effect::Write, Once::Refused, 1, false).await;
    }

    #[tokio::test]
    async fn a_read_is_sent_again_whenever_that_can_help() {
        check(Effect::Read, Once::Throttled, 2, true).await;
        check(Effect::Read, Once::LostAnswer, 2, true).await;
        check(Effect::Read, Once::Refused, 1, false).await;
    }
}
