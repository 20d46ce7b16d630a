//! Policy sets with external conditions, which have no spelling: comparisons of one claim stand for them.

use rolecall_engine::PolicySet;
use rolecall_engine::ir::Formula;

/// The set with external conditions instead of the comparisons of a claim, equal ones for equal comparisons.
pub fn with_externals(set: &PolicySet, claim: &str) -> PolicySet {
    let program = set.program();
    set.with_conditions(|clause, condition| {
        let profile = &program[clause.issuer].profile;
        let replaced = profile.claim_by_path(&[claim.to_owned()]);
        condition.replace(&|formula| match formula {
            Formula::Atom(atom, _) if Some(atom.claim) == replaced => {
                Some(Formula::external(format!("{:?}", atom.question)))
            }
            _ => None,
        })
    })
}
