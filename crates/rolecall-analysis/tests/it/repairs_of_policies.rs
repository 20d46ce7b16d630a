//! The fewest changes that give random denied tokens the roles of the policy sets to copy.
//!
//! `ROLECALL_FULL=1` asks about 200 tokens for each role, as `.ci/full` does; an ordinary run about a few.

use crate::policies::sets;
use crate::support::sampling::full;
use rolecall_analysis::{Analysis, Answer, Repair};
use rolecall_engine::{ClaimId, IssuerId, Object, PolicySet, RoleId, UnverifiedClaims, Value};
use std::collections::BTreeMap;

/// The values of each claim that are tried.
type Pool = BTreeMap<ClaimId, Vec<Option<Value>>>;

/// A small generator: the same tokens in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(self.0 >> 33).expect("31 bits") % limit.max(1)
    }
}

fn is_derived(set: &PolicySet, issuer: IssuerId, claim: ClaimId) -> bool {
    let mut derivations = set.program()[issuer].derivations.iter();
    derivations.any(|derivation| derivation.claim == claim)
}

fn completed(set: &PolicySet, issuer: IssuerId, token: &Object) -> Object {
    let trusted = &set.program()[issuer];
    let mut token = token.clone();
    for derivation in &trusted.derivations {
        token.put(&trusted.profile[derivation.claim].path, None);
    }
    let whole = set.complete(&trusted.issuer.name, &token);
    Object::from(rolecall_engine::Document::from(whole).members())
}

fn gets(set: &PolicySet, role: RoleId, token: &Object) -> bool {
    set.evaluate(&UnverifiedClaims::new(token.clone()), &set.program()[role].name)
        .is_ok()
}

/// The tokens that get the roles of an issuer, and those of the tests.
fn examples(set: &PolicySet, analysis: &mut Analysis<'_>, issuer: IssuerId) -> Vec<Object> {
    let program = set.program();
    let mut tokens: Vec<Object> = Vec::new();
    for role in program.roles().ids() {
        for answer in analysis.examples(role) {
            if let Answer::Token(witness) = answer
                && witness.issuer == issuer
            {
                tokens.push(completed(set, issuer, &witness.token));
            }
        }
    }
    for test in program.tests().iter().filter(|test| test.issuer == issuer) {
        let mut token = Object::from(test.claims.members());
        token.set("iss", Value::from(program[issuer].issuer.url.as_str()));
        tokens.push(token);
    }
    tokens
}

/// The values of the claims of these tokens, no value, and an odd one.
fn pool(set: &PolicySet, issuer: IssuerId, tokens: &[Object]) -> Pool {
    let mut pool = Pool::new();
    for (claim, definition) in set.program()[issuer].profile.claims().iter() {
        let name = definition.to_string();
        if is_derived(set, issuer, claim) || ["iss", "exp", "iat", "sub"].contains(&name.as_str()) {
            continue;
        }
        let mut values: Vec<Option<Value>> = vec![None];
        for token in tokens {
            let value = token.at(&definition.path).cloned();
            if !values.contains(&value) {
                values.push(value);
            }
        }
        if values.len() > 1 {
            values.push(Some(Value::from("odd")));
            pool.insert(claim, values);
        }
    }
    pool
}

/// The claims that the decision on a role reads, and those that they are derived from.
fn read_by(set: &PolicySet, issuer: IssuerId, role: RoleId) -> Vec<ClaimId> {
    let trusted = &set.program()[issuer];
    let mut claims: Vec<ClaimId> = trusted.profile.claim_by_name("aud").into_iter().collect();
    for clause in set.program().clauses(role) {
        for condition in clause.conditions() {
            condition.each_atom(&mut |atom, _| claims.extend(atom.claims()));
        }
    }
    // Derivations may use derived claims.
    for _ in 0..3 {
        for derivation in &trusted.derivations {
            if claims.contains(&derivation.claim) {
                claims.extend(derivation.template.claims().map(|(claim, _)| claim));
                derivation
                    .when
                    .each_atom(&mut |atom, _| claims.extend(atom.claims()));
            }
        }
    }
    claims
}

/// A token that gets the role and differs in fewer claims than this.
fn smaller(
    set: &PolicySet,
    (issuer, role): (IssuerId, RoleId),
    token: &Object,
    pool: &Pool,
    size: usize,
) -> Option<Object> {
    let profile = &set.program()[issuer].profile;
    let read = read_by(set, issuer, role);
    let pool: Vec<_> = pool.iter().filter(|(claim, _)| read.contains(claim)).collect();
    let mut near = vec![(0, token.clone())];
    let mut from = 0;
    for _ in 1..size {
        let to = near.len();
        for at in from..to {
            let first = near[at].0;
            for (number, (claim, values)) in pool.iter().enumerate().skip(first) {
                for value in *values {
                    let mut other = near[at].1.clone();
                    other.put(&profile[**claim].path, value.clone());
                    near.push((number + 1, other));
                }
            }
        }
        from = to;
    }
    near.into_iter()
        .map(|(_, token)| completed(set, issuer, &token))
        .find(|token| gets(set, role, token))
}

#[test]
fn the_change_suffices_and_no_smaller_one_does() {
    let (wanted, largest) = if full() { (200, 3) } else { (2, 2) };
    let (mut asked, mut sizes) = (0, BTreeMap::<usize, usize>::new());
    for (name, set) in sets() {
        let mut analysis = Analysis::new(&set);
        let program = set.program();
        let mut random = Random(16);
        for role in program.roles().ids() {
            let mut issuers: Vec<IssuerId> =
                program.clauses(role).iter().map(|clause| clause.issuer).collect();
            issuers.dedup();
            for issuer in issuers {
                let tokens = examples(&set, &mut analysis, issuer);
                let changed = pool(&set, issuer, &tokens);
                // Values of other roles do not help, and there are too many.
                let of_role: Vec<Object> = tokens
                    .iter()
                    .filter(|token| gets(&set, role, token))
                    .cloned()
                    .collect();
                let accepted = pool(&set, issuer, &of_role);
                let claims: Vec<ClaimId> = changed.keys().copied().collect();
                let mut found = 0;
                for _ in 0..wanted * 20 {
                    let mut token = tokens[random.below(tokens.len())].clone();
                    for _ in 0..=random.below(3) {
                        let claim = claims[random.below(claims.len())];
                        let values = &changed[&claim];
                        let value = values[random.below(values.len())].clone();
                        token.put(&program[issuer].profile[claim].path, value);
                    }
                    let token = completed(&set, issuer, &token);
                    if gets(&set, role, &token) || found == wanted {
                        continue;
                    }
                    found += 1;
                    let claims = UnverifiedClaims::new(token.clone());
                    let role_name = &program[role].name;
                    let question = || format!("{name} {role_name} {}", Value::Object(token.clone()));
                    match analysis.repair(&claims, role) {
                        Repair::Changes(changes) => {
                            let size = changes.claims.len();
                            *sizes.entry(size).or_default() += 1;
                            assert!(gets(&set, role, &changes.token), "{changes:?} {}", question());
                            let fewer = smaller(&set, (issuer, role), &token, &accepted, size.min(largest));
                            assert!(
                                size == 0 || fewer.is_none(),
                                "{fewer:?} {changes:?} {}",
                                question()
                            );
                        }
                        other => panic!("{other:?} {}", question()),
                    }
                    asked += 1;
                }
            }
        }
    }
    eprintln!("{asked} tokens, by the number of changes: {sizes:?}");
    assert!(asked > 100 && sizes.len() > 2, "{asked} {sizes:?}");
}
