//! A client of AWS that is not ours: boto, in the sandbox's own Python, asked one JSON line at a time.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;

use camino::Utf8Path;
use serde_json::{Value, json};

use super::local_aws::Account;

const SCRIPT: &str = include_str!("witness.py");

/// The running client.
#[derive(Debug)]
pub struct Witness {
    pipes: Mutex<(Child, ChildStdin, BufReader<ChildStdout>)>,
}

impl Witness {
    pub fn start(python: &Utf8Path, endpoint: &str) -> Self {
        let mut child = Command::new(python)
            .args(["-I", "-c", SCRIPT, endpoint])
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let stdin = child.stdin.take().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        Self { pipes: Mutex::new((child, stdin, stdout)) }
    }

    /// Everything there is in an account, sorted, with what AWS makes up (ids, times) named or left out.
    pub fn snapshot(&self, account: &Account) -> Value {
        self.ask(&json!({ "do": "snapshot", "account": account.0 }))
    }

    /// Whether nothing is left in an account.
    pub fn is_empty(&self, account: &Account) -> bool {
        self.snapshot(account).as_object().unwrap().values().all(|kind| kind.as_object().unwrap().is_empty())
    }

    /// One call of any service, as `call("iam", "create_role", json!({..}))`. Panics with AWS's error.
    pub fn call(&self, account: &Account, service: &str, operation: &str, input: &Value) -> Value {
        self.ask(&json!({
            "do": "call", "account": account.0, "service": service, "operation": operation, "input": input,
        }))
    }

    /// One call through another endpoint, a proxy's, without boto's own checks of the parameters. The error is AWS's
    /// code for it.
    pub fn try_call_at(
        &self,
        endpoint: &str,
        account: &Account,
        service: &str,
        operation: &str,
        input: &Value,
    ) -> Result<Value, String> {
        let mut answer = self.ask(&json!({
            "do": "try", "endpoint": endpoint, "account": account.0,
            "service": service, "operation": operation, "input": input,
        }));
        match answer["code"].as_str() {
            Some(code) => Err(code.to_owned()),
            None => Ok(answer["taken"].take()),
        }
    }

    /// Begins to be an issuer of tokens, on loopback; gives its address.
    pub fn issuer(&self) -> String {
        self.ask(&json!({ "do": "issuer" })).as_str().unwrap().to_owned()
    }

    /// A token with these claims, signed by this issuer, whatever they say.
    pub fn token(&self, issuer: &str, claims: &Value) -> String {
        self.ask(&json!({ "do": "token", "by": issuer, "claims": claims })).as_str().unwrap().to_owned()
    }

    /// The descriptions of AWS's services that boto carries.
    pub fn models(&self, services: &[&str]) -> Value {
        self.ask(&json!({ "do": "models", "services": services }))
    }

    fn ask(&self, question: &Value) -> Value {
        // A test that panicked while it asked has been answered already.
        let mut pipes = self.pipes.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let (_, stdin, stdout) = &mut *pipes;
        writeln!(stdin, "{question}").unwrap();
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        drop(pipes);
        let mut answer: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        if let Some(error) = answer.get("error") {
            panic!("{question}: {error}");
        }
        answer["answer"].take()
    }
}
