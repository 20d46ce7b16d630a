//! Mutation of a policy set: small changes of its conditions, each of which a test or an assertion should notice.

mod arguments;
mod change;
mod mutant;
mod reduced;
#[cfg(test)]
mod tests;
mod trial;
mod widen;

use mutant::{Mutant, mutants};
use rayon::prelude::*;
use reduced::Items;
use rolecall::{Clock, SystemClock};
use rolecall_engine::ir::Test;
use rolecall_engine::{ParsedFile, PolicySet};
use std::time::Duration;
pub(crate) use trial::Fate;
use trial::Trial;

/// A mutant and its fate.
#[derive(Debug)]
pub(crate) struct Tried {
    pub(crate) mutant: Mutant,
    /// The text of the changed item before, and as the mutant has it, if the mutant is shown.
    pub(crate) texts: Option<[String; 2]>,
    pub(crate) fate: Fate,
}

/// Tries all mutants of a policy set, within a time if there is a limit, in the order of the text.
pub(crate) fn mutate(set: &PolicySet, tests: &[&Test], limit: Option<Duration>) -> Vec<Tried> {
    let end = limit.and_then(|limit| SystemClock.now().monotonic.checked_add(limit));
    let parsed = set.program().parsed_files(&[]);
    let trees = parsed.as_slice();
    let files: Vec<_> = trees.iter().map(|file: &ParsedFile| &file.parse().file).collect();
    let items = Items::new(set, trees);
    let trial = Trial::new(set, &items, tests, end);
    let tried = mutants(&files).into_par_iter().filter_map(|mutant| {
        let item = items.item(&mutant)?;
        let fate = trial.fate(&mutant)?;
        let is_shown = matches!(fate, Fate::NotDecided(_) | Fate::Survived(_));
        let texts = is_shown.then(|| mutant.texts(item));
        Some(Tried { mutant, texts, fate })
    });
    tried.collect()
}
