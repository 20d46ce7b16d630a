//! Decision procedure: claim by claim, over one word for each combination of answers.
//!
//! For one claim, the automata of all questions about it run in parallel with the automaton of its type. One
//! word represents all words with the same answers. Its answers are put into the formula, and the rest is
//! decided for the next claim. Formulas that are found to be unsatisfiable are recorded.

mod branch;
mod elements;
mod product;
mod words;

pub(crate) use product::shortest;

use crate::budget::Undecided;
use crate::formula::{Choices, NodeId};
use crate::language::{ABSENT, ILL_TYPED, Languages, NULL, is_mark};
use crate::meter::Collection;
use crate::space::{EQUAL, FAILS, HOLDS, NO_TEXT, Space, UNEQUAL};
use crate::variable::{Atom, Choice, Variable};
use crate::vocabulary::Vocabulary;
use branch::Branch;
use hashbrown::HashMap;
use rolecall_engine::ClaimId;

/// The most claims that a question may be about, which bounds the depth of the recursion.
const MAX_CLAIMS: usize = 300;

/// A search for choices that fulfil a formula.
pub(crate) struct Search<'s, 'v> {
    space: &'s mut Space<'v>,
    languages: &'s mut Languages,
    vocabulary: &'s Vocabulary<'v>,
    choices: Choices,
}

impl<'s, 'v> Search<'s, 'v> {
    pub(crate) fn new(
        space: &'s mut Space<'v>,
        languages: &'s mut Languages,
        vocabulary: &'s Vocabulary<'v>,
    ) -> Self {
        Self {
            space,
            languages,
            vocabulary,
            choices: Choices::new(),
        }
    }

    /// Returns choices that fulfil a formula, or `None` if it is unsatisfiable.
    ///
    /// # Errors
    /// The part of the budget that ran out.
    pub(crate) fn run(mut self, formula: NodeId) -> Result<Option<Choices>, Undecided> {
        Ok(self.solve(formula)?.then_some(self.choices))
    }

    fn solve(&mut self, formula: NodeId) -> Result<bool, Undecided> {
        let Some(variable) = self.space.formulas.first(formula) else {
            return Ok(formula == NodeId::ALWAYS);
        };
        if self.space.formulas.is_refuted(formula) {
            return Ok(false);
        }
        if self.choices.len() >= MAX_CLAIMS {
            return Err(Undecided::Claims { limit: MAX_CLAIMS });
        }
        let mut branch = Branch::new(formula, variable, &self.space.formulas, &mut self.languages.meter)?;
        let found = self.solve_like_example(&mut branch)?
            || match variable {
                variable if self.vocabulary.fixed(variable).is_some() => false,
                Variable::Derivation(claim) => self.solve_derivation(&mut branch, claim)?,
                Variable::Equation(_) => self.try_each(&mut branch, &[EQUAL, UNEQUAL, NO_TEXT])?,
                Variable::External(_) => self.try_each(&mut branch, &[FAILS, HOLDS])?,
                Variable::Claim(claim) | Variable::Left(claim) => self.solve_claim(&mut branch, claim)?,
                Variable::Elements(claim) => self.solve_elements(&mut branch, claim)?,
                Variable::Open(number) => self.solve_open(&mut branch, number)?,
            };
        let meter = &mut self.languages.meter;
        branch.let_go(meter);
        // With other choices for the fixed variables, it may be satisfiable.
        if !found && !self.vocabulary.is_fixing() {
            self.space.formulas.refute(formula, meter)?;
        }
        Ok(found)
    }

    /// Tries the choice of the example, if the token should be similar to one.
    fn solve_like_example(&mut self, branch: &mut Branch) -> Result<bool, Undecided> {
        match (branch.variable, self.vocabulary.preferred(branch.variable)) {
            (
                Variable::Claim(_) | Variable::Derivation(_) | Variable::Equation(_) | Variable::Left(_),
                Some(Choice::Word(word)),
            ) => self.try_word(branch, &word),
            (Variable::Elements(_), Some(Choice::Elements(elements))) => self.try_list(branch, elements),
            _ => Ok(false),
        }
    }

