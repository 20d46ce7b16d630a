//! All languages of an analysis, each once.

use super::filtered::Filtered;
use super::literals::Words;
use super::number::Numbers;
use super::recipe::{Recipe, ScalarKey};
use super::{domain, is_mark, pattern};
use crate::budget::Undecided;
use crate::dfa::{Classes, Dfa, Walk, build};
use crate::meter::{Collection, Meter, row};
use hashbrown::HashMap;
use rolecall_engine::ir::Order;
use rolecall_engine::pattern::Pattern;
use rolecall_engine::{Filter, Scalar};
use std::sync::Arc;

/// A language: equal ones have equal ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct LangId(u32);

/// All languages of an analysis, and how they were come by.
#[derive(Debug)]
pub(crate) struct Languages {
    dfas: Vec<Arc<Dfa>>,
    ids: HashMap<Arc<Dfa>, LangId>,
    /// What was asked for before.
    known: HashMap<Recipe, Result<LangId, Undecided>>,
    /// The bytes that all that takes.
    kept: usize,
    pub(crate) meter: Meter,
}

impl Languages {
    pub(crate) fn new(meter: Meter) -> Self {
        Self {
            dfas: Vec::new(),
            ids: HashMap::new(),
            known: HashMap::new(),
            kept: 0,
            meter,
        }
    }

    /// Forgets all languages: no id of one may be used any more.
    pub(crate) fn clear(&mut self) {
        *self = Self::new(self.meter.clone());
    }

    /// The bytes that the languages take that are known.
    pub(crate) fn size(&self) -> usize {
        let collections = [self.dfas.size(), self.ids.size(), self.known.size()];
        collections.into_iter().fold(self.kept, usize::saturating_add)
    }

    /// The automaton of a language.
    pub(crate) fn dfa(&self, id: LangId) -> Arc<Dfa> {
        let index = crate::dfa::index(id.0);
        // Ids are handed out here alone, so there is always one.
        self.dfas
            .get(index)
            .map_or_else(|| Arc::new(Dfa::none()), Arc::clone)
    }

    /// The values of a type.
    pub(crate) fn domain(&mut self, scalar: &Scalar) -> Result<LangId, Undecided> {
        let key = match scalar {
            Scalar::Bool => ScalarKey::Bool,
            Scalar::Enum { values, open: false } => ScalarKey::Closed(values.to_vec()),
            Scalar::Id => ScalarKey::Id,
            Scalar::Int | Scalar::Time => ScalarKey::Number,
            Scalar::Path => ScalarKey::Path,
            Scalar::Ref => ScalarKey::Ref,
            _ => ScalarKey::Text,
        };
        self.make(Recipe::Domain(key), |_, meter| domain::domain(scalar, meter))
    }

    /// Every text: all words of claims that can be compared.
    pub(crate) fn typed(&mut self) -> Result<LangId, Undecided> {
        self.make(Recipe::Typed, |_, meter| build(&Typed, meter))
    }

    /// Some words.
    pub(crate) fn words<W: Into<Vec<u8>>>(
        &mut self,
        words: impl IntoIterator<Item = W>,
    ) -> Result<LangId, Undecided> {
        let left = self.meter.left();
        let mut kept = Vec::new();
        for word in words {
            let word: Vec<u8> = word.into();
            // Each is there once more in a row of those that are sorted.
            let sorted = row::<&[u8]>(1);
            self.meter
                .hold(row::<u8>(word.capacity()).saturating_add(sorted))?;
            self.meter.room(&mut kept)?;
            kept.push(word);
        }
        let recipe = Recipe::Words(kept);
        self.make_since(left, recipe, |recipe, meter| match recipe {
            Recipe::Words(words) => build(&Words::new(words.iter().map(Vec::as_slice)), meter),
            _ => Ok(Dfa::none()),
        })
    }

    /// The numbers that stand in an order to a number.
    pub(crate) fn order(&mut self, order: Order, number: i64) -> Result<LangId, Undecided> {
        self.make(Recipe::Order(order, number), |_, meter| {
            build(&Numbers::new(order, number), meter)
        })
    }

    /// What a pattern accepts.
    pub(crate) fn pattern(&mut self, pattern: &Pattern) -> Result<LangId, Undecided> {
        self.make(Recipe::Pattern(pattern.clone()), |_, meter| {
            let nfa = match pattern {
                Pattern::Glob(glob) => pattern::glob(glob),
                Pattern::Like(wildcard) => pattern::like(wildcard),
                Pattern::Matches(regular) => return build(regular, meter),
                Pattern::Under(path) => pattern::under(path),
                // A pattern that is newer than this.
                _ => return Err(Undecided::Automaton { limit: 0 }),
            };
            meter.hold(nfa.size())?;
            build(&nfa, meter)
        })
    }

