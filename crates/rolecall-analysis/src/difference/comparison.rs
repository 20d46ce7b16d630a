//! Comparison of a role of one version with a role of the other.

use super::given::{GivenChange, Version, given};
use super::mapping::{Mapping, Plain, plain};
use crate::answer::Answer;
use crate::budget::{Budget, Undecided};
use crate::formula::NodeId;
use crate::language::Languages;
use crate::meter::{Meter, sum};
use crate::query::{Disagreement, Externals, gets};
use crate::sample::{Requirement, sample};
use crate::space::{Space, equations};
use crate::vocabulary::Vocabulary;
use crate::witness::Witness;
use hashbrown::HashMap;
use rolecall_engine::ir::{Clause, External, Formula, TrustedIssuer};
use rolecall_engine::{IssuerId, PolicySet, RoleId, UnverifiedClaims};
use std::collections::BTreeSet;

/// Two versions of a policy set.
pub(super) struct Comparison<'p> {
    old: &'p PolicySet,
    new: &'p PolicySet,
    languages: Languages,
    /// The issuers of both versions, by their URLs.
    issuers: HashMap<&'p str, IssuerPair<'p>>,
}

/// An issuer, which one of the versions may not have. A twin of it counts as the same one.
struct IssuerPair<'p> {
    /// The issuer in the old version.
    old: Option<IssuerId>,
    /// The issuer in the new version.
    new: Option<IssuerId>,
    /// The mapping of old claims to new ones, if both versions have the issuer.
    mapping: Option<Mapping>,
    space: Space<'p>,
}

/// A role of one of the versions.
#[derive(Clone, Copy)]
struct Side<'p> {
    set: &'p PolicySet,
    role: Option<RoleId>,
    is_old: bool,
}

impl<'p> Comparison<'p> {
    pub(super) fn new(old: &'p PolicySet, new: &'p PolicySet, budget: Budget) -> Self {
        let mut issuers: HashMap<&str, IssuerPair<'_>> = HashMap::new();
        for (id, trusted) in new.program().issuers().iter() {
            let shared = IssuerPair {
                old: None,
                new: Some(id),
                mapping: None,
                space: Space::new(trusted),
            };
            issuers.entry(trusted.issuer.url.as_str()).or_insert(shared);
        }
        for (id, trusted) in old.program().issuers().iter() {
            let shared = issuers
                .entry(trusted.issuer.url.as_str())
                .or_insert_with(|| IssuerPair {
                    old: None,
                    new: None,
                    mapping: None,
                    space: Space::new(trusted),
                });
            if shared.old.is_none() {
                shared.old = Some(id);
                let mapping = || Mapping::new(trusted, shared.space.issuer);
                shared.mapping = shared.new.is_some().then(mapping);
            }
        }
        Self {
            old,
            new,
            languages: Languages::new(Meter::new(budget)),
            issuers,
        }
    }

    /// Returns a token that gets only the new role, and one that gets only the old one.
    pub(super) fn of_roles(&mut self, old: Option<RoleId>, new: Option<RoleId>) -> (Answer, Answer) {
        let side = |set, role, is_old| Side { set, role, is_old };
        let (old, new) = (side(self.old, old, true), side(self.new, new, false));
        let mut urls: BTreeSet<&str> = old.clauses().map(|clause| old.url(clause)).collect();
        urls.extend(new.clauses().map(|clause| new.url(clause)));
        let (mut gained, mut lost) = (Answer::Nothing, Answer::Nothing);
        for url in urls {
            let Some(shared) = self.issuers.get(url) else {
                continue;
            };
            if shared.has_same_text(old, new) {
                continue;
            }
            self.begin();
            let Some(shared) = self.issuers.get_mut(url) else {
                continue;
            };
            if !matches!(gained, Answer::Token(_)) {
                worse(&mut gained, shared.only(new, old, &mut self.languages));
            }
            if !matches!(lost, Answer::Token(_)) {
                worse(&mut lost, shared.only(old, new, &mut self.languages));
            }
        }
        (gained, lost)
    }

