//! The MiniStack process: who it is, starting it, asking it, ending it.
//!
//! A server is known by the lock it holds on its record, never by a process id alone: `launch.py` says why.

use std::fs::{File, TryLockError};
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::Stdio;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, StatusCode};
use http_body_util::{BodyExt, Empty};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use tokio::process::Command;
use tokio::time::{Instant, sleep, timeout};

use super::folder::{self, Folder};
use super::install::last_lines;
use super::{ACCOUNT, REGION, SandboxError};

/// Starts MiniStack with the lock that says who it is.
const LAUNCHER: &str = include_str!("launch.py");

/// How long a start may take. Half a second is usual; a machine under load needs more.
const START_LIMIT: Duration = Duration::from_secs(60);

/// How long a running server may take to answer before it counts as hung.
const ANSWER_LIMIT: Duration = Duration::from_secs(20);

/// How long a server may take to end by itself; it ends the functions that it runs, too.
const STOP_LIMIT: Duration = Duration::from_secs(8);

/// How often a state is looked at while waiting for it to change.
const LOOK: Duration = Duration::from_millis(50);

/// What the server wrote about itself once it held the lock.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Server {
    /// The process, which leads a session and so a process group of its own.
    pub pid: i32,
    /// The port on loopback.
    pub port: u16,
    /// The list of packages it was installed from.
    pub release: String,
}

/// What the lock and the record say.
#[derive(Debug, PartialEq, Eq)]
pub enum Presence {
    /// Nobody holds the lock; the port is the one that was served last.
    Absent { last_port: Option<u16> },
    /// Somebody holds the lock and has not written the record yet.
    Starting,
    /// A live server of ours.
    Running(Server),
}

/// Who serves the instance, if anybody.
pub fn find(folder: &Folder) -> Result<Presence, SandboxError> {
    let path = folder.record();
    let failed = |source| SandboxError::Folder { path: path.clone(), source };
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok(Presence::Absent { last_port: None });
        }
        Err(error) => return Err(failed(error)),
    };
    let absent = match file.try_lock_shared() {
        Ok(()) => true,
        Err(TryLockError::WouldBlock) => false,
        Err(TryLockError::Error(error)) => return Err(failed(error)),
    };
    let text = std::fs::read_to_string(&path).map_err(failed)?;
    let server = serde_json::from_str::<Server>(&text).ok();
    Ok(match (absent, server) {
        (true, server) => Presence::Absent { last_port: server.map(|server| server.port) },
        (false, None) => Presence::Starting,
        (false, Some(server)) => Presence::Running(server),
    })
}

/// Starts a server and waits until it answers. The caller holds the instance's lock.
pub async fn start(folder: &Folder, last_port: Option<u16>) -> Result<Server, SandboxError> {
    folder::make(&folder.scratch())?;
    // The same port again when it is free, so that what a user copied stays true. Another process may take a
    // free port between our look and the server's bind; then the next one is tried.
    let mut said = String::new();
    for candidate in [last_port, None, None] {
        let port = free_port(candidate)?;
        match launch(folder, port).await? {
            Ok(server) => return Ok(server),
            Err(log) => said = log,
        }
        if !said.contains("already in use") {
            break;
        }
    }
    Err(SandboxError::Start { log: folder.log(), said })
}

/// One try. The inner error is what the server printed before it ended.
async fn launch(folder: &Folder, port: u16) -> Result<Result<Server, String>, SandboxError> {
    let log_path = folder.log();
    let failed = |source| SandboxError::Folder { path: log_path.clone(), source };
    let log = File::create(&log_path).map_err(failed)?;
    let scratch = folder.scratch();
    let mut child = Command::new(folder.python())
        .args(["-I", "-c", LAUNCHER, folder.record().as_str(), &folder::release()])
        // Functions inherit the server's environment: nothing of the user's may be in it, least of all
        // credentials. With the endpoint set, an SDK inside a function stays in the sandbox.
        .env_clear()
        .env("HOME", &scratch)
        .env("TMPDIR", &scratch)
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .env("LC_ALL", "C.UTF-8")
        .env("BIND_HOST", Ipv4Addr::LOCALHOST.to_string())
        .env("GATEWAY_PORT", port.to_string())
        .env("MINISTACK_ACCOUNT_ID", ACCOUNT)
        .env("MINISTACK_REGION", REGION)
        .env("AWS_ENDPOINT_URL", endpoint(port))
        .env("AWS_EC2_METADATA_DISABLED", "true")
        // Two servers that would listen on fixed ports.
        .env("IOT_MTLS_ENABLED", "0")
        .env("SFTP_ENABLED", "0")
        .current_dir(&scratch)
        .stdin(Stdio::null())
        .stdout(log.try_clone().map_err(failed)?)
        .stderr(log)
        .spawn()
        .map_err(|source| SandboxError::Start { log: log_path.clone(), said: source.to_string() })?;
    let deadline = Instant::now() + START_LIMIT;
    loop {
        if child.try_wait().map_err(failed)?.is_some() {
            let log = std::fs::read_to_string(&log_path).map_err(failed)?;
            return Ok(Err(last_lines(&log, 12)));
        }
        if let Presence::Running(server) = find(folder)?
            && child.id().and_then(|pid| i32::try_from(pid).ok()) == Some(server.pid)
            && answers(server.port).await
        {
            return Ok(Ok(server));
        }
        if Instant::now() > deadline {
            let _ = child.kill().await;
            return Err(SandboxError::Hung { log: log_path });
        }
        sleep(LOOK).await;
    }
}

