//! Formulas of `&&`, `||` and literals, in which equal parts are shared.

mod inspect;
mod node;
mod rewrite;

pub(crate) use node::{Node, NodeId};

use crate::budget::Undecided;
use crate::index::{index, number};
use crate::meter::{Collection, Meter, row, sum};
use crate::variable::{Atom, Choice, Variable};
use hashbrown::{DefaultHashBuilder, HashMap, HashSet, HashTable};
use std::hash::BuildHasher;

/// The formulas about the tokens of one issuer.
#[derive(Debug)]
pub(crate) struct Formulas {
    nodes: Vec<Node>,
    /// The variable of each formula that is decided first.
    firsts: Vec<Option<Variable>>,
    /// The id of each formula, by its hash.
    ids: HashTable<NodeId>,
    hashes: DefaultHashBuilder,
    /// The bytes that the formulas allocate.
    parts: usize,
    negations: HashMap<NodeId, NodeId>,
    /// The formulas that were found to be unsatisfiable.
    refuted: HashSet<NodeId>,
}

impl Formulas {
    pub(crate) fn new() -> Self {
        Self {
            nodes: vec![Node::Constant(false), Node::Constant(true)],
            firsts: vec![None, None],
            ids: HashTable::new(),
            hashes: DefaultHashBuilder::default(),
            parts: 0,
            negations: HashMap::new(),
            refuted: HashSet::new(),
        }
    }

    /// Returns the size in bytes.
    pub(crate) fn size(&self) -> usize {
        sum([
            self.nodes.size(),
            self.firsts.size(),
            self.ids.allocation_size(),
            self.negations.size(),
            self.refuted.size(),
            self.parts,
        ])
    }

    /// Returns the number of formulas.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Returns the outermost connective of a formula.
    pub(crate) fn node(&self, id: NodeId) -> &Node {
        let node = self.nodes.get(index(id.0));
        debug_assert!(node.is_some(), "the id is from other formulas");
        node.unwrap_or(&Node::Constant(false))
    }

    /// Returns the variable of a formula that is decided first, if it has one.
    pub(crate) fn first(&self, id: NodeId) -> Option<Variable> {
        self.firsts.get(index(id.0)).copied().flatten()
    }

    /// Returns whether a formula was found to be unsatisfiable.
    pub(crate) fn is_refuted(&self, id: NodeId) -> bool {
        self.refuted.contains(&id)
    }

    /// Records that a formula is unsatisfiable.
    pub(crate) fn refute(&mut self, id: NodeId, meter: &mut Meter) -> Result<(), Undecided> {
        meter.room(&mut self.refuted)?;
        self.refuted.insert(id);
        Ok(())
    }

    /// Returns a literal: the atom holds, or does not.
    pub(crate) fn is(&mut self, atom: Atom, holds: bool, meter: &mut Meter) -> Result<NodeId, Undecided> {
        self.intern(Node::Is(atom, holds), meter)
    }

    /// Returns the conjunction of some formulas.
    pub(crate) fn all(
        &mut self,
        parts: impl IntoIterator<Item = NodeId>,
        meter: &mut Meter,
    ) -> Result<NodeId, Undecided> {
        self.join(parts, true, meter)
    }

    /// Returns the disjunction of some formulas.
    pub(crate) fn any(
        &mut self,
        parts: impl IntoIterator<Item = NodeId>,
        meter: &mut Meter,
    ) -> Result<NodeId, Undecided> {
        self.join(parts, false, meter)
    }

    fn join(
        &mut self,
        parts: impl IntoIterator<Item = NodeId>,
        all: bool,
        meter: &mut Meter,
    ) -> Result<NodeId, Undecided> {
        // The identity and the absorbing element of the connective.
        let (identity, absorbing) = (NodeId::constant(all), NodeId::constant(!all));
        let mut flat = Vec::new();
        for part in parts {
            let inner = match self.node(part) {
                Node::All(inner) if all => inner,
                Node::Any(inner) if !all => inner,
                _ => &[part][..],
            };
            meter.room_for(&mut flat, inner.len())?;
            flat.extend_from_slice(inner);
        }
        flat.sort_unstable();
        flat.dedup();
        let joined = if flat.contains(&absorbing) || self.has_opposites(&flat) {
            absorbing
        } else {
            flat.retain(|part| *part != identity);
            match flat.as_slice() {
                [] => identity,
                [one] => *one,
                several => {
                    // An interned formula has its own allocation.
                    meter.hold(row::<NodeId>(several.len()))?;
                    let own: Box<[NodeId]> = several.into();
                    let node = if all { Node::All(own) } else { Node::Any(own) };
                    meter.release(row::<NodeId>(several.len()));
                    self.intern(node, meter)?
                }
            }
        };
        meter.let_go(&flat);
        Ok(joined)
    }

