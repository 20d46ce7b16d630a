//! Languages of an analysis, each kept once.

use super::construction::{Construction, ScalarKey};
use super::id::LangId;
use super::literals::Literals;
use super::number::Numbers;
use super::preimage::Preimage;
use super::product::BinaryProduct;
use super::{domain, is_mark, pattern};
use crate::budget::Undecided;
use crate::dfa::{Classes, Dfa, Walk, build};
use crate::index::{index, number};
use crate::meter::{Collection, Meter, row, sum};
use hashbrown::HashMap;
use rolecall_engine::ir::Order;
use rolecall_engine::pattern::Pattern;
use rolecall_engine::{Filter, JsonForm, Scalar};
use std::sync::Arc;

/// The languages of an analysis, and how each was constructed.
#[derive(Debug)]
pub(crate) struct Languages {
    dfas: Vec<Arc<Dfa>>,
    ids: HashMap<Arc<Dfa>, LangId>,
    /// The result of each construction so far.
    known: HashMap<Construction, Result<LangId, Undecided>>,
    /// The bytes that the automata and constructions allocate.
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

    /// Drops all languages. Their ids must not be used any more.
    pub(crate) fn clear(&mut self) {
        *self = Self::new(self.meter.clone());
    }

    /// Returns the bytes of all languages.
    pub(crate) fn size(&self) -> usize {
        sum([self.dfas.size(), self.ids.size(), self.known.size(), self.kept])
    }

    /// Returns the automaton of a language.
    pub(crate) fn dfa(&self, id: LangId) -> Arc<Dfa> {
        let dfa = self.dfas.get(index(id.0));
        debug_assert!(dfa.is_some(), "the id is from before the languages were dropped");
        dfa.map_or_else(|| Arc::new(Dfa::none()), Arc::clone)
    }

    /// Returns the language of the values of a type.
    pub(crate) fn domain(&mut self, scalar: &Scalar) -> Result<LangId, Undecided> {
        let key = match scalar {
            Scalar::Bool(_) => ScalarKey::Bool,
            Scalar::Enum { values, open: false } => ScalarKey::Closed(values.to_vec()),
            Scalar::Id(JsonForm::Json) => ScalarKey::Natural,
            Scalar::Id(_) => ScalarKey::Id,
            Scalar::Int | Scalar::Time => ScalarKey::Number,
            Scalar::Path(kind) => ScalarKey::Path(*kind),
            Scalar::Ref => ScalarKey::Ref,
            _ => ScalarKey::Text,
        };
        self.make(Construction::Domain(key), |meter| domain::domain(scalar, meter))
    }

    /// Returns the language of the values that may stand in a grant; of a path also those with `/`.
    pub(crate) fn safe(&mut self, is_path: bool) -> Result<LangId, Undecided> {
        self.make(Construction::Safe(is_path), |meter| {
            build(&domain::safe(is_path), meter)
        })
    }

    /// Returns the language of all words of claims that can be compared.
    pub(crate) fn comparable(&mut self) -> Result<LangId, Undecided> {
        self.make(Construction::Comparable, |meter| build(&Comparable, meter))
    }

    /// Returns the language of these words.
    pub(crate) fn words<W: Into<Vec<u8>>>(
        &mut self,
        words: impl IntoIterator<Item = W>,
    ) -> Result<LangId, Undecided> {
        let left = self.meter.left();
        let mut kept = Vec::new();
        for word in words {
            let word: Vec<u8> = word.into();
            // A reference to each is in the sorted array.
            let sorted = row::<&[u8]>(1);
            self.meter.hold(sum([row::<u8>(word.capacity()), sorted]))?;
            self.meter.room(&mut kept)?;
            kept.push(word);
        }
        self.make_since(left, Construction::Words(kept), |construction, meter| {
            build(
                &Literals::new(construction.words().iter().map(Vec::as_slice)),
                meter,
            )
        })
    }

    /// Returns the language of the numbers in an order to a number.
    pub(crate) fn order(&mut self, order: Order, number: i64) -> Result<LangId, Undecided> {
        self.make(Construction::Order(order, number), |meter| {
            build(&Numbers::new(order, number), meter)
        })
    }

