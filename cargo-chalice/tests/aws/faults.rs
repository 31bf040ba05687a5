//! Every write of a deploy, an update and a delete goes wrong once, in every way that matters; running the command again
//! must then lead where an undisturbed run leads.
//!
//! What only AWS could show: calls whose effect is seen late. Here an effect is seen at once.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::Duration;

use serde_json::Value;

use crate::support::app::App;
use crate::support::local_aws::LocalAws;
use crate::support::proxy::{How, Proxy, When, Which};
use crate::support::tool::{DEPLOY, Run, Tool};

/// What becomes of the one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mishap {
    /// It never arrives.
    Lost,
    /// It takes effect, and the answer never arrives.
    AnswerLost,
    /// AWS says that it is broken, and did it all the same.
    BrokenAfter,
    /// The tool is killed once the call has taken effect.
    Killed,
    /// The network is gone from this call on.
    Outage,
}

/// One write of an undisturbed run: which operation, and which of that operation's calls.
type Write = (String, usize);

fn writes(proxy: &Proxy) -> Vec<Write> {
    let mut found: Vec<Write> = Vec::new();
    for entry in proxy.log().iter().filter(|entry| entry.call.writes()) {
        let before = found.iter().filter(|(operation, _)| *operation == entry.call.operation).count();
        found.push((entry.call.operation.clone(), before));
    }
    found
}

/// Runs a command with a mishap at one of its writes. `None` is a run that was killed.
fn disturbed(tool: &Tool, proxy: &Proxy, args: &[&str], write: &Write, mishap: Mishap) -> Option<Run> {
    let which = Which::Nth(write.0.clone(), write.1);
    proxy.forget();
    match mishap {
        Mishap::Lost => proxy.fault(which, When::Before, How::Drop),
        Mishap::AnswerLost => proxy.fault(which, When::After, How::Drop),
        Mishap::BrokenAfter => proxy.fault(which, When::After, How::Broken(500)),
        Mishap::Outage => proxy.fault(Which::Since(write.0.clone(), write.1), When::Before, How::Drop),
        Mishap::Killed => {
            proxy.fault(which, When::After, How::Hold);
            let mut child = tool.spawn(args);
            let held = proxy.wait_until_held(Duration::from_secs(60));
            // SIGKILL: nothing is tidied up.
            child.kill().unwrap();
            let run = child.wait_with_output().unwrap();
            assert!(held, "{write:?} did not come: {}", String::from_utf8_lossy(&run.stderr));
            return None;
        }
    }
    let run = tool.run(args);
    let met = proxy.log().into_iter().filter(|entry| entry.call.operation == write.0).nth(write.1);
    let met = met.unwrap_or_else(|| panic!("{write:?} did not come: {}", run.stderr));
    assert!(met.status.is_none_or(|status| status == 500), "{mishap:?} did not happen: {met:?}");
    Some(run)
}

/// Puts every write through a mishap, a few at a time, each in an account and behind a proxy of its own.
fn for_each(writes: &[Write], mishaps: &[Mishap], check: impl Fn(&Write, Mishap) + Sync) {
    let queue: Mutex<VecDeque<(Write, Mishap)>> = Mutex::new(
        writes.iter().flat_map(|write| mishaps.iter().map(|mishap| (write.clone(), *mishap))).collect(),
    );
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                loop {
                    let next = queue.lock().unwrap().pop_front();
                    let Some((write, mishap)) = next else { return };
                    check(&write, mishap);
                }
            });
        }
    });
}

fn snapshot(tool: &Tool) -> Value {
    LocalAws::shared().witness.snapshot(&tool.account)
}

fn assert_same(found: &Value, expected: &Value, what: &dyn std::fmt::Debug) {
    assert_eq!(
        serde_json::to_string_pretty(found).unwrap(),
        serde_json::to_string_pretty(expected).unwrap(),
        "{what:?}"
    );
}

