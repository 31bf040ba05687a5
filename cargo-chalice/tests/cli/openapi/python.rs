//! A Python of our own, with a validator and a client generator that are not ours.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

const REQUIREMENTS: &str = include_str!("requirements.txt");

/// The interpreter. It is installed once for each list of requirements, and kept.
pub fn python() -> &'static Path {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("openapi-python");
        let list = folder.join("requirements.txt");
        let python = folder.join("bin").join("python");
        // The list is the last to be written, so an install that was cut short is none.
        if std::fs::read_to_string(&list).is_ok_and(|installed| installed == REQUIREMENTS) && works(&python) {
            return python;
        }
        let wanted = folder.with_extension("txt");
        std::fs::write(&wanted, REQUIREMENTS).expect("the list of requirements");
        said(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder));
        let pip =
            ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--no-deps"];
        let safe = ["--require-hashes", "--only-binary", ":all:", "--requirement"];
        said(Command::new(&python).args(pip).args(safe).arg(&wanted));
        std::fs::rename(&wanted, &list).expect("the list of what is installed");
        python
    })
}

/// An interpreter that was upgraded or removed since cannot.
fn works(python: &Path) -> bool {
    let probe =
        Command::new(python).args(["-c", "import openapi_spec_validator, openapi_python_client"]).output();
    probe.is_ok_and(|output| output.status.success())
}

/// What a program that has to succeed says.
#[track_caller]
pub fn said(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().expect("to start");
    let said = [stdout, stderr].map(|said| String::from_utf8_lossy(&said).into_owned()).concat();
    assert!(status.success(), "{command:?}:\n{said}");
    said
}
