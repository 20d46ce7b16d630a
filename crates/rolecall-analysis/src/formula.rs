//! Formulas in which equal parts are one: `&&`, `||`, and atoms that hold or do not.

use crate::variable::{Atom, Choice, Variable};
use hashbrown::{HashMap, HashSet};

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
    ids: HashMap<Node, NodeId>,
    negations: HashMap<NodeId, NodeId>,
    /// What was found to be fulfilled by nothing.
    refuted: HashSet<NodeId>,
}

impl Formulas {
    pub(crate) fn new() -> Self {
        Self {
            nodes: vec![Node::Constant(false), Node::Constant(true)],
            firsts: vec![None, None],
            ids: HashMap::new(),
            negations: HashMap::new(),
            refuted: HashSet::new(),
        }
    }

    /// How many formulas there are.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// What a formula is.
    pub(crate) fn node(&self, id: NodeId) -> &Node {
        let node = self.nodes.get(crate::dfa::index(id.0));
        node.unwrap_or(&Node::Constant(false))
    }

    /// The variable of a formula that is decided first, if it has one.
    pub(crate) fn first(&self, id: NodeId) -> Option<Variable> {
        self.firsts.get(crate::dfa::index(id.0)).copied().flatten()
    }

    /// Whether it was found that nothing fulfils a formula.
    pub(crate) fn is_refuted(&self, id: NodeId) -> bool {
        self.refuted.contains(&id)
    }

    /// Remembers that nothing fulfils a formula.
    pub(crate) fn refute(&mut self, id: NodeId) {
        self.refuted.insert(id);
    }

    /// The atom holds, or does not.
    pub(crate) fn is(&mut self, atom: Atom, holds: bool) -> NodeId {
        self.intern(Node::Is(atom, holds))
    }

    /// Each holds.
    pub(crate) fn all(&mut self, parts: impl IntoIterator<Item = NodeId>) -> NodeId {
        self.join(parts, true)
    }

    /// One holds.
    pub(crate) fn any(&mut self, parts: impl IntoIterator<Item = NodeId>) -> NodeId {
        self.join(parts, false)
    }

    fn join(&mut self, parts: impl IntoIterator<Item = NodeId>, all: bool) -> NodeId {
        // What says nothing, and what says everything.
        let (neutral, final_word) = (NodeId::constant(all), NodeId::constant(!all));
        let mut flat = Vec::new();
        for part in parts {
            match self.node(part) {
                Node::All(inner) if all => flat.extend_from_slice(inner),
                Node::Any(inner) if !all => flat.extend_from_slice(inner),
                _ => flat.push(part),
            }
        }
        if flat.contains(&final_word) {
            return final_word;
        }
        flat.sort_unstable();
        flat.dedup();
        flat.retain(|part| *part != neutral);
        for part in &flat {
            if let Node::Is(atom, holds) = self.node(*part)
                && let Some(opposite) = self.ids.get(&Node::Is(*atom, !holds))
                && flat.binary_search(opposite).is_ok()
            {
                return final_word;
            }
        }
        match flat.as_slice() {
            [] => neutral,
            [one] => *one,
            _ if all => self.intern(Node::All(flat.into())),
            _ => self.intern(Node::Any(flat.into())),
        }
    }

    /// The opposite.
    pub(crate) fn not(&mut self, id: NodeId) -> NodeId {
        if let Some(known) = self.negations.get(&id) {
            return *known;
        }
        let negated = match self.node(id).clone() {
            Node::Constant(value) => NodeId::constant(!value),
            Node::Is(atom, holds) => self.is(atom, !holds),
            node @ (Node::All(_) | Node::Any(_)) => {
                let parts: Vec<NodeId> = node.parts().iter().map(|part| self.not(*part)).collect();
                self.join(parts, matches!(node, Node::Any(_)))
            }
        };
        self.negations.insert(id, negated);
        self.negations.insert(negated, id);
        negated
    }

    /// What fulfils the formula whatever is the case with what was left open.
    pub(crate) fn without_open(&mut self, id: NodeId, done: &mut HashMap<NodeId, NodeId>) -> NodeId {
        if let Some(known) = done.get(&id) {
            return *known;
        }
        let node = self.node(id).clone();
        let closed = match &node {
            Node::Is(Atom::Open(_), _) => NodeId::NEVER,
            Node::Constant(_) | Node::Is(..) => id,
            Node::All(parts) | Node::Any(parts) => {
                let parts: Vec<NodeId> = parts.iter().map(|part| self.without_open(*part, done)).collect();
                self.join(parts, matches!(node, Node::All(_)))
            }
        };
        done.insert(id, closed);
        closed
    }