#[test]
fn a_first_deploy_that_was_disturbed_anywhere_is_finished_by_the_next() {
    let app = App::hello();
    let clean_proxy = Proxy::start();
    let clean = Tool::through(&clean_proxy, &app);
    clean.deploy().good();
    let expected = snapshot(&clean);
    let writes = writes(&clean_proxy);
    assert!(writes.len() >= 10, "{writes:?}");

    let mishaps = [Mishap::Lost, Mishap::AnswerLost, Mishap::BrokenAfter, Mishap::Killed];
    for_each(&writes, &mishaps, |write, mishap| {
        let proxy = Proxy::start();
        let tool = Tool::through(&proxy, &app);
        let run = disturbed(&tool, &proxy, &DEPLOY, write, mishap);
        if run.is_some_and(|run| run.code == Some(0)) {
            assert_same(&snapshot(&tool), &expected, &("recovered by itself", write, mishap));
        }
        proxy.forget();
        tool.deploy().good();
        assert_same(&snapshot(&tool), &expected, &("deployed again", write, mishap));
        assert_eq!(proxy.refusals(), [""; 0], "{write:?} {mishap:?}");
        tool.delete().good();
        assert!(LocalAws::shared().witness.is_empty(&tool.account), "{write:?} {mishap:?}");
    });
}

#[test]
fn a_deploy_that_was_disturbed_anywhere_can_be_deleted_at_once() {
    let app = App::hello();
    let proxy = Proxy::start();
    let clean = Tool::through(&proxy, &app);
    clean.deploy().good();
    let writes = writes(&proxy);
    for_each(&writes, &[Mishap::AnswerLost, Mishap::Outage], |write, mishap| {
        let proxy = Proxy::start();
        let tool = Tool::through(&proxy, &app);
        disturbed(&tool, &proxy, &DEPLOY, write, mishap);
        proxy.forget();
        tool.delete().good();
        assert!(LocalAws::shared().witness.is_empty(&tool.account), "{write:?} {mishap:?}");
    });
}

#[test]
fn an_update_that_was_disturbed_anywhere_is_finished_by_the_next_deploy() {
    let app = App::updated();
    let (small, large) = ("memory = 128\n", "memory = 512\n\n[tags]\nteam = \"orders\"\n");
    let proxy = Proxy::start();
    let clean = Tool::through(&proxy, &app);
    app.write("Chalice.toml", small);
    clean.deploy().good();
    app.write("Chalice.toml", large);
    proxy.forget();
    clean.deploy().good();
    let expected = snapshot(&clean);
    let writes = writes(&proxy);
    assert!(writes.iter().any(|(operation, _)| operation == "UpdateFunctionConfiguration"), "{writes:?}");

    // One after the other: both settings lie in the same file.
    for write in &writes {
        for mishap in [Mishap::AnswerLost, Mishap::Killed] {
            let proxy = Proxy::start();
            let tool = Tool::through(&proxy, &app);
            app.write("Chalice.toml", small);
            tool.deploy().good();
            app.write("Chalice.toml", large);
            disturbed(&tool, &proxy, &DEPLOY, write, mishap);
            proxy.forget();
            tool.deploy().good();
            assert_same(&snapshot(&tool), &expected, &(write, mishap));
            assert_eq!(proxy.refusals(), [""; 0], "{write:?} {mishap:?}");
        }
    }
}

#[test]
fn a_delete_that_was_disturbed_anywhere_is_finished_by_the_next() {
    let app = App::hello();
    let proxy = Proxy::start();
    let clean = Tool::through(&proxy, &app);
    clean.deploy().good();
    proxy.forget();
    clean.delete().good();
    let writes = writes(&proxy);
    assert!(writes.len() >= 4, "{writes:?}");
    for_each(&writes, &[Mishap::Lost, Mishap::AnswerLost, Mishap::Killed], |write, mishap| {
        let proxy = Proxy::start();
        let tool = Tool::through(&proxy, &app);
        tool.deploy().good();
        disturbed(&tool, &proxy, &["delete", "--yes"], write, mishap);
        proxy.forget();
        tool.delete().good();
        assert!(LocalAws::shared().witness.is_empty(&tool.account), "{write:?} {mishap:?}");
        assert_eq!(proxy.refusals(), [""; 0], "{write:?} {mishap:?}");
    });
}

