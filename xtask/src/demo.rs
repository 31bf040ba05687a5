//! `cargo xtask demo`: the whole road once, told in the terminal, with every promise checked on the way.
//!
//! Here: the story. It works in a temporary folder and in a sandbox of its own, and removes both however it ends.
//! Not here: what the tool does in detail; the tests of `cargo-chalice` hold that.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{self, Command, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    time::Instant,
};

use serde_json::Value;
use tempfile::TempDir;

use crate::{
    failure::{Context, Failure, Outcome},
    shell,
};

/// The exit code of a `plan` that has something to say.
const CHANGES: i32 = 2;

/// What the second half of the story adds to the app.
const SECOND_ROUTE: &str = r#"
/// Counts up from one.
#[route("/count/<upto>", methods = ["GET"])]
fn count(upto: u8) -> Json<Vec<u8>> {
    chalice_rs::log::info!("counting to {upto}");
    Json((1..=upto).collect())
}
"#;

/// The line of a new project that the second route goes in front of.
const BEFORE_MAIN: &str = "\n#[chalice_rs::main]";

/// A client of AWS that is not ours: botocore, from the sandbox's own Python.
const WITNESS: &str = include_str!("../../cargo-chalice/tests/aws/support/witness.py");

/// Set by Ctrl-C; looked at after every command, so that what was started is also ended.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Tells the story and tidies up.
pub(crate) fn run() -> Outcome {
    let start = Instant::now();
    ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::Relaxed)).context("cannot watch for Ctrl-C")?;
    let scene = Scene::set()?;
    let told = tell(&scene).map_err(|failure| if interrupted() { stopped() } else { failure });
    say("Tidying up: the demo's own sandbox is stopped, its folder removed.");
    let tidied = scene.strike();
    told.and(tidied)?;
    say(&format!("All of it worked, in {} s.", start.elapsed().as_secs()));
    Ok(())
}