    /// All texts but those of a language.
    pub(crate) fn not(&mut self, id: LangId) -> Result<LangId, Undecided> {
        let dfa = self.dfa(id);
        let typed = self.typed()?;
        let typed = self.dfa(typed);
        self.make(Recipe::Not(id), |_, meter| {
            build(&Combined(&typed, &dfa, |typed, dfa| typed && !dfa), meter)
        })
    }

    /// What is in both languages.
    pub(crate) fn both(&mut self, left: LangId, right: LangId) -> Result<LangId, Undecided> {
        let (first, second) = (self.dfa(left), self.dfa(right));
        self.make(Recipe::Both(left.min(right), left.max(right)), |_, meter| {
            build(&Combined(&first, &second, |first, second| first && second), meter)
        })
    }

    /// What leads the automaton of a language from a state to one of some others, after a filter.
    pub(crate) fn filtered(
        &mut self,
        id: LangId,
        from: u32,
        to: &[u32],
        filter: Option<Filter>,
    ) -> Result<LangId, Undecided> {
        let name = filter.and_then(|filter| {
            let place = Filter::ALL.iter().position(|(_, known)| *known == filter);
            place.and_then(|place| u8::try_from(place).ok())
        });
        let dfa = self.dfa(id);
        self.make(Recipe::Filtered(id, from, to.to_vec(), name), |_, meter| {
            let dfa = &dfa;
            build(
                &Filtered {
                    dfa,
                    from,
                    to,
                    filter,
                },
                meter,
            )
        })
    }

    fn make(
        &mut self,
        recipe: Recipe,
        build: impl FnOnce(&Recipe, &mut Meter) -> Result<Dfa, Undecided>,
    ) -> Result<LangId, Undecided> {
        let left = self.meter.left();
        self.meter.hold(recipe.size())?;
        self.make_since(left, recipe, build)
    }

    /// Makes a language for which something was paid since so many bytes were left. In the end only what is kept is paid for.
    fn make_since(
        &mut self,
        left: usize,
        recipe: Recipe,
        build: impl FnOnce(&Recipe, &mut Meter) -> Result<Dfa, Undecided>,
    ) -> Result<LangId, Undecided> {
        if let Some(known) = self.known.get(&recipe) {
            self.meter.restore(left);
            return known.clone();
        }
        let made = build(&recipe, &mut self.meter);
        self.meter.restore(left);
        // What only this question could not afford may be affordable to the next one.
        if let Err(reason @ (Undecided::Bytes { .. } | Undecided::States { .. })) = made {
            return Err(reason);
        }
        let size = recipe.size();
        self.meter.hold(size)?;
        self.kept = self.kept.saturating_add(size);
        self.meter.room(&mut self.known)?;
        let made = match made {
            Ok(dfa) => Ok(self.intern(dfa)?),
            Err(reason) => Err(reason),
        };
        self.known.insert(recipe, made.clone());
        made
    }

    fn intern(&mut self, dfa: Dfa) -> Result<LangId, Undecided> {
        let dfa = Arc::new(dfa);
        if let Some(known) = self.ids.get(&dfa) {
            return Ok(*known);
        }
        let size = dfa.size();
        self.meter.hold(size)?;
        self.kept = self.kept.saturating_add(size);
        self.meter.room(&mut self.ids)?;
        self.meter.room(&mut self.dfas)?;
        let id = LangId(crate::dfa::number(self.dfas.len()));
        self.dfas.push(Arc::clone(&dfa));
        self.ids.insert(dfa, id);
        Ok(id)
    }
}

/// Every word without a mark.
pub(super) struct Typed;

impl Walk for Typed {
    type State = bool;

    fn start(&self) -> bool {
        true
    }

    fn step(&self, state: &bool, byte: u8) -> bool {
        *state && !is_mark(byte)
    }

    fn may_end(&self, state: &bool) -> bool {
        *state
    }

    fn classes(&self) -> Classes {
        Classes::by(is_mark)
    }
}

/// Two automata side by side, and what their answers come to.
pub(super) struct Combined<'a>(
    pub(super) &'a Dfa,
    pub(super) &'a Dfa,
    pub(super) fn(bool, bool) -> bool,
);

impl Walk for Combined<'_> {
    type State = (u32, u32);

    fn start(&self) -> (u32, u32) {
        (0, 0)
    }

    fn step(&self, (left, right): &(u32, u32), byte: u8) -> (u32, u32) {
        (self.0.step(*left, byte), self.1.step(*right, byte))
    }

    fn may_end(&self, (left, right): &(u32, u32)) -> bool {
        (self.2)(self.0.may_end(*left), self.1.may_end(*right))
    }

    fn classes(&self) -> Classes {
        Classes::of_all([self.0, self.1])
    }
}
