//! `cargo chalice deploy`: from source to a live URL.

use crate::artifact::Artifact;
use crate::aws::{Aws, AwsError};
use crate::cli::DeployArgs;
use crate::command::connect::connect;
use crate::compile::{self, Destination};
use crate::consent;
use crate::desired::Desired;
use crate::execute::{self, Outcome};
use crate::failure::{Exit, Failure};
use crate::observe;
use crate::plan::Plan;
use crate::project::Project;
use crate::report::Report;

/// Builds, plans, asks before something is lost, applies, and prints the URL.
pub async fn run(args: &DeployArgs, report: &mut Report) -> Result<Exit, Failure> {
    let project = Project::find(&args.project)?;
    let binary = compile::lambda(&project, &args.build, Destination::of(&args.aws), report).await?;
    let artifact = Artifact::pack(&project, &binary)?;
    let aws = connect(&project, &args.aws, report).await?;
    let desired = Desired::from(&project.settings, &artifact, &aws.scope);
    report.progress("Looking at what is deployed");
    let observed = observe::all(&aws, &desired).await?.unobstructed(&aws.scope)?;
    let plan = Plan::between(&aws.scope, &desired, &observed);
    report.place(&aws.scope);
    report.plan(&plan);
    consent::ask(&plan, &args.consent, report)?;
    let outcome = apply(&aws, &desired, plan, report).await?;
    report.deployed(&outcome.or(observed.api.url()));
    Ok(Exit::Success)
}

/// Makes the plan come true. The first Ctrl-C lets the call in flight end; the second one does not.
pub(super) async fn apply(
    aws: &Aws,
    desired: &Desired,
    plan: Plan,
    report: &mut Report,
) -> Result<Outcome, AwsError> {
    let impatience = async {
        interrupt().await;
        aws.stop.now();
        interrupt().await;
    };
    tokio::select! {
        outcome = execute::all(aws, desired, plan, report) => outcome,
        () = impatience => Err(AwsError::Interrupted),
    }
}

/// The next Ctrl-C. Where it cannot be heard, it ends the process as it always did.
async fn interrupt() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
