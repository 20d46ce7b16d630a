//! Search for a token that fulfils a formula.

use crate::budget::Undecided;
use crate::formula::{Choices, NodeId};
use crate::language::Languages;
use crate::meter::Meter;
use crate::search::Search;
use crate::space::{Demand, HOLDS, Space};
use crate::token::TokenBuilder;
use crate::variable::{Atom, Choice, Variable};
use crate::vocabulary::Vocabulary;
use crate::witness::Witness;
use hashbrown::HashMap;
use rolecall_engine::ir::{External, TrustedIssuer};
use rolecall_engine::{ClaimId, IssuerId, Object, Part, Value};
use std::sync::Arc;

/// A token that was found, before the engine has confirmed it.
#[derive(Debug)]
pub(crate) struct Sample {
    pub(crate) witness: Witness,
    /// The reason why a part of the question is open, if there is such a part.
    open: Option<Undecided>,
}

impl Sample {
    /// Builds the token of some choices, without equations, external conditions and open questions.
    pub(crate) fn of_choices<'a>(
        (issuer, trusted): (IssuerId, &'a TrustedIssuer),
        choices: Choices,
        vocabulary: &Vocabulary<'a>,
        languages: &mut Languages,
    ) -> Result<Self, Undecided> {
        let builder = TokenBuilder {
            issuer: trusted,
            vocabulary,
            languages,
            equations: &[],
            choices,
        };
        let (token, absent, choices) = builder.build()?;
        let witness = witness((issuer, trusted), token, absent, choices);
        Ok(Self { witness, open: None })
    }

    /// Returns whether the token depends on nothing but its claims, and each claim is chosen on its own.
    pub(crate) fn is_of_claims(&self) -> bool {
        let is_of_claims = |variable: &Variable| match variable {
            Variable::Claim(_) | Variable::Derivation(_) | Variable::Elements(_) => true,
            Variable::Equation(_) | Variable::External(_) | Variable::Left(_) | Variable::Open(_) => false,
        };
        self.open.is_none() && self.witness.choices.keys().all(is_of_claims)
    }

    /// Returns the token, if the reference evaluation and the matcher both confirm that it answers the
    /// question.
    pub(crate) fn confirmed(self, holds: bool) -> Result<Witness, Undecided> {
        if holds {
            return Ok(self.witness);
        }
        let token = Value::Object(self.witness.token).to_string();
        Err(self.open.unwrap_or(Undecided::Disagreement { token }))
    }
}

/// The formulas that a token must fulfil.
#[derive(Clone, Debug)]
pub(crate) struct Requirement {
    /// The question.
    formula: NodeId,
    /// The demands on every verified token.
    demands: Vec<Demand>,
}

impl Requirement {
    /// Returns the requirement that a verified token fulfils a formula.
    pub(crate) fn new(
        formula: NodeId,
        space: &mut Space<'_>,
        languages: &mut Languages,
    ) -> Result<Self, Undecided> {
        let demands = space.demands(formula, languages)?;
        Ok(Self { formula, demands })
    }

    /// Returns the requirement as one formula.
    pub(crate) fn whole(&self, space: &mut Space<'_>, meter: &mut Meter) -> Result<NodeId, Undecided> {
        let demands = self.demands.iter().map(|demand| demand.node);
        space
            .formulas
            .all(std::iter::once(self.formula).chain(demands), meter)
    }

    /// Returns a requirement that implies this one and has no open questions.
    fn closed(&self, space: &mut Space<'_>, meter: &mut Meter) -> Result<Self, Undecided> {
        let mut memo = HashMap::new();
        let mut closed = Self {
            formula: space.formulas.without_open(self.formula, &mut memo, meter)?,
            demands: self.demands.clone(),
        };
        for demand in &mut closed.demands {
            demand.node = space.formulas.without_open(demand.node, &mut memo, meter)?;
        }
        meter.let_go(&memo);
        Ok(closed)
    }