fn tell(scene: &Scene) -> Outcome {
    say("First the tool itself. On a fresh clone this compiles the AWS SDK, which takes some minutes.");
    scene.show("cargo build --locked --package cargo-chalice");
    shell::run(shell::cargo().args(["build", "--locked", "--package", "cargo-chalice"]))?;
    scene.go_on()?;

    say("A new project. Nothing is asked.");
    scene.chalice(&scene.folder, "new hello", 0)?;
    scene.show("cat src/main.rs");
    println!("{}", scene.source()?.trim_end());

    say(
        "What would a deploy do? This compiles the app for Lambda; `--sandbox` means a local AWS, without account.",
    );
    scene.chalice_here("plan --sandbox", CHANGES)?;

    say("Do it. The last line is the address.");
    let url = last_line(&scene.chalice_here("deploy --sandbox --yes", 0)?)?;

    say("Call it.");
    scene.fetch(&format!("{url}hello/you"), 200, r#"{"hello":"you"}"#)?;
    scene.fetch(&format!("{url}nowhere"), 404, "Not Found")?;

    say("A second route, which also writes to the log.");
    let source = scene.source()?.replacen(BEFORE_MAIN, &format!("{SECOND_ROUTE}{BEFORE_MAIN}"), 1);
    expect(
        source.contains("fn count"),
        "the new project has no `#[chalice_rs::main]` to add a route before",
    )?;
    fs::write(scene.project().join("src/main.rs"), source).context("cannot write the second route")?;
    println!("{}", SECOND_ROUTE.trim());
    let planned = scene.chalice_here("plan --sandbox", CHANGES)?;
    expect(
        planned.contains("/count/") && !planned.contains("/hello/"),
        "the plan is not just the second route",
    )?;
    scene.chalice_here("deploy --sandbox --yes", 0)?;
    scene.fetch(&format!("{url}count/3"), 200, "[1,2,3]")?;
    scene.fetch(&format!("{url}count/many"), 400, "upto")?;
    scene.fetch(&format!("{url}hello/again"), 200, r#"{"hello":"again"}"#)?;

    say("What did it log?");
    let logged = scene.chalice_here("logs --sandbox", 0)?;
    expect(logged.contains("counting to 3"), "the log does not say what the second route wrote")?;

    say("Once more, without a change: nothing to do, and `plan` says so with its exit code.");
    scene.chalice_here("plan --sandbox", 0)?;
    scene.chalice_here("deploy --sandbox --yes", 0)?;

    say("Back to nothing.");
    scene.chalice_here("delete --sandbox --yes", 0)?;

    say("Is it? Another client of AWS, botocore, looks.");
    scene.nothing_left()
}

/// Where the story takes place.
struct Scene {
    folder: PathBuf,
    /// Removes the folder when the story is over.
    _temporary: TempDir,
    /// The sandbox's name: nobody else works in it.
    instance: String,
}

impl Scene {
    fn set() -> Outcome<Self> {
        let temporary = TempDir::with_prefix("chalice-demo-").context("cannot make a temporary folder")?;
        let folder = temporary.path().to_owned();
        Ok(Self { folder, _temporary: temporary, instance: format!("demo-{}", process::id()) })
    }

    fn project(&self) -> PathBuf {
        self.folder.join("hello")
    }

    fn source(&self) -> Outcome<String> {
        fs::read_to_string(self.project().join("src/main.rs"))
            .context("cannot read the project's `src/main.rs`")
    }

    fn show(&self, command: &str) {
        println!("$ {command}");
    }

    /// The tool, in the project's folder.
    fn chalice_here(&self, arguments: &str, code: i32) -> Outcome<String> {
        self.chalice(&self.project(), arguments, code)
    }

    /// Runs the tool as a user would type it and gives back what it printed as data.
    fn chalice(&self, folder: &Path, arguments: &str, code: i32) -> Outcome<String> {
        self.show(&format!("cargo chalice {arguments}"));
        let mut command = self.tool(folder);
        let (ended, printed) = output(command.args(arguments.split(' ')))?;
        print!("{printed}");
        self.go_on()?;
        expect(
            ended == Some(code),
            &format!("`cargo chalice {arguments}` ended with {ended:?} instead of {code}"),
        )?;
        Ok(printed)
    }

    fn tool(&self, folder: &Path) -> Command {
        let mut command = shell::chalice(folder);
        command.env("CHALICE_SANDBOX", &self.instance);
        command
    }

    /// Opens an address and checks status and body.
    fn fetch(&self, url: &str, status: u16, body: &str) -> Outcome {
        self.show(&format!("curl {url}"));
        let (_, printed) = output(&mut http_client(url))?;
        self.go_on()?;
        let (found, code) = printed.rsplit_once('\n').unwrap_or((&printed, ""));
        println!("{found}   ({code})");
        let right = code == status.to_string() && found.contains(body);
        expect(right, &format!("`{url}` did not answer {status} with `{body}`"))
    }

    fn nothing_left(&self) -> Outcome {
        let (_, printed) = output(self.tool(&self.folder).args(["--json", "sandbox", "status"]))?;
        let status: Value = serde_json::from_str(&printed).context("the sandbox's status is no JSON")?;
        let field = |name: &str| {
            status[name]
                .as_str()
                .map(str::to_owned)
                .ok_or_else(|| Failure::new(format!("the status has no `{name}`")))
        };
        let mut witness = Command::new(field("python")?);
        witness.args(["-I", "-c", WITNESS, &field("endpoint")?]).env("AWS_EC2_METADATA_DISABLED", "true");
        let mut witness = witness
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot run the sandbox's python")?;
        let question = format!("{{\"do\":\"snapshot\",\"account\":\"{}\"}}\n", field("account")?);
        let mut stdin =
            witness.stdin.take().ok_or_else(|| Failure::new("the other client does not listen"))?;
        stdin.write_all(question.as_bytes()).context("the other client does not listen")?;
        drop(stdin);
        let said = witness.wait_with_output().context("the other client did not end")?.stdout;
        let said: Value = serde_json::from_slice(&said).context("the other client's answer is no JSON")?;
        println!("{}", said["answer"]);
        let kinds =
            said["answer"].as_object().ok_or_else(|| Failure::new("the other client could not look"))?;
        let left: Vec<&String> = kinds
            .iter()
            .filter(|(_, found)| found.as_object().is_none_or(|found| !found.is_empty()))
            .map(|(kind, _)| kind)
            .collect();
        expect(!kinds.is_empty() && left.is_empty(), &format!("`delete` left something behind: {left:?}"))
    }

    /// Ends the story where the user wants it to end.
    fn go_on(&self) -> Outcome {
        if interrupted() { Err(stopped()) } else { Ok(()) }
    }

    /// Stops the sandbox and removes what is its own; the project's folder goes with the value.
    fn strike(self) -> Outcome {
        let own = shell::cache().join("chalice-rs/sandbox/instances").join(&self.instance);
        if !own.exists() {
            return Ok(());
        }
        let stop = || shell::run(self.tool(&self.folder).args(["--quiet", "sandbox", "stop"]));
        // A second Ctrl-C may have ended the first try.
        stop().or_else(|_| stop())?;
        fs::remove_dir_all(&own).context("cannot remove the sandbox's folder")
    }
}

/// Curl, and where it is missing the same with what is there for certain. Prints the body, a line feed, the status.
fn http_client(url: &str) -> Command {
    if shell::is_installed("curl") {
        let mut curl = Command::new("curl");
        curl.args(["--silent", "--show-error", "--max-time", "30", "--write-out", "\n%{http_code}", url]);
        return curl;
    }
    // Python does not know that names below `localhost` are this machine, so it is told.
    const PYTHON: &str = "import http.client, sys, urllib.parse\n\
        url = urllib.parse.urlsplit(sys.argv[1])\n\
        client = http.client.HTTPConnection('127.0.0.1', url.port, timeout=30)\n\
        client.request('GET', url.path, headers={'host': url.netloc})\n\
        answer = client.getresponse()\n\
        print(answer.read().decode(), answer.status, sep='\\n', end='')";
    let mut python = Command::new("python3");
    python.args(["-I", "-c", PYTHON, url]);
    python
}

/// The exit code and the data of a command whose messages pass through.
fn output(command: &mut Command) -> Outcome<(Option<i32>, String)> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output();
    let output = output.context(format!("cannot run `{}`", shell::words(command)))?;
    Ok((output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned()))
}

fn last_line(printed: &str) -> Outcome<String> {
    printed.lines().last().map(str::to_owned).ok_or_else(|| Failure::new("`deploy` printed no address"))
}

fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}

fn stopped() -> Failure {
    Failure::new("stopped by Ctrl-C")
}

fn say(text: &str) {
    println!("\n# {text}");
}

fn expect(holds: bool, otherwise: &str) -> Outcome {
    if holds { Ok(()) } else { Err(Failure::new(otherwise)) }
}