/// Waits until a server that is there answers. Says `false` when it ended meanwhile.
pub async fn wait(folder: &Folder, server: &Server) -> Result<bool, SandboxError> {
    let deadline = Instant::now() + ANSWER_LIMIT;
    while !answers(server.port).await {
        if !is_there(folder, server)? {
            return Ok(false);
        }
        if Instant::now() > deadline {
            return Err(SandboxError::Hung { log: folder.log() });
        }
        sleep(LOOK).await;
    }
    Ok(true)
}

/// Ends the server and waits until it is gone. The caller holds the instance's lock.
pub async fn stop(folder: &Folder, server: &Server) -> Result<(), SandboxError> {
    signal::end(server.pid);
    let deadline = Instant::now() + STOP_LIMIT;
    while is_there(folder, server)? {
        if Instant::now() > deadline {
            signal::kill(server.pid);
        }
        if Instant::now() > deadline + STOP_LIMIT {
            return Err(SandboxError::Immortal { pid: server.pid });
        }
        sleep(LOOK).await;
    }
    Ok(())
}

/// Makes the server forget everything that was made in it.
pub async fn reset(folder: &Folder, server: &Server) -> Result<(), SandboxError> {
    match ask(Method::POST, server.port, "/_ministack/reset").await {
        Ok(StatusCode::OK) => Ok(()),
        _ => Err(SandboxError::Hung { log: folder.log() }),
    }
}

/// Where a server on this port is reached.
pub fn endpoint(port: u16) -> String {
    format!("http://{}", SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
}

fn is_there(folder: &Folder, server: &Server) -> Result<bool, SandboxError> {
    Ok(matches!(find(folder)?, Presence::Running(other) if other == *server))
}

async fn answers(port: u16) -> bool {
    ask(Method::GET, port, "/_ministack/health").await.is_ok_and(|status| status == StatusCode::OK)
}

async fn ask(method: Method, port: u16, path: &str) -> io::Result<StatusCode> {
    let exchange = async {
        let stream = tokio::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(io::Error::other)?;
        tokio::spawn(connection);
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(http::header::HOST, "localhost")
            .body(Empty::<Bytes>::new())
            .map_err(io::Error::other)?;
        let answer = sender.send_request(request).await.map_err(io::Error::other)?;
        let status = answer.status();
        answer.into_body().collect().await.map_err(io::Error::other)?;
        Ok(status)
    };
    timeout(ANSWER_LIMIT, exchange).await?
}

/// The wished port if it is free, else any free one.
fn free_port(wish: Option<u16>) -> Result<u16, SandboxError> {
    let bind =
        |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).and_then(|listener| listener.local_addr());
    wish.and_then(|port| bind(port).ok())
        .map_or_else(|| bind(0), Ok)
        .map(|address| address.port())
        .map_err(|source| SandboxError::NoPort { source })
}

/// Signals, to a process that the lock has just proved to be ours.
#[cfg(unix)]
mod signal {
    use rustix::process::{Pid, Signal, kill_process, kill_process_group};

    /// Asks the server to end.
    pub(super) fn end(pid: i32) {
        if let Some(pid) = Pid::from_raw(pid) {
            // It may have ended by itself in this moment, which is as good.
            let _ = kill_process(pid, Signal::TERM);
        }
    }

    /// Ends the server and the functions that it runs.
    pub(super) fn kill(pid: i32) {
        if let Some(pid) = Pid::from_raw(pid) {
            let _ = kill_process_group(pid, Signal::KILL);
        }
    }
}

#[cfg(not(unix))]
mod signal {
    pub(super) fn end(_pid: i32) {}
    pub(super) fn kill(_pid: i32) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_is_taken_is_not_insisted_on() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        assert_ne!(free_port(Some(port)).unwrap(), port);
        drop(taken);
        assert_eq!(free_port(Some(port)).unwrap(), port);
    }
}
