//! `cargo chalice local`: the API on this machine, rebuilt on save.

use std::net::SocketAddr;

use tokio::sync::mpsc;

use crate::cli::LocalArgs;
use crate::failure::{Exit, Failure};
use crate::local::{Authority, Live, Reload, Server};
use crate::project::Project;
use crate::report::Report;

/// Builds, serves, and builds again on every save, until it is told to stop.
pub async fn run(args: &LocalArgs, report: &mut Report) -> Result<Exit, Failure> {
    let project = Project::find(&args.project)?;
    let server = Server::bind(SocketAddr::new(args.host, args.port)).await?;
    let address = server.address();
    let (events, mut happened) = mpsc::unbounded_channel();
    let live = Live::new();
    let mut reload = Reload::new(&project, args.clone(), live.clone(), events.clone(), report.second())?;

    let mut stop = std::pin::pin!(stopped());
    tokio::select! {
        built = reload.build() => built?,
        () = &mut stop => return Ok(Exit::Interrupted),
    }
    while let Ok(event) = happened.try_recv() {
        report.note(&event.to_string());
    }
    let url = format!("http://{address}");
    report.data(&url, &serde_json::json!({ "url": url }));

    tokio::spawn(server.run(live, Authority::new(args.stand_ins.clone()), events));
    let mut reload = tokio::spawn(reload.run());
    loop {
        tokio::select! {
            // The server's end of this lives as long as the server.
            Some(event) = happened.recv() => report.note(&event.to_string()),
            ended = &mut reload => {
                if let Ok(error) = ended {
                    return Err(error.into());
                }
            }
            () = &mut stop => return Ok(Exit::Interrupted),
        }
    }
}

/// Waits for Ctrl-C, for what a service manager sends, and for the terminal to be closed.
async fn stopped() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let sent = async |kind| match signal(kind) {
            Ok(mut signal) => signal.recv().await,
            Err(_) => std::future::pending().await,
        };
        tokio::select! {
            _ = sent(SignalKind::interrupt()) => {}
            _ = sent(SignalKind::terminate()) => {}
            _ = sent(SignalKind::hangup()) => {}
        }
    }
    #[cfg(not(unix))]
    {
        let _ = tokio::signal::ctrl_c().await;
    }
}
