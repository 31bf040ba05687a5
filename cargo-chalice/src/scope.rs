//! Where one stage lives: account, region, partition, and every name and ARN that follows from them.
//!
//! Pure. The ids that AWS invents (an API's, say) are not here; they stay inside their kind's file.

use std::fmt;

use chalice_rs_manifest::{AppName, FunctionName, Stage};
use serde::Serialize;

/// Known in full before anything is planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Scope {
    /// The app's name.
    pub app: AppName,
    /// The stage.
    pub stage: Stage,
    /// The account, twelve digits.
    pub account: AccountId,
    /// The region, as `eu-west-1`.
    pub region: Region,
    /// `aws`, `aws-cn`, `aws-us-gov`: the second part of every ARN.
    pub partition: Partition,
}

/// An AWS account's id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccountId(pub String);

/// An AWS region's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Region(pub String);

/// An AWS partition's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Partition(pub String);

/// An Amazon resource name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Arn(pub String);

/// The tag that says whose a resource is.
pub const TAG_APP: &str = "chalice:app";

/// The tag that says which stage a resource belongs to.
pub const TAG_STAGE: &str = "chalice:stage";

/// The alias that the API calls; it points at the version that is live.
pub const LIVE: &str = "live";

impl Scope {
    /// `<app>-<stage>`: the name of the function of all routes, its role, and the API.
    pub fn name(&self) -> String {
        format!("{}-{}", self.app, self.stage)
    }

    /// `<app>-<stage>-<name>`: the name of a function beside the one of all routes, and of its role.
    pub fn part(&self, name: &FunctionName) -> String {
        format!("{}-{}-{name}", self.app, self.stage)
    }

    /// What is left of a function's name without app and stage; nothing for the one of all routes.
    pub fn short<'n>(&self, function: &'n str) -> Option<&'n str> {
        function.strip_prefix(&self.name())?.strip_prefix('-')
    }

    /// A function's log group.
    pub fn log_group(&self, function: &str) -> String {
        format!("/aws/lambda/{function}")
    }

    /// The ARN of a function, without version or alias.
    pub fn function_arn(&self, function: &str) -> Arn {
        self.arn("lambda", &format!("function:{function}"))
    }

    /// The ARN of a function's alias that is live.
    pub fn live_arn(&self, function: &str) -> Arn {
        self.arn("lambda", &format!("function:{function}:{LIVE}"))
    }

    /// The ARN of a function's log group, without the `:*` of its streams.
    pub fn log_group_arn(&self, function: &str) -> Arn {
        self.arn("logs", &format!("log-group:{}", self.log_group(function)))
    }

    /// The ARN of a function's role. IAM has no region.
    pub fn role_arn(&self, function: &str) -> Arn {
        Arn(format!("arn:{}:iam::{}:role/{function}", self.partition, self.account))
    }

    /// The ARN of a resource in this account and region.
    pub fn arn(&self, service: &str, resource: &str) -> Arn {
        Arn(format!("arn:{}:{service}:{}:{}:{resource}", self.partition, self.region, self.account))
    }
}

#[cfg(test)]
impl Scope {
    /// The one that tests share.
    pub fn example() -> Self {
        Self {
            app: "orders".parse().unwrap(),
            stage: "dev".parse().unwrap(),
            account: AccountId("123456789012".to_owned()),
            region: Region("eu-west-1".to_owned()),
            partition: Partition("aws".to_owned()),
        }
    }
}

macro_rules! display {
    ($($type:ident)*) => { $(
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    )* };
}

display!(AccountId Region Partition Arn);
