//! Search for the word of one claim.

use super::Search;
use super::branch::Branch;
use super::product::{Example, Product};
use crate::budget::Undecided;
use crate::dfa::Dfa;
use crate::language::LangId;
use crate::meter::{row, sum};
use crate::variable::{Atom, Choice, Variable};
use hashbrown::HashSet;
use std::sync::Arc;

impl Search<'_, '_> {
    /// Tries one word for each combination of answers that the words of a type have.
    ///
    /// If the formula compares the variable with others, the questions about all of these variables and their
    /// types are asked. Words with the same answers to all of them can replace each other for any of the
    /// variables.
    pub(super) fn solve_words(&mut self, branch: &mut Branch, domain: &Arc<Dfa>) -> Result<bool, Undecided> {
        let equals = branch.equals();
        let asked = branch.atoms.iter().filter_map(|atom| match atom {
            Atom::Fits(variable, language) if equals.contains(variable) => Some(*language),
            _ => None,
        });
        let mut asked: Vec<LangId> = asked.collect();
        // A fixed word is not replaced by one with the same answers: whether a word is this one is a question, too.
        for other in equals.iter().skip(1) {
            if let Some(Choice::Word(word)) = self.vocabulary.fixed(*other) {
                asked.push(self.languages.words([word])?);
            }
        }
        let mut product = Product::default();
        product.add(Arc::clone(domain), Some(true));
        for language in distinct(asked) {
            let required = branch.required(Atom::Fits(branch.variable, language));
            product.add(self.languages.dfa(language), required);
        }
        // An equal word must also be a value of the other variable's type.
        for other in equals.iter().skip(1) {
            if let Variable::Claim(claim) = other {
                let domain = self.vocabulary.domain(*claim, self.languages)?;
                product.add(self.languages.dfa(domain), None);
            }
        }
        let mut first = Vec::new();
        if self.try_words(branch, product.clone(), &mut first)? {
            return Ok(true);
        }
        // An equation that must not hold may fail with one word, and not with another one that has the same
        // answers. Two are enough, because the template has one text.
        if branch.own.iter().any(|atom| matches!(atom, Atom::Differs(..))) {
            let known = self.languages.words(first)?;
            product.add(self.languages.dfa(known), Some(false));
            return self.try_words(branch, product, &mut Vec::new());
        }
        Ok(false)
    }

    /// Tries one word for each combination of the answers of a product.
    fn try_words(
        &mut self,
        branch: &mut Branch,
        product: Product,
        tried: &mut Vec<Vec<u8>>,
    ) -> Result<bool, Undecided> {
        let mut words = product.words(&mut self.languages.meter)?;
        let mut seen = HashSet::new();
        let mut rows = 0;
        while let Some(Example { word, others }) = words.next(&mut self.languages.meter)? {
            if seen.contains(&others) {
                continue;
            }
            let meter = &mut self.languages.meter;
            let row = sum([row::<u32>(others.capacity()), row::<u8>(word.capacity())]);
            meter.hold(row)?;
            meter.room(&mut seen)?;
            rows = sum([rows, row]);
            seen.insert(others);
            if self.try_word(branch, &word)? {
                return Ok(true);
            }
            tried.push(word);
        }
        words.let_go(&mut self.languages.meter);
        self.languages.meter.let_go(&seen);
        self.languages.meter.release(rows);
        Ok(false)
    }
}

/// Returns the languages sorted and distinct.
fn distinct(languages: impl IntoIterator<Item = LangId>) -> Vec<LangId> {
    let mut ids: Vec<LangId> = languages.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