    /// Fills up the budget for a question. Earlier results are dropped if they take too much of it.
    fn begin(&mut self) {
        let spaces = self.issuers.values().map(|shared| shared.space.size());
        let kept = sum(spaces.chain([self.languages.size()]));
        let is_too_much = self.languages.meter.is_too_much(kept);
        if is_too_much {
            self.languages.clear();
            for shared in self.issuers.values_mut() {
                shared.space = Space::new(shared.space.issuer);
            }
        }
        self.languages.meter.reset(if is_too_much { 0 } else { kept });
    }

    /// Returns the changes of a role's grants and lifetime.
    pub(super) fn given(&self, old: RoleId, new: RoleId) -> Vec<GivenChange> {
        let mapping = |url: &str| self.issuers.get(url)?.mapping.as_ref();
        let version = |set, role| Version { set, role };
        given(version(self.old, old), version(self.new, new), mapping)
    }
}

/// Adds the result for one more issuer to an answer. A token replaces "not decided", which replaces
/// "nothing".
fn worse(answer: &mut Answer, other: Result<Option<Witness>, Undecided>) {
    match other {
        Ok(Some(witness)) => *answer = Answer::Token(Box::new(witness)),
        Ok(None) => {}
        Err(reason) if *answer == Answer::Nothing => *answer = Answer::NotDecided(reason),
        Err(_) => {}
    }
}

impl<'p> Side<'p> {
    fn clauses(self) -> impl Iterator<Item = &'p Clause> {
        let role = self.role.into_iter();
        role.flat_map(move |role| self.set.program().clauses(role))
    }

    fn issuer(self, id: IssuerId) -> &'p TrustedIssuer {
        &self.set.program()[id]
    }

    fn url(self, clause: &Clause) -> &'p str {
        &self.issuer(clause.issuer).issuer.url
    }

    /// Returns whether a token gets the role, by the reference evaluation and by the matcher.
    fn gets(self, claims: &UnverifiedClaims, externals: Externals<'_>) -> Result<bool, Disagreement> {
        let role = self.role.map(|role| gets(self.set, role, claims, externals));
        role.unwrap_or(Ok(false))
    }
}

impl<'p> IssuerPair<'p> {
    /// Returns the conditions of a clause and of its guards in terms of the new claims.
    fn conditions(&self, side: Side<'p>, clause: &Clause) -> Result<Vec<Formula>, Undecided> {
        let each = clause.conditions();
        let Some(mapping) = &self.mapping else {
            return Ok(each.cloned().collect());
        };
        let mut conditions = Vec::new();
        for condition in each {
            let condition = if side.is_old {
                let before = side.issuer(clause.issuer);
                mapping
                    .formula(condition)
                    .ok_or_else(|| mapping.missing(condition, before))?
            } else {
                condition.clone()
            };
            if let Some(changed) = mapping.remade(&condition, self.space.issuer) {
                return Err(changed);
            }
            conditions.push(condition);
        }
        Ok(conditions)
    }

