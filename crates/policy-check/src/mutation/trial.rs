//! The trial of a mutant, by tests, proofs and assertions.

use super::mutant::Mutant;
use super::reduced::Items;
use rolecall::{Clock, SystemClock};
use rolecall_analysis::{Analysis, Answer, Budget, Undecided, Witness, difference};
use rolecall_engine::ir::Test;
use rolecall_engine::{PolicySet, UnverifiedClaims};
use std::collections::{BTreeSet, HashMap};
use std::sync::OnceLock;
use std::time::Instant;

/// The fate of a mutant.
#[derive(Debug)]
pub(crate) enum Fate {
    /// An assertion no longer holds.
    KilledByAssertion,
    /// A test no longer passes.
    KilledByTest,
    /// It is proved that the same tokens get the same roles.
    Equivalent,
    /// The budget of the proof ran out, or it cannot be expressed.
    NotDecided(Undecided),
    /// The time ran out first.
    NotTried,
    /// This token would get another decision.
    Survived(Box<Witness>),
}

/// An expectation of a test on one role.
struct Check<'t> {
    test: &'t Test,
    is_allowed: bool,
    /// The path of the claim that alone must be the reason.
    because: Option<&'t [String]>,
}

/// The tests and assertions that a mutant has to pass.
pub(super) struct Trial<'a> {
    set: &'a PolicySet,
    items: &'a Items<'a>,
    checks: HashMap<&'a str, Vec<Check<'a>>>,
    end: Option<Instant>,
    /// For each assertion, true if it is proved; asked once, when a mutant survives the tests.
    proved: OnceLock<Vec<bool>>,
    /// Tokens that get each role.
    examples: HashMap<&'a str, OnceLock<Vec<Witness>>>,
}