#[test]
fn guards_and_functions_that_come_and_go_survive_a_kill_at_any_write() {
    let (guarded, unguarded) = (App::guarded(), App::unguarded());
    let proxy = Proxy::start();
    let open = Tool::through(&proxy, &unguarded);
    let closed = Tool { project: guarded.folder.clone(), ..open.clone() };
    open.deploy().good();
    let step = |tool: &Tool| {
        proxy.forget();
        tool.deploy().good();
        (snapshot(tool), last_of_each(&writes(&proxy)))
    };
    let (expected, closing) = step(&closed);
    let (opened, opening) = step(&open);
    let has = |writes: &[Write], operation: &str| writes.iter().any(|(found, _)| found == operation);
    for operation in ["CreateAuthorizer", "AddPermission", "UpdateApi", "UpdateRoute", "CreateFunction"] {
        assert!(has(&closing, operation), "{closing:?}");
    }
    for operation in ["DeleteAuthorizer", "DeleteCorsConfiguration", "DeleteIntegration", "DeleteFunction"] {
        assert!(has(&opening, operation), "{opening:?}");
    }
    let rounds: Vec<Write> = (0..closing.len().max(opening.len())).map(|n| (String::new(), n)).collect();
    for_each(&rounds, &[Mishap::Killed], |(_, round), mishap| {
        let proxy = Proxy::start();
        let open = Tool::through(&proxy, &unguarded);
        let closed = Tool { project: guarded.folder.clone(), ..open.clone() };
        open.deploy().good();
        for (tool, writes, expected) in [(&closed, &closing, Some(&expected)), (&open, &opening, None)] {
            let Some(write) = writes.get(*round) else {
                tool.deploy().good();
                continue;
            };
            closed_or_not(tool, &proxy, write, mishap);
            match expected {
                Some(expected) => assert_same(&snapshot(tool), expected, &("closed", write)),
                None => assert_apis_and_names(&snapshot(tool), &opened, write),
            }
        }
        assert_eq!(proxy.refusals(), [""; 0], "{round}");
        if *round > 2 {
            return;
        }
        // What a killed delete leaves is found without a word of what there was.
        closed.deploy().good();
        let write = ("DeleteFunction".to_owned(), *round);
        disturbed(&open, &proxy, &["delete", "--yes"], &write, mishap);
        open.delete().good();
        assert!(LocalAws::shared().witness.is_empty(&open.account), "{round}");
    });
}

/// A deploy with a mishap, and another one.
fn closed_or_not(tool: &Tool, proxy: &Proxy, write: &Write, mishap: Mishap) {
    disturbed(tool, proxy, &DEPLOY, write, mishap);
    proxy.forget();
    tool.deploy().good();
}

/// What is there, when versions differ because more of them were made.
fn assert_apis_and_names(found: &Value, expected: &Value, what: &dyn std::fmt::Debug) {
    assert_eq!(found["apis"], expected["apis"], "{what:?}");
    for kind in ["roles", "log_groups"] {
        assert_eq!(found[kind], expected[kind], "{what:?}");
    }
    let names = |found: &Value| found["functions"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(found), names(expected), "{what:?}");
}

/// Of many calls of one operation the last: by then one of two alike things is there, and the other is not. What a
/// function alone needs, the other tests here disturb.
fn last_of_each(writes: &[Write]) -> Vec<Write> {
    const OF_ONE_FUNCTION: [&str; 6] = [
        "PutRetentionPolicy",
        "PutRolePolicy",
        "CreateAlias",
        "UpdateFunctionCode",
        "PublishVersion",
        "UpdateAlias",
    ];
    let last = |operation: &str| writes.iter().rfind(|(found, _)| found == operation).cloned();
    let operations: std::collections::BTreeSet<&str> =
        writes.iter().map(|(operation, _)| operation.as_str()).collect();
    let of_interest = operations.into_iter().filter(|operation| !OF_ONE_FUNCTION.contains(operation));
    of_interest.filter_map(last).collect()
}