    /// The formula with other formulas in the place of the atoms of the variable that is decided first.
    pub(crate) fn replace(
        &mut self,
        id: NodeId,
        variable: Variable,
        with: &HashMap<Atom, NodeId>,
        done: &mut HashMap<NodeId, NodeId>,
    ) -> NodeId {
        if self.first(id) != Some(variable) {
            return id;
        }
        if let Some(known) = done.get(&id) {
            return *known;
        }
        let replaced = match self.node(id).clone() {
            Node::Constant(_) => id,
            Node::Is(atom, holds) => match with.get(&atom) {
                Some(node) if holds => *node,
                Some(node) => self.not(*node),
                None => id,
            },
            node @ (Node::All(_) | Node::Any(_)) => {
                let all = matches!(node, Node::All(_));
                let mut replaced = Vec::new();
                for part in node.parts() {
                    let part = self.replace(*part, variable, with, done);
                    replaced.push(part);
                    // The others cannot change that.
                    if part == NodeId::constant(!all) {
                        break;
                    }
                }
                self.join(replaced, all)
            }
        };
        done.insert(id, replaced);
        replaced
    }

    /// The answers to atoms without which a formula does not hold, as far as that is plain to see.
    pub(crate) fn wanted(&self, id: NodeId) -> HashMap<Atom, bool> {
        let parts = match self.node(id) {
            Node::All(parts) => parts,
            _ => &[id][..],
        };
        let wanted = parts.iter().filter_map(|part| match self.node(*part) {
            Node::Is(atom, holds) => Some((*atom, *holds)),
            Node::All(_) | Node::Any(_) | Node::Constant(_) => None,
        });
        wanted.collect()
    }

    /// The atoms of a formula, each once, in their order.
    pub(crate) fn atoms(&self, id: NodeId) -> Vec<Atom> {
        let (mut seen, mut stack, mut atoms) = (HashSet::new(), vec![id], Vec::new());
        while let Some(id) = stack.pop() {
            if !seen.insert(id) {
                continue;
            }
            match self.node(id) {
                Node::All(parts) | Node::Any(parts) => stack.extend(parts.iter()),
                Node::Constant(_) => {}
                Node::Is(atom, _) => atoms.push(*atom),
            }
        }
        atoms.sort_unstable();
        atoms.dedup();
        atoms
    }

    /// Whether the formula holds if only some of the variables are chosen; `None` if that depends on the others.
    pub(crate) fn truth(
        &self,
        id: NodeId,
        holds: &dyn Fn(Atom) -> Option<bool>,
        done: &mut HashMap<NodeId, Option<bool>>,
    ) -> Option<bool> {
        if let Some(known) = done.get(&id) {
            return *known;
        }
        let truth = match self.node(id) {
            Node::Constant(value) => Some(*value),
            Node::Is(atom, wanted) => holds(*atom).map(|holds| holds == *wanted),
            Node::All(parts) | Node::Any(parts) => {
                let all = matches!(self.node(id), Node::All(_));
                let mut truth = Some(all);
                for part in parts {
                    match self.truth(*part, holds, done) {
                        Some(part) if part == all => {}
                        Some(part) => {
                            truth = Some(part);
                            break;
                        }
                        None => truth = None,
                    }
                }
                truth
            }
        };
        done.insert(id, truth);
        truth
    }

    fn intern(&mut self, node: Node) -> NodeId {
        if let Some(known) = self.ids.get(&node) {
            return *known;
        }
        let first = match &node {
            Node::All(parts) | Node::Any(parts) => parts.iter().filter_map(|part| self.first(*part)).min(),
            Node::Constant(_) => None,
            Node::Is(atom, _) => Some(atom.variable()),
        };
        let id = NodeId(crate::dfa::number(self.nodes.len()));
        self.nodes.push(node.clone());
        self.firsts.push(first);
        self.ids.insert(node, id);
        id
    }
}

/// What was chosen for each variable.
pub(crate) type Choices = std::collections::BTreeMap<Variable, Choice>;