    /// Returns whether some choices are enough, whatever else is chosen. Variables without a choice have no
    /// demands.
    fn holds(
        &self,
        space: &Space<'_>,
        choices: &Choices,
        languages: &mut Languages,
    ) -> Result<bool, Undecided> {
        let mut meter = languages.meter.clone();
        let holds = |atom: Atom| holds(atom, choices, space, languages);
        let mut memo = HashMap::new();
        let demands = self.demands.iter();
        let demands = demands.filter(|demand| choices.contains_key(&demand.variable));
        for node in std::iter::once(self.formula).chain(demands.map(|demand| demand.node)) {
            if space.formulas.truth(node, &holds, &mut memo, &mut meter)? != Some(true) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Returns a token of an issuer that fulfils a requirement, or `None` if there is none.
pub(crate) fn sample<'a>(
    issuer: IssuerId,
    space: &mut Space<'a>,
    requirement: &Requirement,
    languages: &mut Languages,
    vocabulary: &Vocabulary<'a>,
) -> Result<Option<Sample>, Undecided> {
    // A token that does not depend on open questions is preferred: it needs no confirmation.
    let formula = requirement.whole(space, &mut languages.meter)?;
    let closed = requirement.closed(space, &mut languages.meter)?;
    if closed.whole(space, &mut languages.meter)? != formula
        && let Some(certain) = sample(issuer, space, &closed, languages, vocabulary)?
    {
        return Ok(Some(certain));
    }
    let trusted = space.issuer;
    let search = Search::new(space, languages, vocabulary);
    let Some(choices) = search.run(formula)? else {
        return Ok(None);
    };
    let atoms = space.formulas.atoms(formula, &mut languages.meter)?;
    let open = atoms.iter().find_map(|atom| match atom {
        Atom::Open(number) => space.open.get(*number).cloned(),
        Atom::Differs(..) | Atom::Fits(..) | Atom::Has(..) | Atom::Same(..) => None,
    });
    // Open questions may depend on any claim.
    let choices = if open.is_some() {
        choices
    } else {
        relevant(space, requirement, languages, choices)?
    };
    let builder = TokenBuilder {
        issuer: trusted,
        vocabulary,
        languages,
        equations: &space.equations,
        choices,
    };
    let (token, mut absent, choices) = builder.build()?;
    if open.is_some() {
        // A test would fill in these claims.
        let derived = trusted.derivations.iter().map(|derivation| derivation.claim);
        let subject = trusted.profile.claim_by_path(&["sub".to_owned()]);
        let derived = derived.filter(|claim| Some(*claim) != subject);
        absent.extend(derived.filter(|claim| token.at(&trusted.profile[*claim].path).is_none()));
        absent.sort_unstable();
        absent.dedup();
    }
    let externals = externals(space, &choices);
    let mut witness = witness((issuer, trusted), token, absent, choices);
    witness.externals = externals;
    Ok(Some(Sample { witness, open }))
}

/// Returns a token with the claims that every token of the issuer has, even if nothing depends on them.
fn witness(
    (issuer, trusted): (IssuerId, &TrustedIssuer),
    mut token: Object,
    absent: Vec<ClaimId>,
    choices: Choices,
) -> Witness {
    token.set("iss", Value::from(trusted.issuer.url.as_str()));
    if let (None, Some(audience)) = (token.get("aud"), trusted.issuer.audiences.first()) {
        token.set("aud", Value::from(audience.as_str()));
    }
    Witness::new(issuer, trusted, token, absent, choices)
}

/// Returns the values of external conditions that are chosen.
fn externals(space: &Space<'_>, choices: &Choices) -> Vec<(Arc<External>, bool)> {
    let of = |(variable, choice): (&Variable, &Choice)| match (variable, choice) {
        (Variable::External(index), Choice::Word(word)) => {
            let external = space.externals.get(*index)?;
            Some((Arc::clone(external), word == HOLDS))
        }
        _ => None,
    };
    choices.iter().filter_map(of).collect()
}

/// Returns the choices that matter: whatever the other variables are, the token fulfils the requirement.
fn relevant(
    space: &Space<'_>,
    requirement: &Requirement,
    languages: &mut Languages,
    mut choices: Choices,
) -> Result<Choices, Undecided> {
    loop {
        let before = choices.len();
        for variable in choices.keys().rev().copied().collect::<Vec<Variable>>() {
            let Some(choice) = choices.remove(&variable) else {
                continue;
            };
            if !requirement.holds(space, &choices, languages)? {
                choices.insert(variable, choice);
            }
        }
        // The claims of a template may no longer matter if the derived claim does not.
        if choices.len() == before {
            return Ok(choices);
        }
    }
}

/// Returns whether an atom holds, if the choices determine it.
pub(crate) fn holds(atom: Atom, choices: &Choices, space: &Space<'_>, languages: &Languages) -> Option<bool> {
    let word = |variable| match choices.get(&variable)? {
        Choice::Word(word) => Some(word),
        Choice::Elements(_) => None,
    };
    match atom {
        Atom::Differs(variable, equation) => {
            let template = &space.equations.get(equation)?.template;
            let mut text = Vec::new();
            for part in &template.parts {
                match part {
                    Part::Claim(claim, filter) => {
                        let value = std::str::from_utf8(word(Variable::Claim(*claim))?).ok()?;
                        match filter {
                            Some(filter) => text.extend(filter.apply(value)?.into_bytes()),
                            None => text.extend(value.as_bytes()),
                        }
                    }
                    Part::Text(literal) => text.extend(literal.as_bytes()),
                    Part::Optional(_) => return None,
                }
            }
            Some(*word(variable)? != text)
        }
        Atom::Fits(variable, language) => Some(languages.dfa(language).accepts(word(variable)?)),
        Atom::Has(variable, language) => match choices.get(&variable)? {
            Choice::Elements(elements) => {
                let dfa = languages.dfa(language);
                Some(elements.iter().any(|element| dfa.accepts(element)))
            }
            Choice::Word(_) => None,
        },
        Atom::Open(number) => Some(word(Variable::Open(number))? == b"yes"),
        Atom::Same(left, right) => Some(word(left)? == word(right)?),
    }
}