    /// Returns the issuer in a version, and its twin.
    fn issuers(&self, side: Side<'p>) -> impl Iterator<Item = IssuerId> + Clone + use<'p> {
        let issuer = if side.is_old { self.old } else { self.new };
        let issuers = issuer.map(|issuer| side.set.program().with_twin(issuer));
        issuers.into_iter().flatten()
    }

    /// Returns the clauses of a role for this issuer.
    fn clauses(&self, side: Side<'p>) -> impl Iterator<Item = &'p Clause> + use<'p> {
        let issuers = self.issuers(side);
        side.clauses()
            .filter(move |clause| issuers.clone().any(|issuer| issuer == clause.issuer))
    }

    /// Returns the audiences of the issuer, and those of its twin. A token must have one of them.
    fn audiences(&self, side: Side<'p>) -> Vec<&'p [String]> {
        let audiences = |issuer| side.issuer(issuer).issuer.audiences.as_slice();
        self.issuers(side).map(audiences).collect()
    }

    /// Returns whether both roles have the same conditions in the same text, so that nothing need be proved.
    fn has_same_text(&self, old: Side<'p>, new: Side<'p>) -> bool {
        let written = |side: Side<'p>| -> Option<Vec<(bool, Vec<Plain>)>> {
            let each = self.clauses(side).map(|clause| {
                let conditions = self.conditions(side, clause).ok()?;
                let is_enforced = side.issuer(clause.issuer).is_enforced;
                Some((is_enforced, conditions.iter().map(plain).collect()))
            });
            each.collect()
        };
        self.audiences(old) == self.audiences(new)
            && written(old).is_some_and(|before| written(new).is_some_and(|now| before == now))
    }

    /// Returns a token of the issuer that gets the first role and not the second.
    fn only(
        &mut self,
        first: Side<'p>,
        second: Side<'p>,
        languages: &mut Languages,
    ) -> Result<Option<Witness>, Undecided> {
        let conditions = self.all_conditions([first, second])?;
        let equations = equations(self.space.issuer, &conditions);
        if equations.is_empty() {
            return self.only_here(first, second, &conditions, languages);
        }
        // The formulas of other questions do not know the equations of this one.
        let own = Space::with_equations(self.space.issuer, equations);
        let space = std::mem::replace(&mut self.space, own);
        let found = self.only_here(first, second, &conditions, languages);
        self.space = space;
        found
    }

    /// Returns the conditions of some roles in terms of the new claims.
    fn all_conditions(&self, sides: [Side<'p>; 2]) -> Result<Vec<Formula>, Undecided> {
        let mut all = Vec::new();
        for side in sides {
            for clause in self.clauses(side) {
                all.extend(self.conditions(side, clause)?);
            }
        }
        Ok(all)
    }

    /// Returns the same token, with the space that the conditions need.
    fn only_here(
        &mut self,
        first: Side<'p>,
        second: Side<'p>,
        conditions: &[Formula],
        languages: &mut Languages,
    ) -> Result<Option<Witness>, Undecided> {
        let got = self.granted(first, languages)?;
        let other = self.granted(second, languages)?;
        let not_other = self.space.formulas.not(other, &mut languages.meter)?;
        let formula = self.space.formulas.all([got, not_other], &mut languages.meter)?;
        if got == other || formula == NodeId::NEVER {
            return Ok(None);
        }
        let origin = self.space.origin(languages)?;
        let formula = self.space.formulas.all([formula, origin], &mut languages.meter)?;
        let mut vocabulary = Vocabulary::new(self.space.issuer);
        conditions
            .iter()
            .for_each(|condition| vocabulary.learn(condition));
        let Some(issuer) = self.new.or(self.old) else {
            debug_assert!(false, "an issuer is one of the old set or of the new one");
            return Ok(None);
        };
        languages.meter.hold(vocabulary.size())?;
        let requirement = Requirement::new(formula, &mut self.space, languages)?;
        let Some(found) = sample(issuer, &mut self.space, &requirement, languages, &vocabulary)? else {
            return Ok(None);
        };
        let claims = found.witness.claims();
        let externals = |external: &External| found.witness.value(external);
        let gets = |side: Side<'p>| side.gets(&claims, &externals);
        let holds = matches!((gets(first), gets(second)), (Ok(true), Ok(false)));
        found.confirmed(holds).map(Some)
    }

    /// Returns the formula of the tokens of the issuer that get a role.
    fn granted(&mut self, side: Side<'p>, languages: &mut Languages) -> Result<NodeId, Undecided> {
        let mut granted = Vec::new();
        for issuer in self.issuers(side) {
            let mut clauses = Vec::new();
            for clause in side.clauses().filter(|clause| clause.issuer == issuer) {
                let mut parts = Vec::new();
                for condition in &self.conditions(side, clause)? {
                    parts.push(self.space.truth(condition, true, languages)?);
                }
                clauses.push(self.space.formulas.all(parts, &mut languages.meter)?);
            }
            let any = self.space.formulas.any(clauses, &mut languages.meter)?;
            let audiences = &side.issuer(issuer).issuer.audiences;
            let audience = self.space.audience(audiences, languages)?;
            granted.push(self.space.formulas.all([any, audience], &mut languages.meter)?);
        }
        self.space.formulas.any(granted, &mut languages.meter)
    }
}
