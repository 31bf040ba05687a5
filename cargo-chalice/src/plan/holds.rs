//! What must hold for every plan, whatever was there and whatever is wanted.

use proptest::prelude::*;

use super::Plan;
use super::tests::{DISTURBANCES, model};
use super::told::App;
use crate::desired::Desired;
use crate::scope::Scope;

fn any_app() -> impl Strategy<Value = String> {
    let words = prop::sample::subsequence(
        vec![
            "code v2",
            "memory 256",
            "timeout 5",
            "keep 7",
            "env A=1",
            "env B=2",
            "tag team=a",
            "x86_64",
            "GET /a",
            "POST /a",
            "GET /b/<id>",
            "ANY /c/<rest..>",
            "jwt users https://id.example",
            "asks gate 60",
            "GET /d in heavy",
            "GET /e cors https://a.example",
            "not_found",
            "headless",
        ],
        0..18,
    );
    // Authorizers may lack: then their routes want AWS's signatures.
    let guarded = prop::sample::subsequence(
        vec!["GET /u for users", "GET /v for users with read", "GET /g for gate in heavy", "GET /i for iam"],
        0..4,
    );
    (words, guarded).prop_map(|(words, guarded)| {
        format!("GET /, {}", words.into_iter().chain(guarded).collect::<Vec<_>>().join(", "))
    })
}

proptest! {
    /// Whatever was there, one deploy makes it what is wanted, and the next one finds nothing to do.
    #[test]
    fn a_plan_that_came_true_leaves_nothing_to_plan(
        before in any_app(),
        disturbances in prop::sample::subsequence(DISTURBANCES.to_vec(), 0..2),
        after in any_app(),
    ) {
        let scope = Scope::example();
        let mut model = model(&format!("{before} but {}", disturbances.join(", ")));
        let desired = App::parse(&after).desired(&scope);
        model.apply(&Plan::between(&scope, &desired, &model.observed));
        prop_assert_eq!(Plan::between(&scope, &desired, &model.observed).to_string(), "");
        prop_assert_eq!(model.observed.api.apis.len(), 1);

        model.apply(&Plan::between(&scope, &Desired::nothing(), &model.observed));
        prop_assert_eq!(&model.observed, &crate::observe::Observed::default());
    }

    /// Interrupted after any change, the next deploy ends where an uninterrupted one does.
    #[test]
    fn an_interrupted_plan_is_finished_by_the_next_one(
        before in any_app(), after in any_app(), done in 0usize..12,
    ) {
        let scope = Scope::example();
        let mut model = model(&before);
        let desired = App::parse(&after).desired(&scope);
        let first = Plan::between(&scope, &desired, &model.observed);
        first.changes.iter().take(done).for_each(|change| model.change(change));
        model.apply(&Plan::between(&scope, &desired, &model.observed));
        prop_assert_eq!(Plan::between(&scope, &desired, &model.observed).to_string(), "");
    }

    /// Plans are values: equal inputs give equal bytes.
    #[test]
    fn two_plans_from_the_same_pictures_are_byte_equal(before in any_app(), after in any_app()) {
        let scope = Scope::example();
        let json = || {
            let desired = App::parse(&after).desired(&scope);
            serde_json::to_string(&Plan::between(&scope, &desired, &model(&before).observed)).unwrap()
        };
        prop_assert_eq!(json(), json());
    }
}
