//! `cargo chalice delete`: a deploy of nothing. It needs no build.

use crate::cli::DeleteArgs;
use crate::command::connect::connect;
use crate::consent;
use crate::desired::Desired;
use crate::failure::{Exit, Failure};
use crate::observe;
use crate::plan::Plan;
use crate::project::Project;
use crate::report::Report;

/// Removes everything of one stage, half-made deployments too.
pub async fn run(args: &DeleteArgs, report: &mut Report) -> Result<Exit, Failure> {
    let project = Project::find(&args.project)?;
    let aws = connect(&project, &args.aws, report).await?;
    let desired = Desired::nothing();
    report.progress("Looking at what is deployed");
    let observed = observe::all(&aws, &desired).await?;
    let plan = Plan::between(&aws.scope, &desired, &observed);
    report.place(&aws.scope);
    for foreign in &observed.foreign {
        report
            .note(&format!("The {} `{}` is not tagged as this app's; it stays.", foreign.kind, foreign.name));
    }
    report.plan(&plan);
    consent::ask(&plan, &args.consent, report)?;
    let outcome = super::deploy::apply(&aws, &desired, plan, report).await?;
    report.deleted(&outcome);
    Ok(Exit::Success)
}
