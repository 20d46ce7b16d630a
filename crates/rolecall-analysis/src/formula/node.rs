//! Nodes of formulas.

use crate::variable::Atom;

/// The id of a formula. Equal formulas have equal ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NodeId(pub(super) u32);

impl NodeId {
    /// The formula that no token fulfils.
    pub(crate) const NEVER: Self = Self(0);
    /// The formula that every token fulfils.
    pub(crate) const ALWAYS: Self = Self(1);

    pub(super) fn constant(value: bool) -> Self {
        if value { Self::ALWAYS } else { Self::NEVER }
    }
}

/// The outermost connective of a formula.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Node {
    /// Each holds; two or more, sorted and distinct.
    All(Box<[NodeId]>),
    /// At least one holds; two or more, sorted and distinct.
    Any(Box<[NodeId]>),
    /// Always true, or always false.
    Constant(bool),
    /// A literal: the atom holds, or does not.
    Is(Atom, bool),
}

impl Node {
    /// Returns the formulas that the connective joins.
    pub(super) fn parts(&self) -> &[NodeId] {
        match self {
            Self::All(parts) | Self::Any(parts) => parts,
            Self::Constant(_) | Self::Is(..) => &[],
        }
    }
}