    fn solve_derivation(&mut self, branch: &mut Branch, claim: ClaimId) -> Result<bool, Undecided> {
        let derivations = 0..self.vocabulary.derivations(claim);
        let words = derivations.map(|derivation| derivation.to_string().into_bytes());
        let null = self.vocabulary.is_nullable(claim).then_some(NULL);
        let marks = [ABSENT, ILL_TYPED].into_iter().chain(null).map(<[u8]>::to_vec);
        for word in words.chain(marks) {
            if self.try_word(branch, &word)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Tries some words, one after the other.
    fn try_each(&mut self, branch: &mut Branch, words: &[&[u8]]) -> Result<bool, Undecided> {
        for word in words {
            if self.try_word(branch, word)? {
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
            let null = self.vocabulary.is_nullable(claim).then_some(NULL);
            for word in [b"", ABSENT, ILL_TYPED].into_iter().chain(null) {
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
            || self.try_word(branch, ILL_TYPED)?
            || (self.vocabulary.is_nullable(claim) && self.try_word(branch, NULL)?))
    }

    /// Chooses a word, and decides the rest of the formula.
    fn try_word(&mut self, branch: &mut Branch, word: &[u8]) -> Result<bool, Undecided> {
        let accepts = |language| self.languages.dfa(language).accepts(word);
        let refused = |(atom, required): (&Atom, &bool)| match atom {
            Atom::Fits(variable, language) => *variable == branch.variable && accepts(*language) != *required,
            Atom::Differs(..) | Atom::Has(..) | Atom::Open(_) | Atom::Same(..) => false,
        };
        if branch.required.iter().any(refused) {
            return Ok(false);
        }
        let mut answers = HashMap::new();
        self.languages.meter.room_for(&mut answers, branch.own.len())?;
        for atom in &branch.own {
            let answer = match *atom {
                Atom::Fits(_, language) if self.languages.dfa(language).accepts(word) => NodeId::ALWAYS,
                Atom::Differs(_, equation) if !word.iter().any(|byte| is_mark(*byte)) => {
                    self.space.differs(equation, word, self.languages)?
                }
                Atom::Same(_, other) => {
                    let this = self.languages.words([word])?;
                    let atom = Atom::Fits(other, this);
                    self.space.formulas.is(atom, true, &mut self.languages.meter)?
                }
                Atom::Differs(..) | Atom::Fits(..) | Atom::Has(..) | Atom::Open(_) => NodeId::NEVER,
            };
            answers.insert(*atom, answer);
        }
        self.try_choice(branch, answers, Choice::Word(word.to_vec()))
    }

    /// Puts answers into the formula, and decides the rest of it.
    fn try_choice(
        &mut self,
        branch: &mut Branch,
        answers: HashMap<Atom, NodeId>,
        choice: Choice,
    ) -> Result<bool, Undecided> {
        let refused = |(atom, required): (&Atom, &bool)| {
            let refusal = if *required { NodeId::NEVER } else { NodeId::ALWAYS };
            answers.get(atom) == Some(&refusal)
        };
        let meter = &mut self.languages.meter;
        // A cheap test before the formula is rewritten.
        if branch.required.iter().any(refused) {
            meter.let_go(&answers);
            return Ok(false);
        }
        let mut memo = HashMap::new();
        let known = self.space.formulas.len();
        let rest =
            self.space
                .formulas
                .replace(branch.formula, branch.variable, &answers, &mut memo, meter)?;
        // A new formula costs as much as a state; a visited one less.
        meter.look(self.space.formulas.len().abs_diff(known))?;
        meter.look(memo.len().div_ceil(16))?;
        meter.let_go(&answers);
        meter.let_go(&memo);
        drop((answers, memo));
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
