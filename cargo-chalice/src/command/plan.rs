//! `cargo chalice plan`: a deploy without its last two lines.

use crate::artifact::Artifact;
use crate::cli::PlanArgs;
use crate::command::connect::connect;
use crate::compile::{self, Destination};
use crate::desired::Desired;
use crate::failure::{Exit, Failure};
use crate::observe;
use crate::plan::Plan;
use crate::project::Project;
use crate::report::Report;

/// Prints what `deploy` would change.
pub async fn run(args: &PlanArgs, report: &mut Report) -> Result<Exit, Failure> {
    let project = Project::find(&args.project)?;
    let binary = compile::lambda(&project, &args.build, Destination::of(&args.aws), report).await?;
    let artifact = Artifact::pack(&project, &binary)?;
    let aws = connect(&project, &args.aws, report).await?;
    let desired = Desired::from(&project.settings, &artifact, &aws.scope);
    let observed = observe::all(&aws, &desired).await?.unobstructed(&aws.scope)?;
    let plan = Plan::between(&aws.scope, &desired, &observed);
    report.place(&aws.scope);
    report.plan_as_data(&plan);
    Ok(if plan.is_empty() { Exit::Success } else { Exit::Changes })
}
