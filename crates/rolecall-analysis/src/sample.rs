//! From a formula to a token that fulfils it.

use crate::budget::Undecided;
use crate::formula::{Choices, NodeId};
use crate::language::Languages;
use crate::meter::Meter;
use crate::search::Search;
use crate::space::{Demand, Space};
use crate::token::TokenBuilder;
use crate::variable::{Atom, Choice, Variable};
use crate::vocabulary::Vocabulary;
use crate::witness::Witness;
use hashbrown::HashMap;
use rolecall_engine::ir::TrustedIssuer;
use rolecall_engine::{ClaimId, IssuerId, Object, Value};

/// A token that was found, and is not confirmed yet.
#[derive(Debug)]
pub(crate) struct Sample {
    pub(crate) witness: Witness,
    /// What could not be said of the question, if there was something.
    open: Option<Undecided>,
}

impl Sample {
    /// The token, if the evaluation of the language and the matcher both say that it shows what it should.
    pub(crate) fn confirmed(self, holds: bool) -> Result<Witness, Undecided> {
        if holds {
            return Ok(self.witness);
        }
        let token = Value::Object(self.witness.token).to_string();
        Err(self.open.unwrap_or(Undecided::Disagreement { token }))
    }
}

/// What is wanted of a token.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    /// What is asked.
    formula: NodeId,
    /// What is true of every token that this can be asked of.
    demands: Vec<Demand>,
}

impl Wanted {
    /// A token that fulfils a formula, of those that there can be.
    pub(crate) fn new(
        formula: NodeId,
        space: &mut Space<'_>,
        languages: &mut Languages,
    ) -> Result<Self, Undecided> {
        let demands = space.demands(formula, languages)?;
        Ok(Self { formula, demands })
    }

    /// All of it as one formula.
    fn whole(&self, space: &mut Space<'_>, meter: &mut Meter) -> Result<NodeId, Undecided> {
        let demands = self.demands.iter().map(|demand| demand.node);
        space
            .formulas
            .all(std::iter::once(self.formula).chain(demands), meter)
    }

    /// The same without what was left open.
    fn closed(&self, space: &mut Space<'_>, meter: &mut Meter) -> Result<Self, Undecided> {
        let mut done = HashMap::new();
        let mut closed = Self {
            formula: space.formulas.without_open(self.formula, &mut done, meter)?,
            demands: self.demands.clone(),
        };
        for demand in &mut closed.demands {
            demand.node = space.formulas.without_open(demand.node, &mut done, meter)?;
        }
        meter.let_go(&done);
        Ok(closed)
    }

    /// Whether some choices are enough, whatever else is chosen. Nothing is demanded of what is not chosen.
    fn holds(
        &self,
        space: &Space<'_>,
        choices: &Choices,
        languages: &mut Languages,
    ) -> Result<bool, Undecided> {
        let mut meter = languages.meter.clone();
        let holds = |atom: Atom| holds(atom, choices, languages);
        let mut done = HashMap::new();
        let demands = self.demands.iter();
        let demands = demands.filter(|demand| choices.contains_key(&demand.variable));
        for node in std::iter::once(self.formula).chain(demands.map(|demand| demand.node)) {
            if space.formulas.truth(node, &holds, &mut done, &mut meter)? != Some(true) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// A token of an issuer as it is wanted, or `None` if there is none.
pub(crate) fn sample<'a>(
    issuer: IssuerId,
    space: &mut Space<'a>,
    wanted: &Wanted,
    languages: &mut Languages,
    vocabulary: &Vocabulary<'a>,
) -> Result<Option<Sample>, Undecided> {
    // A token that does not need what was left open is certain.
    let formula = wanted.whole(space, &mut languages.meter)?;
    let closed = wanted.closed(space, &mut languages.meter)?;
    if closed.whole(space, &mut languages.meter)? != formula
        && let Some(certain) = sample(issuer, space, &closed, languages, vocabulary)?
    {
        return Ok(Some(certain));
    }
    let trusted = space.issuer;
    let search = Search::new(&mut space.formulas, languages, vocabulary);
    let Some(choices) = search.run(formula)? else {
        return Ok(None);
    };
    let atoms = space.formulas.atoms(formula, &mut languages.meter)?;
    let open = atoms.iter().find_map(|atom| match atom {
        Atom::Open(number) => space.open.get(*number).cloned(),
        Atom::Fits(..) | Atom::Has(..) | Atom::Same(..) => None,
    });
    // What was left open may depend on any claim.
    let choices = if open.is_some() {
        choices
    } else {
        relevant(space, wanted, languages, choices)?
    };
    let builder = TokenBuilder {
        issuer: trusted,
        vocabulary,
        languages,
        choices,
    };
    let (mut token, mut absent, choices) = builder.build()?;
    if open.is_some() {
        // A test would fill these in.
        let derived = trusted.derivations.iter().map(|derivation| derivation.claim);
        let subject = trusted.profile.claim_by_path(&["sub".to_owned()]);
        let derived = derived.filter(|claim| Some(*claim) != subject);
        absent.extend(derived.filter(|claim| !is_in(&token, trusted, *claim)));
        absent.sort_unstable();
        absent.dedup();
    }
    // What every token of the issuer says, even if nothing depends on it.
    token.set("iss", Value::from(trusted.issuer.url.as_str()));
    if let (None, Some(audience)) = (token.get("aud"), trusted.issuer.audiences.first()) {
        token.set("aud", Value::from(audience.as_str()));
    }
    let witness = Witness::new(issuer, trusted, token, &absent, choices);
    Ok(Some(Sample { witness, open }))
}

/// Whether a token has a claim.
fn is_in(token: &Object, issuer: &TrustedIssuer, claim: ClaimId) -> bool {
    let Some((first, rest)) = issuer.profile[claim].path.split_first() else {
        return false;
    };
    let mut value = token.get(first);
    for name in rest {
        value = match value {
            Some(Value::Object(inner)) => inner.get(name),
            _ => None,
        };
    }
    value.is_some()
}

/// The choices without those that do not matter: whatever is chosen there, the token is as it is wanted.
fn relevant(
    space: &Space<'_>,
    wanted: &Wanted,
    languages: &mut Languages,
    mut choices: Choices,
) -> Result<Choices, Undecided> {
    loop {
        let before = choices.len();
        for variable in choices.keys().rev().copied().collect::<Vec<Variable>>() {
            let Some(choice) = choices.remove(&variable) else {
                continue;
            };
            if !wanted.holds(space, &choices, languages)? {
                choices.insert(variable, choice);
            }
        }
        // What a derived claim is made of matters no longer if the derived claim does not.
        if choices.len() == before {
            return Ok(choices);
        }
    }
}

/// Whether an atom holds, if enough is chosen to say so.
fn holds(atom: Atom, choices: &Choices, languages: &Languages) -> Option<bool> {
    let word = |variable| match choices.get(&variable)? {
        Choice::Word(word) => Some(word),
        Choice::Elements(_) => None,
    };
    match atom {
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
