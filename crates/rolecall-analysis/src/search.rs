//! The decider: claim by claim, over the words that the languages of a formula tell apart.
//!
//! For one claim, the automata of all questions about it run side by side with that of its type. Of each set of answers that
//! comes out, one word stands for all; the answers are put into the formula, and what is left is decided for the next claim.
//! What was found to be never fulfilled is remembered.

mod elements;
mod product;

pub(crate) use product::shortest;

use crate::budget::Undecided;
use crate::formula::{Choices, Formulas, NodeId};
use crate::language::{ABSENT, LangId, Languages, ODD};
use crate::meter::{Collection, Meter};
use crate::variable::{Atom, Choice, Variable};
use crate::vocabulary::Vocabulary;
use hashbrown::{HashMap, HashSet};
use rolecall_engine::ClaimId;

/// How many claims a question may be about: so deep the search goes.
const MAX_CLAIMS: usize = 300;

/// A search for what fulfils a formula.
pub(crate) struct Search<'s, 'v> {
    formulas: &'s mut Formulas,
    languages: &'s mut Languages,
    vocabulary: &'s Vocabulary<'v>,
    choices: Choices,
}

impl<'s, 'v> Search<'s, 'v> {
    pub(crate) fn new(
        formulas: &'s mut Formulas,
        languages: &'s mut Languages,
        vocabulary: &'s Vocabulary<'v>,
    ) -> Self {
        Self {
            formulas,
            languages,
            vocabulary,
            choices: Choices::new(),
        }
    }

    /// What fulfils a formula, or `None` if nothing does.
    ///
    /// # Errors
    /// What of the budget ran out.
    pub(crate) fn run(mut self, formula: NodeId) -> Result<Option<Choices>, Undecided> {
        Ok(self.solve(formula)?.then_some(self.choices))
    }

    fn solve(&mut self, formula: NodeId) -> Result<bool, Undecided> {
        let Some(variable) = self.formulas.first(formula) else {
            return Ok(formula == NodeId::ALWAYS);
        };
        if self.formulas.is_refuted(formula) {
            return Ok(false);
        }
        if self.choices.len() >= MAX_CLAIMS {
            return Err(Undecided::Claims { limit: MAX_CLAIMS });
        }
        let mut branch = Branch::new(formula, variable, self.formulas, &mut self.languages.meter)?;
        let found = self.solve_like_example(&mut branch)?
            || match variable {
                Variable::Layout(claim) => self.solve_layout(&mut branch, claim)?,
                Variable::Claim(claim) => self.solve_claim(&mut branch, claim)?,
                Variable::Elements(claim) => self.solve_elements(&mut branch, claim)?,
                Variable::Open(number) => self.solve_open(&mut branch, number)?,
            };
        let meter = &mut self.languages.meter;
        branch.let_go(meter);
        if !found {
            self.formulas.refute(formula, meter)?;
        }
        Ok(found)
    }

    /// Tries what the example has, if the token is to be like one.
    fn solve_like_example(&mut self, branch: &mut Branch) -> Result<bool, Undecided> {
        match (branch.variable, self.vocabulary.preferred(branch.variable)) {
            (Variable::Layout(_) | Variable::Claim(_), Some(Choice::Word(word))) => {
                self.try_word(branch, &word)
            }
            (Variable::Elements(_), Some(Choice::Elements(elements))) => self.try_list(branch, elements),
            _ => Ok(false),
        }
    }

