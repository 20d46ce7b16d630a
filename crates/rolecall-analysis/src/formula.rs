//! Formulas in which equal parts are one: `&&`, `||`, and atoms that hold or do not.

mod look;
mod rewrite;

use crate::budget::Undecided;
use crate::dfa::{index, number};
use crate::meter::{Collection, Meter, row};
use crate::variable::{Atom, Choice, Variable};
use hashbrown::{DefaultHashBuilder, HashMap, HashSet, HashTable};
use std::hash::BuildHasher;

/// A formula: equal ones have equal ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NodeId(u32);

impl NodeId {
    /// What no token fulfils.
    pub(crate) const NEVER: Self = Self(0);
    /// What every token fulfils.
    pub(crate) const ALWAYS: Self = Self(1);

    fn constant(value: bool) -> Self {
        if value { Self::ALWAYS } else { Self::NEVER }
    }
}

/// What a formula is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Node {
    /// Each holds; two or more, in order, each once.
    All(Box<[NodeId]>),
    /// One holds; two or more, in order, each once.
    Any(Box<[NodeId]>),
    /// Whether it always holds.
    Constant(bool),
    /// The atom holds, or does not.
    Is(Atom, bool),
}

impl Node {
    /// What it is made of.
    fn parts(&self) -> &[NodeId] {
        match self {
            Self::All(parts) | Self::Any(parts) => parts,
            Self::Constant(_) | Self::Is(..) => &[],
        }
    }
}

/// All formulas of a question.
#[derive(Debug)]
pub(crate) struct Formulas {
    nodes: Vec<Node>,
    /// The variable of each that is decided first.
    firsts: Vec<Option<Variable>>,
    /// Each by its hash.
    ids: HashTable<NodeId>,
    hashes: DefaultHashBuilder,
    /// The bytes of what formulas are made of.
    parts: usize,
    negations: HashMap<NodeId, NodeId>,
    /// What was found to be fulfilled by nothing.
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

    /// The bytes that they take.
    pub(crate) fn size(&self) -> usize {
        let collections = [
            self.nodes.size(),
            self.firsts.size(),
            self.ids.allocation_size(),
            self.negations.size(),
            self.refuted.size(),
        ];
        collections.into_iter().fold(self.parts, usize::saturating_add)
    }

    /// How many formulas there are.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// What a formula is.
    pub(crate) fn node(&self, id: NodeId) -> &Node {
        let node = self.nodes.get(index(id.0));
        node.unwrap_or(&Node::Constant(false))
    }

    /// The variable of a formula that is decided first, if it has one.
    pub(crate) fn first(&self, id: NodeId) -> Option<Variable> {
        self.firsts.get(index(id.0)).copied().flatten()
    }

    /// Whether it was found that nothing fulfils a formula.
    pub(crate) fn is_refuted(&self, id: NodeId) -> bool {
        self.refuted.contains(&id)
    }

    /// Remembers that nothing fulfils a formula.
    pub(crate) fn refute(&mut self, id: NodeId, meter: &mut Meter) -> Result<(), Undecided> {
        meter.room(&mut self.refuted)?;
        self.refuted.insert(id);
        Ok(())
    }

    /// The atom holds, or does not.
    pub(crate) fn is(&mut self, atom: Atom, holds: bool, meter: &mut Meter) -> Result<NodeId, Undecided> {
        self.intern(Node::Is(atom, holds), meter)
    }

    /// Each holds.
    pub(crate) fn all(
        &mut self,
        parts: impl IntoIterator<Item = NodeId>,
        meter: &mut Meter,
    ) -> Result<NodeId, Undecided> {
        self.join(parts, true, meter)
    }

    /// One holds.
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
        // What says nothing, and what says everything.
        let (neutral, final_word) = (NodeId::constant(all), NodeId::constant(!all));
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
        let joined = if flat.contains(&final_word) || self.has_opposites(&flat) {
            final_word
        } else {
            flat.retain(|part| *part != neutral);
            match flat.as_slice() {
                [] => neutral,
                [one] => *one,
                several => {
                    // What is interned has a row of its own.
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

    /// Whether an atom and its opposite are among some formulas, which are in order.
    fn has_opposites(&self, formulas: &[NodeId]) -> bool {
        let mut formulas_with_atoms = formulas.iter().filter_map(|part| match self.node(*part) {
            Node::Is(atom, holds) => self.find(&Node::Is(*atom, !holds)),
            Node::All(_) | Node::Any(_) | Node::Constant(_) => None,
        });
        formulas_with_atoms.any(|opposite| formulas.binary_search(&opposite).is_ok())
    }

    /// The opposite.
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

    /// Joins some formulas, of which the row was paid for.
    fn joined(&mut self, parts: Vec<NodeId>, all: bool, meter: &mut Meter) -> Result<NodeId, Undecided> {
        let size = parts.size();
        let joined = self.join(parts, all, meter)?;
        meter.release(size);
        Ok(joined)
    }

    /// A part of a formula.
    fn part(&self, id: NodeId, at: usize) -> NodeId {
        self.node(id).parts().get(at).copied().unwrap_or(NodeId::NEVER)
    }

    /// The formula that is this, if there is one.
    fn find(&self, node: &Node) -> Option<NodeId> {
        let hash = self.hashes.hash_one(Some(node));
        self.ids.find(hash, |known| self.node(*known) == node).copied()
    }

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
        self.parts = self.parts.saturating_add(size);
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

/// What was found out of formulas so far.
pub(crate) type Done<T> = HashMap<NodeId, T>;

/// What was chosen for each variable.
pub(crate) type Choices = std::collections::BTreeMap<Variable, Choice>;