    /// Returns the language of a pattern.
    pub(crate) fn pattern(&mut self, pattern: &Pattern) -> Result<LangId, Undecided> {
        self.make(Construction::Pattern(pattern.clone()), |meter| {
            let nfa = match pattern {
                Pattern::Glob(glob) => pattern::glob(glob),
                Pattern::Like(wildcard) => pattern::like(wildcard),
                Pattern::Matches(regular) => return build(regular, meter),
                Pattern::Under(path) => pattern::under(path),
                // A kind of pattern that this analysis does not know.
                _ => return Err(Undecided::Automaton { limit: 0 }),
            };
            meter.hold(nfa.size())?;
            build(&nfa, meter)
        })
    }

    /// Returns the language of the comparable words that are not in a language.
    pub(crate) fn not(&mut self, id: LangId) -> Result<LangId, Undecided> {
        let dfa = self.dfa(id);
        let all = self.comparable()?;
        let all = self.dfa(all);
        self.make(Construction::Not(id), |meter| {
            build(&BinaryProduct(&all, &dfa, |all, dfa| all && !dfa), meter)
        })
    }

    /// Returns the language of the words of both languages.
    pub(crate) fn both(&mut self, left: LangId, right: LangId) -> Result<LangId, Undecided> {
        let (first, second) = (self.dfa(left), self.dfa(right));
        self.make(Construction::Both(left.min(right), left.max(right)), |meter| {
            build(
                &BinaryProduct(&first, &second, |first, second| first && second),
                meter,
            )
        })
    }

    /// Returns the language of the values that lead the automaton of a language from a state to one of some
    /// others, after a filter.
    pub(crate) fn preimage(
        &mut self,
        id: LangId,
        from: u32,
        to: &[u32],
        filter: Option<Filter>,
    ) -> Result<LangId, Undecided> {
        let dfa = self.dfa(id);
        self.make(Construction::Preimage(id, from, to.to_vec(), filter), |meter| {
            let dfa = &dfa;
            build(
                &Preimage {
                    dfa,
                    from,
                    to,
                    filter,
                },
                meter,
            )
        })
    }

    /// Returns the language of a construction, which is built if it is not known.
    fn make(
        &mut self,
        construction: Construction,
        build: impl FnOnce(&mut Meter) -> Result<Dfa, Undecided>,
    ) -> Result<LangId, Undecided> {
        let left = self.meter.left();
        self.meter.hold(construction.size())?;
        self.make_since(left, construction, |_, meter| build(meter))
    }

    /// Returns the language of a construction. Of the bytes that were charged since `left` were left, only
    /// those that are kept stay charged.
    fn make_since(
        &mut self,
        left: usize,
        construction: Construction,
        build: impl FnOnce(&Construction, &mut Meter) -> Result<Dfa, Undecided>,
    ) -> Result<LangId, Undecided> {
        if let Some(known) = self.known.get(&construction) {
            self.meter.restore(left);
            return known.clone();
        }
        let built = build(&construction, &mut self.meter);
        self.meter.restore(left);
        // The budget of the next question may be enough.
        if let Err(reason @ (Undecided::Bytes { .. } | Undecided::States { .. })) = built {
            return Err(reason);
        }
        let size = construction.size();
        self.meter.hold(size)?;
        self.kept = sum([self.kept, size]);
        self.meter.room(&mut self.known)?;
        let result = match built {
            Ok(dfa) => Ok(self.intern(dfa)?),
            Err(reason) => Err(reason),
        };
        self.known.insert(construction, result.clone());
        result
    }

    /// Returns the id of the language of an automaton.
    fn intern(&mut self, dfa: Dfa) -> Result<LangId, Undecided> {
        let dfa = Arc::new(dfa);
        if let Some(known) = self.ids.get(&dfa) {
            return Ok(*known);
        }
        let size = dfa.size();
        self.meter.hold(size)?;
        self.kept = sum([self.kept, size]);
        self.meter.room(&mut self.ids)?;
        self.meter.room(&mut self.dfas)?;
        let id = LangId(number(self.dfas.len()));
        self.dfas.push(Arc::clone(&dfa));
        self.ids.insert(dfa, id);
        Ok(id)
    }
}

/// Reader of the words without a mark.
struct Comparable;

impl Walk for Comparable {
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
