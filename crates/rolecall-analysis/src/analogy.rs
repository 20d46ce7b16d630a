//! Analogies: tokens for questions that differ from an earlier one only in names.
//!
//! Roles are alike: thousands of them compare the same claims with different projects. The token of an earlier
//! question, with the names of the new question instead of its own, is almost always a token for the new one. It
//! costs a tenth of a search. Like every token, it is returned only after the reference evaluation and the matcher
//! have confirmed it; if they do not, the search runs. An analogy never proves that no token exists.

mod shape;
mod words;

pub(crate) use shape::Shape;

use crate::formula::Choices;
use crate::meter::sum;
use crate::query::Query;
use crate::variable::{Choice, Variable};
use hashbrown::{DefaultHashBuilder, HashMap};
use rolecall_engine::{IssuerId, PolicySet};
use words::Template;

/// The most tokens that are kept.
const MAX_KNOWN: usize = 1024;

/// The tokens of earlier questions, with their names left out.
#[derive(Debug, Default)]
pub(crate) struct Analogies {
    hashes: DefaultHashBuilder,
    /// The choices by the hash of the shape. If two shapes have the same hash, the engine refuses the wrong token.
    known: HashMap<u64, Vec<(Variable, Analogous)>>,
    /// The bytes that the choices allocate.
    size: usize,
}

/// A choice with its names left out.
#[derive(Debug)]
enum Analogous {
    Elements(Vec<Template>),
    Word(Template),
}

impl Analogies {
    /// Returns the size in bytes.
    pub(crate) fn size(&self) -> usize {
        sum([self.known.allocation_size(), self.size])
    }

    /// Returns the shape of a question about tokens of an issuer.
    pub(crate) fn shape<'q>(&self, set: &'q PolicySet, issuer: IssuerId, query: &'q Query<'_>) -> Shape<'q> {
        Shape::new(&self.hashes, set, issuer, query)
    }

    /// Returns the choices of the token of an earlier question with the same shape, with the names of this one.
    pub(crate) fn choices(&self, shape: &Shape<'_>) -> Option<Choices> {
        let known = self.known.get(&shape.hash())?;
        let choices = known.iter().map(|(variable, choice)| {
            let choice = match choice {
                Analogous::Elements(words) => {
                    let words = words.iter().map(|word| word.with(shape.names()));
                    Choice::Elements(words.collect::<Option<_>>()?)
                }
                Analogous::Word(word) => Choice::Word(word.with(shape.names())?),
            };
            Some((*variable, choice))
        });
        choices.collect()
    }

    /// Keeps the choices of the token of a question.
    pub(crate) fn learn(&mut self, shape: &Shape<'_>, choices: &Choices) {
        if self.known.len() >= MAX_KNOWN {
            (self.known, self.size) = (HashMap::new(), 0);
        }
        let names = shape.names();
        let choices = choices.iter().map(|(variable, choice)| {
            let choice = match choice {
                Choice::Elements(words) => {
                    let words = words.iter().map(|word| Template::new(word, names));
                    Analogous::Elements(words.collect())
                }
                Choice::Word(word) => Analogous::Word(Template::new(word, names)),
            };
            (*variable, choice)
        });
        let choices: Vec<(Variable, Analogous)> = choices.collect();
        let words = choices.iter().flat_map(|(_, choice)| match choice {
            Analogous::Elements(words) => words.as_slice(),
            Analogous::Word(word) => std::slice::from_ref(word),
        });
        let size = words.map(Template::size).chain([size_of_val(choices.as_slice())]);
        self.size = sum(size.chain([self.size]));
        self.known.insert(shape.hash(), choices);
    }
}
