//! The bounds, each with a text that would go beyond it.

mod conditions;
mod explanations;
mod families;
mod just_below;
mod many_errors;
mod many_values;
mod profiles;
mod proofs;
mod selectors;
mod syntax;
mod tests;

use super::Case;
pub(super) use explanations::claims;

const TEST: &[&str] = &["test"];
const WRITTEN: &str = "expanded, the roles of this set have";
const STEPS: &str = "expanded, the conditions of this set are too large";
const SELECTED: &str = "the selectors of this set look at more than";
const MORE: &str = "more errors";

/// A role, and a test of it that passes.
const PASSING: &str = "role z { allow from g }\ntest \"z\" { token g { sub = \"z\" } expect allow z }\n";

pub(super) fn all() -> Vec<Case> {
    let all = [
        selectors::all(),
        families::all(),
        conditions::all(),
        many_values::all(),
        many_errors::all(),
        tests::all(),
        explanations::all(),
        syntax::all(),
        profiles::all(),
        proofs::all(),
        just_below::all(),
    ];
    all.into_iter().flatten().collect()
}

/// A text that is refused.
fn refused(name: &'static str, text: String, says: &'static str) -> Case {
    Case {
        name,
        verb: TEST,
        text,
        exit: 2,
        says,
    }
}

/// A text that compiles, with tests that all pass.
fn compiles(name: &'static str, text: String) -> Case {
    Case {
        name,
        verb: TEST,
        text,
        exit: 0,
        says: "0 failed",
    }
}