    /// Returns whether a literal and its opposite are among some formulas, which are sorted.
    fn has_opposites(&self, formulas: &[NodeId]) -> bool {
        let mut opposites = formulas.iter().filter_map(|part| match self.node(*part) {
            Node::Is(atom, holds) => self.find(&Node::Is(*atom, !holds)),
            Node::All(_) | Node::Any(_) | Node::Constant(_) => None,
        });
        opposites.any(|opposite| formulas.binary_search(&opposite).is_ok())
    }

    /// Returns the negation of a formula.
    pub(crate) fn not(&mut self, id: NodeId, meter: &mut Meter) -> Result<NodeId, Undecided> {
        if let Some(known) = self.negations.get(&id) {
            return Ok(*known);
        }
        let negated = match self.node(id) {
            Node::Constant(value) => NodeId::constant(!value),
            Node::Is(atom, holds) => {
                let (atom, holds) = (*atom, *holds);
                self.is(atom, !holds, meter)?
            }
            Node::All(_) | Node::Any(_) => {
                let all = matches!(self.node(id), Node::All(_));
                let mut negated = Vec::new();
                for at in 0..self.node(id).parts().len() {
                    let part = self.not(self.part(id, at), meter)?;
                    meter.room(&mut negated)?;
                    negated.push(part);
                }
                self.joined(negated, !all, meter)?
            }
        };
        meter.room_for(&mut self.negations, 2)?;
        self.negations.insert(id, negated);
        self.negations.insert(negated, id);
        Ok(negated)
    }

    /// Joins some formulas whose allocation was charged, and gives it back.
    fn joined(&mut self, parts: Vec<NodeId>, all: bool, meter: &mut Meter) -> Result<NodeId, Undecided> {
        let size = parts.size();
        let joined = self.join(parts, all, meter)?;
        meter.release(size);
        Ok(joined)
    }

    /// Returns a part of a formula by its index.
    fn part(&self, id: NodeId, at: usize) -> NodeId {
        let part = self.node(id).parts().get(at).copied();
        debug_assert!(part.is_some(), "the formula has a part {at}");
        part.unwrap_or(NodeId::NEVER)
    }

    /// Returns the id of a formula, if it is known.
    fn find(&self, node: &Node) -> Option<NodeId> {
        let hash = self.hashes.hash_one(Some(node));
        self.ids.find(hash, |known| self.node(*known) == node).copied()
    }

    /// Returns the id of a formula, which is added if it is not known.
    fn intern(&mut self, node: Node, meter: &mut Meter) -> Result<NodeId, Undecided> {
        if let Some(known) = self.find(&node) {
            return Ok(known);
        }
        let first = match &node {
            Node::All(parts) | Node::Any(parts) => parts.iter().filter_map(|part| self.first(*part)).min(),
            Node::Constant(_) => None,
            Node::Is(atom, _) => Some(atom.variable()),
        };
        let size = row::<NodeId>(node.parts().len());
        meter.hold(size)?;
        self.parts = sum([self.parts, size]);
        meter.room(&mut self.nodes)?;
        meter.room(&mut self.firsts)?;
        let (nodes, hashes) = (&self.nodes, &self.hashes);
        let hash_of = |known: &NodeId| hashes.hash_one(nodes.get(index(known.0)));
        meter.room_in(&mut self.ids, hash_of)?;
        let id = NodeId(number(nodes.len()));
        self.ids.insert_unique(hashes.hash_one(Some(&node)), id, hash_of);
        self.nodes.push(node);
        self.firsts.push(first);
        Ok(id)
    }
}

/// Results for formulas that were visited before.
pub(crate) type Memo<T> = HashMap<NodeId, T>;

/// The choice for each variable.
pub(crate) type Choices = std::collections::BTreeMap<Variable, Choice>;
