//! What every command on AWS begins with: the AWS that the flags, `Chalice.toml` and the
//! environment name, in this order.

use crate::aws::{self, Aws};
use crate::cli::AwsOptions;
use crate::failure::Failure;
use crate::project::Project;
use crate::report::Report;
use crate::sandbox;

/// Connects to AWS, or to the sandbox, which is started when it does not run.
pub async fn connect(project: &Project, options: &AwsOptions, report: &mut Report) -> Result<Aws, Failure> {
    let region = options.region.as_deref().or(project.settings.region.as_deref());
    if options.sandbox {
        let config = sandbox::ensure(report).await?.sdk_config(region);
        // The sandbox has an account of its own; a pin is meant for real ones.
        return Ok(Aws::connect(&project.app, &project.stage, config).await?);
    }
    let config = aws::configuration(options.profile.as_deref(), region).await;
    let aws = Aws::connect(&project.app, &project.stage, config).await?;
    Ok(aws.pinned_to(project.settings.account.as_deref())?)
}
