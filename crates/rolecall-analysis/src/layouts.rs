//! Layouts of `sub` that an issuer does not declare: the proposals of the engine, each confirmed by a token.

use crate::analysis::Analysis;
use crate::budget::Undecided;
use crate::formula::NodeId;
use crate::language::Languages;
use crate::sample::{Requirement, sample};
use crate::space::Space;
use crate::vocabulary::Vocabulary;
use rolecall_engine::ir::{Atom, Formula, TrustedIssuer};
use rolecall_engine::{Difference, IssuerId, Truth, UnknownLayout};

/// The most comparisons of `sub` in a part of a condition for which layouts are proposed.
const MAX_COMPARISONS: usize = 16;

impl Analysis<'_> {
    /// Returns the layout that a condition asks for, if no token of the issuer fulfils the condition because
    /// none of its layouts gives the `sub` in each of its comparisons.
    pub(crate) fn unknown_layout(
        &mut self,
        issuer: IssuerId,
        condition: &Formula,
    ) -> Option<Box<UnknownLayout>> {
        let trusted = &self.set.program()[issuer];
        let mut unknown: Option<UnknownLayout> = None;
        for atom in comparisons(trusted, condition) {
            let layouts = UnknownLayout::of_question(trusted, atom.claim, &atom.question)?;
            let layouts = layouts.confirmed(trusted, |layout| {
                let mut changed = trusted.clone();
                changed.derivations.push(layout.derivation());
                let comparison = Formula::compare(atom.claim, atom.question.clone());
                self.with_space(issuer, |analysis| {
                    is_possible(issuer, &changed, &comparison, &mut analysis.languages) == Ok(true)
                })
            });
            unknown = Some(match unknown {
                Some(first) => first.and(layouts, trusted),
                None => layouts,
            });
        }
        unknown.map(Box::new)
    }

    /// Returns the component with an impossible value, if a condition is a single comparison with a `sub` that
    /// has one.
    pub(crate) fn impossible_value(&self, issuer: IssuerId, condition: &Formula) -> Option<Difference> {
        let trusted = &self.set.program()[issuer];
        match comparisons(trusted, condition).as_slice() {
            [atom] => Difference::of_question(trusted, atom.claim, &atom.question),
            _ => None,
        }
    }
}

/// Returns the comparisons of `sub` that a condition consists of; none if they are too many.
fn comparisons<'f>(issuer: &TrustedIssuer, condition: &'f Formula) -> Vec<&'f Atom> {
    let mut found = Vec::new();
    collect(condition, true, &mut found);
    let subject = issuer.profile.claim_by_path(&["sub".to_owned()]);
    found.retain(|atom| Some(atom.claim) == subject);
    if found.len() > MAX_COMPARISONS {
        found.clear();
    }
    found
}

/// Collects the comparisons of a condition that must hold, and not their negations.
fn collect<'f>(formula: &'f Formula, wanted: bool, found: &mut Vec<&'f Atom>) {
    match formula {
        Formula::All(parts) | Formula::Any(parts) => {
            parts.iter().for_each(|part| collect(part, wanted, found));
        }
        Formula::Atom(atom, _) if wanted => found.push(atom),
        Formula::Not(part) => collect(part, !wanted, found),
        Formula::Atom(..) | Formula::External(..) | Formula::Unknown => {}
    }
}

/// Returns whether some token of an issuer, which need not be one of the set, fulfils a condition.
fn is_possible(
    id: IssuerId,
    issuer: &TrustedIssuer,
    condition: &Formula,
    languages: &mut Languages,
) -> Result<bool, Undecided> {
    let mut space = Space::new(issuer);
    let asked = space.truth(condition, true, languages)?;
    let universe = space.universe(languages)?;
    let formula = space.formulas.all([asked, universe], &mut languages.meter)?;
    if formula == NodeId::NEVER {
        return Ok(false);
    }
    let mut vocabulary = Vocabulary::new(issuer);
    vocabulary.learn(condition);
    let requirement = Requirement::new(formula, &mut space, languages)?;
    let Some(found) = sample(id, &mut space, &requirement, languages, &vocabulary)? else {
        return Ok(false);
    };
    let holds = issuer.truth(&found.witness.claims(), condition) == Truth::True;
    found.confirmed(holds).map(|_| true)
}
