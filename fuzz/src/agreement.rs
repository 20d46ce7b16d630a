//! The index decides what the language says.

use rolecall_engine::{ClauseId, Document, JsonLimits, PolicySet, Source, UnverifiedClaims, assume_verified};

/// Reads a policy set, a line of dashes, and the claims of a token; if all of that is good, holds each decision against the
/// slow evaluation. Gives the number of roles that were decided on.
pub fn check(input: &str) -> usize {
    let read = || {
        let (policy, claims) = input.split_once("\n---\n")?;
        let set = PolicySet::compile([Source::new("fuzz.policy", policy)]).ok()?;
        let claims = Document::parse(claims.into(), &JsonLimits::CLAIMS).ok()?;
        Some((set, assume_verified(UnverifiedClaims::new(claims))))
    };
    let Some((set, claims)) = read() else { return 0 };
    let roles = set.program().roles();
    let said = |name: &str| set.evaluate(claims.as_unverified(), name);
    let mut expected: Vec<(&str, ClauseId)> = Vec::new();
    for role in roles.values() {
        let (decision, said) = (set.decide(&claims, &role.name), said(&role.name));
        assert_eq!(decision.clause(), said.ok(), "{}", role.name);
        assert_eq!(decision.reason(), said.err(), "{}", role.name);
        expected.extend(said.ok().map(|clause| (&*role.name, clause)));
    }
    let mut room = Vec::new();
    let found = set.roles(&claims, &mut room);
    let found = found.filter_map(|found| Some((&*found.role()?.name, found.clause()?)));
    let mut found: Vec<(&str, ClauseId)> = found.collect();
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected);
    roles.len()
}