    fn solve_layout(&mut self, branch: &mut Branch, claim: ClaimId) -> Result<bool, Undecided> {
        let layouts = 0..self.vocabulary.layouts(claim);
        let layouts = layouts.map(|layout| layout.to_string().into_bytes());
        for word in layouts.chain([ABSENT.to_vec(), ODD.to_vec()]) {
            if self.try_word(branch, &word)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn solve_open(&mut self, branch: &mut Branch, number: usize) -> Result<bool, Undecided> {
        for (word, holds) in [(b"yes", NodeId::ALWAYS), (b"no ", NodeId::NEVER)] {
            let answers = HashMap::from([(Atom::Open(number), holds)]);
            self.languages.meter.hold(answers.size())?;
            if self.try_choice(branch, answers, Choice::Word(word.to_vec()))? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn solve_claim(&mut self, branch: &mut Branch, claim: ClaimId) -> Result<bool, Undecided> {
        if self.vocabulary.is_list(claim) {
            for word in [b"", ABSENT, ODD] {
                if self.try_word(branch, word)? {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        let domain = self.vocabulary.domain(claim, self.languages)?;
        let domain = self.languages.dfa(domain);
        for word in self.vocabulary.plausible(claim) {
            if domain.accepts(&word) && self.try_word(branch, &word)? {
                return Ok(true);
            }
        }
        if self.vocabulary.is_optional(claim) && self.try_word(branch, ABSENT)? {
            return Ok(true);
        }
        Ok(self.solve_words(branch, &domain)?
            || self.try_word(branch, ABSENT)?
            || self.try_word(branch, ODD)?)
    }

    /// Chooses a word, and goes on with what is left of the formula.
    fn try_word(&mut self, branch: &mut Branch, word: &[u8]) -> Result<bool, Undecided> {
        let accepts = |language| self.languages.dfa(language).accepts(word);
        let refused = |(atom, wanted): (&Atom, &bool)| match atom {
            Atom::Fits(variable, language) => *variable == branch.variable && accepts(*language) != *wanted,
            Atom::Has(..) | Atom::Open(_) | Atom::Same(..) => false,
        };
        if branch.wanted.iter().any(refused) {
            return Ok(false);
        }
        let mut answers = HashMap::new();
        self.languages.meter.room_for(&mut answers, branch.own.len())?;
        for atom in &branch.own {
            let answer = match *atom {
                Atom::Fits(_, language) if self.languages.dfa(language).accepts(word) => NodeId::ALWAYS,
                Atom::Same(_, other) => {
                    let this = self.languages.words([word])?;
                    let atom = Atom::Fits(other, this);
                    self.formulas.is(atom, true, &mut self.languages.meter)?
                }
                Atom::Fits(..) | Atom::Has(..) | Atom::Open(_) => NodeId::NEVER,
            };
            answers.insert(*atom, answer);
        }
        self.try_choice(branch, answers, Choice::Word(word.to_vec()))
    }

    /// Puts answers into the formula, and goes on with what is left.
    fn try_choice(
        &mut self,
        branch: &mut Branch,
        answers: HashMap<Atom, NodeId>,
        choice: Choice,
    ) -> Result<bool, Undecided> {
        let refused = |(atom, wanted): (&Atom, &bool)| {
            let refusal = if *wanted { NodeId::NEVER } else { NodeId::ALWAYS };
            answers.get(atom) == Some(&refusal)
        };
        let meter = &mut self.languages.meter;
        // A quick look before the formula is rewritten.
        if branch.wanted.iter().any(refused) {
            meter.let_go(&answers);
            return Ok(false);
        }
        let mut done = HashMap::new();
        let before = self.formulas.len();
        let rest = self
            .formulas
            .replace(branch.formula, branch.variable, &answers, &mut done, meter)?;
        let made = self.formulas.len().saturating_sub(before);
        meter.look(done.len().div_ceil(16).saturating_add(made))?;
        meter.let_go(&answers);
        meter.let_go(&done);
        drop((answers, done));
        if branch.tried.contains(&rest) {
            return Ok(false);
        }
        meter.room(&mut branch.tried)?;
        branch.tried.insert(rest);
        let size = choice.size();
        meter.hold(size)?;
        self.choices.insert(branch.variable, choice);
        if self.solve(rest)? {
            return Ok(true);
        }
        self.choices.remove(&branch.variable);
        self.languages.meter.release(size);
        Ok(false)
    }
}

/// Some languages, each once.
fn each_once(languages: impl IntoIterator<Item = LangId>) -> Vec<LangId> {
    let mut ids: Vec<LangId> = languages.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// A formula at the variable that is decided next.
struct Branch {
    formula: NodeId,
    variable: Variable,
    /// All atoms of the formula.
    atoms: Vec<Atom>,
    /// The atoms of the variable.
    own: Vec<Atom>,
    /// The answers without which it does not hold.
    wanted: HashMap<Atom, bool>,
    /// What was left of it after the choices so far.
    tried: HashSet<NodeId>,
}

impl Branch {
    fn new(
        formula: NodeId,
        variable: Variable,
        formulas: &Formulas,
        meter: &mut Meter,
    ) -> Result<Self, Undecided> {
        let atoms = formulas.atoms(formula, meter)?;
        let mut own = Vec::new();
        for atom in atoms.iter().filter(|atom| atom.variable() == variable) {
            meter.room(&mut own)?;
            own.push(*atom);
        }
        Ok(Self {
            formula,
            variable,
            atoms,
            own,
            wanted: formulas.wanted(formula, meter)?,
            tried: HashSet::new(),
        })
    }

    /// Gives back what it takes.
    fn let_go(self, meter: &mut Meter) {
        meter.let_go(&self.atoms);
        meter.let_go(&self.own);
        meter.let_go(&self.wanted);
        meter.let_go(&self.tried);
    }

    /// The answer to an atom without which the formula does not hold, if there is one.
    fn wanted(&self, atom: Atom) -> Option<bool> {
        self.wanted.get(&atom).copied()
    }

    /// The variables that must be, or must not be, equal to this one, and to one another, this one included.
    fn equals(&self) -> Vec<Variable> {
        let mut equals = vec![self.variable];
        let mut at: usize = 0;
        while let Some(one) = equals.get(at).copied() {
            at = at.saturating_add(1);
            for atom in &self.atoms {
                if let Atom::Same(left, right) = *atom {
                    for (this, other) in [(left, right), (right, left)] {
                        if this == one && !equals.contains(&other) {
                            equals.push(other);
                        }
                    }
                }
            }
        }
        equals
    }
}