#[test]
fn what_passes_by_itself_is_waited_for() {
    let app = App::hello();
    let deploys_in_spite_of = |fault: &dyn Fn(&Proxy)| {
        let proxy = Proxy::start();
        let tool = Tool::through(&proxy, &app);
        fault(&proxy);
        tool.deploy().good();
        tool.delete().good();
        assert!(LocalAws::shared().witness.is_empty(&tool.account));
    };
    deploys_in_spite_of(&|proxy| {
        let message = "The role defined for the function cannot be assumed by Lambda.";
        let how = How::Error { status: 400, code: "InvalidParameterValueException", message };
        proxy.fault(Which::FirstOf("CreateFunction", 3), When::Before, how);
    });
    deploys_in_spite_of(&|proxy| {
        let message =
            "The operation cannot be performed at this time. An update is in progress for resource: x";
        let how = How::Error { status: 409, code: "ResourceConflictException", message };
        proxy.fault(Which::FirstOf("PublishVersion", 3), When::Before, how);
    });
    deploys_in_spite_of(&|proxy| {
        for operation in
            ["CreateRoute", "CreateRole", "CreateFunction", "CreateLogGroup", "GetApis", "GetCallerIdentity"]
        {
            proxy.fault(Which::FirstOf(operation, 2), When::Before, How::Throttle);
        }
    });
    deploys_in_spite_of(&|proxy| {
        for operation in ["GetApis", "GetFunction", "GetRole", "DescribeLogGroups", "GetCallerIdentity"] {
            proxy.fault(Which::FirstOf(operation, 1), When::Before, How::Broken(503));
        }
    });
    deploys_in_spite_of(&|proxy| {
        proxy.fault(Which::Operation("CreateFunction"), When::After, How::Slow(Duration::from_secs(2)));
    });
}

#[test]
fn two_apis_from_a_lost_answer_become_one() {
    let app = App::hello();
    let proxy = Proxy::start();
    let tool = Tool::through(&proxy, &app);
    tool.deploy().good();
    let expected = snapshot(&tool);
    // What an SDK that sends CreateApi again after a lost answer leaves: another API of the same name and tags.
    let twin = serde_json::json!({
        "Name": "hello-dev", "ProtocolType": "HTTP", "Tags": { "chalice:app": "hello", "chalice:stage": "dev" },
    });
    LocalAws::shared().witness.call(&tool.account, "apigatewayv2", "create_api", &twin);
    tool.deploy().good();
    assert_same(&snapshot(&tool), &expected, &"one is left");
    tool.delete().good();
    assert!(LocalAws::shared().witness.is_empty(&tool.account));
}

#[test]
fn ctrl_c_stops_after_the_call_in_flight_and_the_next_deploy_goes_on() {
    let app = App::hello();
    let proxy = Proxy::start();
    let tool = Tool::through(&proxy, &app);
    proxy.fault(Which::Operation("CreateFunction"), When::After, How::Slow(Duration::from_secs(3)));
    let child = tool.spawn(&DEPLOY);
    proxy.wait_for("CreateFunction", Duration::from_secs(60));
    let pid = rustix::process::Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let run: Run = child.wait_with_output().unwrap().into();
    assert_eq!(run.code, Some(130), "{}", run.stderr);
    assert!(run.stderr.contains("again"), "{}", run.stderr);
    let last = proxy.log().into_iter().rfind(|entry| entry.call.writes()).unwrap();
    assert_eq!(last.status, Some(201), "the call in flight was answered: {last:?}");

    proxy.forget();
    tool.deploy().good();
    tool.delete().good();
    assert!(LocalAws::shared().witness.is_empty(&tool.account));
}
