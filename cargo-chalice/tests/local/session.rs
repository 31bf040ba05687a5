//! One run of the command, on a project of its own.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::TempDir;

/// A running server.
pub struct Session {
    pub address: SocketAddr,
    child: Child,
    project: Utf8PathBuf,
    /// The fixture's, which goes with the session; a project that was there before stays.
    folder: Option<TempDir>,
    said: Arc<Said>,
}

/// What was printed on stderr so far.
#[derive(Default)]
struct Said {
    state: Mutex<Text>,
    more: Condvar,
}

#[derive(Default)]
struct Text {
    text: String,
    /// How much of it a test has looked at.
    read: usize,
    is_at_end: bool,
}

/// Longer than any build of the fixture takes here, its dependencies included.
const PATIENCE: Duration = Duration::from_secs(600);

impl Session {
    /// Serves the fixture as an app of this name; names are different, so that the builds are.
    pub fn start(name: &str, settings: &str, flags: &[&str]) -> Self {
        Self::start_with(name, settings, flags, str::to_owned)
    }

    /// The same, with other code.
    pub fn start_with(name: &str, settings: &str, flags: &[&str], edit: impl Fn(&str) -> String) -> Self {
        let folder = project(name, settings, edit);
        let mut session = Self::serve(folder.path().try_into().unwrap(), flags);
        session.folder = Some(folder);
        session
    }

    /// Serves a project that is there.
    pub fn serve(project: &Utf8Path, flags: &[&str]) -> Self {
        let mut child = command(project, flags)
            .args(["--port", "0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let said = Arc::new(Said::default());
        let stderr = child.stderr.take().unwrap();
        std::thread::spawn({
            let said = said.clone();
            move || said.listen(stderr)
        });
        let mut url = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
        let address = url.trim_end().strip_prefix("http://").and_then(|address| address.parse().ok());
        let address = address.unwrap_or_else(|| panic!("no URL: {url:?}\n{}", said.text()));
        let session = Self { address, child, project: project.to_owned(), folder: None, said };
        // The other stream may be slower; what is waited for later must not be found in the beginning.
        session.wait_for_one_of(&["serving the new code", "until it is mended"]);
        session
    }

    pub fn edit(&self, file: &str, from: &str, to: &str) {
        let text = std::fs::read_to_string(self.project.join(file)).unwrap();
        assert!(text.contains(from), "{file} has no {from}");
        self.write(file, &text.replace(from, to));
    }

    pub fn write(&self, file: &str, text: &str) {
        std::fs::write(self.project.join(file), text).unwrap();
    }

    pub fn rename(&self, from: &str, to: &str) {
        std::fs::rename(self.project.join(from), self.project.join(to)).unwrap();
    }

    pub fn remove(&self, file: &str) {
        std::fs::remove_file(self.project.join(file)).unwrap();
    }

    /// Waits until this is said, after what was waited for before.
    #[track_caller]
    pub fn wait_for(&self, words: &str) {
        self.wait_for_one_of(&[words]);
    }

    #[track_caller]
    fn wait_for_one_of(&self, sentences: &[&str]) {
        let found = self.said.wait(PATIENCE, |text| {
            let new = &text.text[text.read..];
            let end = sentences.iter().filter_map(|words| Some(new.find(words)? + words.len())).min()?;
            text.read += end;
            Some(())
        });
        assert!(found.is_some(), "nobody said {sentences:?}:\n{}", self.said.text());
    }

    #[track_caller]
    pub fn wait_until_served(&self) {
        self.wait_for("serving the new code");
    }

    pub fn stderr(&self) -> String {
        self.said.text()
    }

    #[cfg(unix)]
    pub fn send(&self, signal: rustix::process::Signal) {
        let pid = rustix::process::Pid::from_child(&self.child);
        let _ = rustix::process::kill_process(pid, signal);
    }

    /// Waits until no process holds the other end of the pipe any more.
    #[track_caller]
    pub fn wait_for_end_of_all(&self, patience: Duration) {
        let ended = self.said.wait(patience, |text| text.is_at_end.then_some(()));
        assert!(ended.is_some(), "some process still runs:\n{}", self.said.text());
    }

    pub fn exit_code(&mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // A process that was waited for has no number any more that is surely its own.
        if !matches!(self.child.try_wait(), Ok(None)) {
            return;
        }
        // Asked to end, it cleans up; the app's processes end with it, as a test shows.
        #[cfg(unix)]
        self.send(rustix::process::Signal::TERM);
        #[cfg(not(unix))]
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Said {
    fn listen(&self, mut stderr: impl Read) {
        let mut buffer = [0; 4096];
        loop {
            let read = stderr.read(&mut buffer).unwrap_or(0);
            let mut text = self.state.lock().unwrap();
            text.text.push_str(&String::from_utf8_lossy(&buffer[..read]));
            text.is_at_end = read == 0;
            self.more.notify_all();
            if read == 0 {
                return;
            }
        }
    }

    fn wait<T>(&self, patience: Duration, look: impl Fn(&mut Text) -> Option<T>) -> Option<T> {
        let mut found = None;
        let text = self.state.lock().unwrap();
        let _ = self
            .more
            .wait_timeout_while(text, patience, |text| {
                found = look(text);
                found.is_none() && !text.is_at_end
            })
            .unwrap();
        found
    }

    fn text(&self) -> String {
        self.state.lock().unwrap().text.clone()
    }
}

/// Runs the command to its end, which must come by itself.
pub fn run(name: &str, flags: &[&str]) -> Output {
    let folder = project(name, "", str::to_owned);
    command(folder.path().try_into().unwrap(), flags).output().unwrap()
}

fn command(folder: &Utf8Path, flags: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-chalice"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("AWS_")) {
        command.env_remove(name);
    }
    command
        .args(["chalice", "local", "--offline"])
        .args(flags)
        .current_dir(folder)
        // One set of compiled dependencies for all test projects and all runs.
        .env("CARGO_TARGET_DIR", Utf8Path::new(env!("CARGO_TARGET_TMPDIR")).join("apps"))
        .stdin(Stdio::null());
    command
}

fn project(name: &str, settings: &str, edit: impl Fn(&str) -> String) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let workspace = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let library: Utf8PathBuf = workspace.join("chalice-rs");
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n\
         chalice-rs = {{ path = {library:?} }}\nserde_json = \"1\"\n\
         tokio = {{ version = \"1\", default-features = false, features = [\"time\"] }}\n\n[workspace]\n"
    );
    let write = |file: &str, text: &str| std::fs::write(folder.path().join(file), text).unwrap();
    std::fs::create_dir(folder.path().join("src")).unwrap();
    write("Cargo.toml", &manifest);
    write("Chalice.toml", settings);
    write("src/main.rs", &edit(include_str!("fixture/main.rs")));
    // The versions that are known to be here.
    std::fs::copy(workspace.join("Cargo.lock"), folder.path().join("Cargo.lock")).unwrap();
    folder
}
