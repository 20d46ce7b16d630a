//! Rewriting of formulas: without open questions, and with formulas instead of atoms.

use super::{Formulas, Memo, Node, NodeId};
use crate::budget::Undecided;
use crate::meter::Meter;
use crate::variable::{Atom, Variable};
use hashbrown::HashMap;

impl Formulas {
    /// Returns a formula that implies this one, whatever the answers to open questions are.
    pub(crate) fn without_open(
        &mut self,
        id: NodeId,
        memo: &mut Memo<NodeId>,
        meter: &mut Meter,
    ) -> Result<NodeId, Undecided> {
        if let Some(known) = memo.get(&id) {
            return Ok(*known);
        }
        let closed = match self.node(id) {
            Node::Is(Atom::Open(_), _) => NodeId::NEVER,
            Node::Constant(_) | Node::Is(..) => id,
            Node::All(_) | Node::Any(_) => {
                let all = matches!(self.node(id), Node::All(_));
                let mut closed = Vec::new();
                for at in 0..self.node(id).parts().len() {
                    let part = self.without_open(self.part(id, at), memo, meter)?;
                    meter.room(&mut closed)?;
                    closed.push(part);
                }
                self.joined(closed, all, meter)?
            }
        };
        meter.room(memo)?;
        memo.insert(id, closed);
        Ok(closed)
    }

    /// Returns a formula with other formulas instead of the atoms of the variable that is decided first.
    pub(crate) fn replace(
        &mut self,
        id: NodeId,
        variable: Variable,
        with: &HashMap<Atom, NodeId>,
        memo: &mut Memo<NodeId>,
        meter: &mut Meter,
    ) -> Result<NodeId, Undecided> {
        if self.first(id) != Some(variable) {
            return Ok(id);
        }
        if let Some(known) = memo.get(&id) {
            return Ok(*known);
        }
        let replaced = match self.node(id) {
            Node::Constant(_) => id,
            Node::Is(atom, holds) => match with.get(atom) {
                Some(node) if *holds => *node,
                Some(node) => self.not(*node, meter)?,
                None => id,
            },
            Node::All(_) | Node::Any(_) => {
                let all = matches!(self.node(id), Node::All(_));
                let mut replaced = Vec::new();
                for at in 0..self.node(id).parts().len() {
                    let part = self.replace(self.part(id, at), variable, with, memo, meter)?;
                    meter.room(&mut replaced)?;
                    replaced.push(part);
                    // The other parts cannot change the result.
                    if part == NodeId::constant(!all) {
                        break;
                    }
                }
                self.joined(replaced, all, meter)?
            }
        };
        meter.room(memo)?;
        memo.insert(id, replaced);
        Ok(replaced)
    }
}
