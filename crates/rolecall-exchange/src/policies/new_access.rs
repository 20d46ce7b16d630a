//! Access that a new policy set gives.

use rolecall_analysis::{Answer, Budget, difference, issuer_changes};
use rolecall_engine::PolicySet;

use super::shown_token;

/// Returns the ways in which more is given than before, one line each. What is not decided counts, too.
pub(super) fn new_access(before: &PolicySet, now: &PolicySet) -> Vec<String> {
    let mut gains = Vec::new();
    for change in issuer_changes(before, now).iter().filter(|change| change.gained) {
        gains.push(format!(
            "issuer `{}`: `{}` may accept more tokens than before",
            change.issuer, change.setting
        ));
    }
    for change in difference(before, now, Budget::default()) {
        let Some(role) = &change.new else { continue };
        match &change.gained {
            Answer::Nothing => {}
            Answer::Token(witness) => gains.push(format!(
                "role `{role}` is given to a token that did not get it before: {}",
                shown_token(witness)
            )),
            Answer::NotDecided(reason) => gains.push(format!(
                "it is not decided whether more tokens get role `{role}`: {reason}"
            )),
            _ => gains.push(format!("it is not decided whether more tokens get role `{role}`")),
        }
        // Services trust roles by name.
        if let Some(old) = change.old.as_ref().filter(|old| *old != role) {
            gains.push(format!("role `{old}` is now `{role}`"));
        }
        if change.given.iter().any(rolecall_analysis::GivenChange::is_gain) {
            gains.push(format!("role `{role}` has other grants or a longer ttl"));
        }
    }
    gains
}