impl<'a> Trial<'a> {
    /// Creates the trial by some tests of a set, until a time.
    pub(super) fn new(
        set: &'a PolicySet,
        items: &'a Items<'a>,
        tests: &[&'a Test],
        end: Option<Instant>,
    ) -> Self {
        let roles = set.program().roles().values();
        Self {
            set,
            items,
            checks: checks(set, tests),
            end,
            proved: OnceLock::new(),
            examples: roles.map(|role| (&*role.name, OnceLock::new())).collect(),
        }
    }

    /// Returns the fate of a mutant; `None` if it does not compile, or changes no role.
    pub(super) fn fate(&self, mutant: &Mutant) -> Option<Fate> {
        if self.end.is_some_and(|end| SystemClock.now().monotonic >= end) {
            return Some(Fate::NotTried);
        }
        let places = self.items.about(mutant);
        if places.is_empty() {
            return None;
        }
        let changed = self.items.compile(&places, Some(mutant))?;
        let names: BTreeSet<&str> = self.items.names(&places).collect();
        if names.iter().any(|name| self.is_noticed(&changed, name)) {
            return Some(Fate::KilledByTest);
        }
        let before = self.items.compile(&places, None)?;
        let found = match changed_role(&before, &changed) {
            Answer::Token(witness) => witness,
            Answer::NotDecided(reason) => return Some(Fate::NotDecided(reason)),
            _ => return Some(Fate::Equivalent),
        };
        Some(match self.is_refuted(mutant) {
            true => Fate::KilledByAssertion,
            false => Fate::Survived(Box::new(self.nearest(&before, &changed, *found))),
        })
    }

    /// Returns a token for which two sets differ as for this one, and which is as much like an example of its role as
    /// possible.
    fn nearest(&self, before: &PolicySet, changed: &PolicySet, found: Witness) -> Witness {
        let Some(name) = found.allowed.first().or(found.denied.first()) else {
            return found;
        };
        let allows = |set: &PolicySet, claims: &UnverifiedClaims| set.evaluate(claims, name).is_ok();
        let was_allowed = !found.allowed.is_empty();
        let keeps = |claims: &UnverifiedClaims| {
            allows(before, claims) == was_allowed && allows(changed, claims) != was_allowed
        };
        let near = self.examples(name).iter().map(|example| {
            let mut near = found.nearer(before, example, keeps);
            near.explain_by(before, example);
            (near.distance(example), near)
        });
        let nearest = near.min_by_key(|(distance, _)| *distance);
        nearest.map_or_else(|| found.clone(), |(_, near)| near)
    }

    /// Returns a token for each `allow` of a role; asked once for each role with a surviving mutant.
    fn examples(&self, role: &str) -> &[Witness] {
        let Some(examples) = self.examples.get(role) else {
            return &[];
        };
        examples.get_or_init(|| {
            let Some(id) = self.set.program().role(role) else {
                return Vec::new();
            };
            let answers = Analysis::new(self.set).examples(id).into_iter();
            let tokens = answers.filter_map(|answer| match answer {
                Answer::Token(witness) => Some(*witness),
                _ => None,
            });
            tokens.collect()
        })
    }

    /// Returns whether a test of a role fails.
    fn is_noticed(&self, changed: &PolicySet, name: &str) -> bool {
        let Some(role) = changed.program().role(name) else {
            return true;
        };
        let mut checks = self.checks.get(name).into_iter().flatten();
        checks.any(|check| {
            let claims = &check.test.claims;
            changed.evaluate(claims, name).is_ok() != check.is_allowed
                || check
                    .because
                    .is_some_and(|path| !changed.is_denied_because(claims, role, path))
        })
    }

    /// Returns whether an assertion that holds does not hold for a mutant.
    fn is_refuted(&self, mutant: &Mutant) -> bool {
        if self.set.program().assertions().is_empty() {
            return false;
        }
        let Some(changed) = self.items.compile_whole(mutant) else {
            return false;
        };
        let proved = self.proved.get_or_init(|| {
            let mut analysis = Analysis::new(self.set);
            let assertions = self.set.program().assertions().iter();
            assertions
                .map(|one| analysis.prove(one).outcome.is_proved())
                .collect()
        });
        let mut analysis = Analysis::new(&changed);
        let mut pairs = changed.program().assertions().iter().zip(proved);
        pairs.any(|(now, was_proved)| *was_proved && analysis.prove(now).outcome.is_refuted())
    }
}

/// Returns the expectations that are met, by the names of the roles: those of allowed tokens first, which fail more often.
fn checks<'t>(set: &'t PolicySet, tests: &[&'t Test]) -> HashMap<&'t str, Vec<Check<'t>>> {
    let mut checks: HashMap<&str, Vec<Check<'_>>> = HashMap::new();
    for test in tests.iter().filter(|test| set.passes(test)) {
        let profile = &set.program()[test.issuer].profile;
        for expectation in &test.expectations {
            let because = expectation.because.map(|claim| profile[claim].path.as_slice());
            for role in set.program().checked(expectation) {
                checks.entry(&set.program()[role].name).or_default().push(Check {
                    test,
                    is_allowed: expectation.allows(role),
                    because,
                });
            }
        }
    }
    for checks in checks.values_mut() {
        checks.sort_by_key(|check| !check.is_allowed);
    }
    checks
}

/// Returns a token that gets a role in one of two sets only.
fn changed_role(before: &PolicySet, changed: &PolicySet) -> Answer {
    let mut undecided = None;
    for change in difference(before, changed, Budget::default()) {
        let Some(name) = change.new.or(change.old) else {
            continue;
        };
        for (answer, is_gained) in [(change.gained, true), (change.lost, false)] {
            match answer {
                Answer::Token(mut witness) => {
                    // The decision of the policies as they are.
                    let decision = match is_gained {
                        true => &mut witness.denied,
                        false => &mut witness.allowed,
                    };
                    *decision = vec![name];
                    return Answer::Token(witness);
                }
                Answer::NotDecided(reason) => undecided = undecided.or(Some(reason)),
                _ => {}
            }
        }
    }
    undecided.map_or(Answer::Nothing, Answer::NotDecided)
}
