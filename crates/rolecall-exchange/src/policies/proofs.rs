//! The tests and the assertions of a policy set.

use rolecall_analysis::{Analysis, Outcome, Witness};
use rolecall_engine::{Fault, Location, PolicySet, Value};
use rolecall_syntax::line_column;

use crate::excerpt::shortened;
use crate::failure::Failure;

/// The maximum length of a token that is shown, in bytes.
const MAX_SHOWN: usize = 2_000;

/// Returns the tests that fail, role by role.
pub(super) fn failed_tests(set: &PolicySet) -> impl Iterator<Item = Failure> {
    set.run_tests().flat_map(|outcome| {
        let name = &outcome.test.name;
        let failures = outcome.failures.iter().map(|failure| {
            let (place, role) = (place(set, failure.location), &failure.role.name);
            let fault = fault(&failure.fault);
            Failure::new(format!("{place}: the test `{name}` fails: role `{role}` {fault}"))
                .help("`policy-check test` explains it")
        });
        failures.collect::<Vec<_>>()
    })
}

fn fault(fault: &Fault<'_>) -> String {
    match fault {
        Fault::Allowed => "is allowed, and should be denied".to_owned(),
        Fault::Denied => "is denied, and should be allowed".to_owned(),
        Fault::Grant { name, .. } => format!("has another text in the grant `{name}`"),
        Fault::Reason { claim, .. } => format!("is not denied because of `{claim}` alone"),
        Fault::Ttl { .. } => "has another ttl".to_owned(),
        _ => "is not as expected".to_owned(),
    }
}

/// Returns the assertions that are not proved. One that is not decided is not proved.
pub(super) fn unproved(set: &PolicySet) -> impl Iterator<Item = Failure> {
    let mut analysis = Analysis::new(set);
    set.program().assertions().iter().filter_map(move |assertion| {
        let (place, name) = (place(set, assertion.location), &assertion.name);
        let fault = match analysis.prove(assertion).outcome {
            Outcome::Proved => return None,
            Outcome::Refuted(Some(witness)) => format!("is refuted by {}", shown_token(&witness)),
            Outcome::Refuted(None) => "is refuted: no token gets the role".to_owned(),
            Outcome::NotDecided(reason) => format!("is not decided: {reason}"),
            _ => "is not decided".to_owned(),
        };
        let failure = Failure::new(format!("{place}: the assertion `{name}` {fault}"));
        Some(failure.help("`policy-check prove` explains it"))
    })
}

/// Returns the claims of a token in JSON, cut to a length for a log.
pub(crate) fn shown_token(witness: &Witness) -> String {
    shortened(&Value::Object(witness.token.clone()).to_string(), MAX_SHOWN)
}

/// Returns a location as `file:line`.
pub(crate) fn place(set: &PolicySet, location: Location) -> String {
    let source = &set.program()[location.file()];
    let (line, _) = line_column(&source.text, location.span().start);
    format!("{}:{line}", source.name)
}
