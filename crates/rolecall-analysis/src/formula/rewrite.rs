//! Formulas that are made of others: without what was left open, and with what was chosen put in.

use super::{Done, Formulas, Node, NodeId};
use crate::budget::Undecided;
use crate::meter::Meter;
use crate::variable::{Atom, Variable};
use hashbrown::HashMap;

impl Formulas {
    /// What fulfils the formula whatever is the case with what was left open.
    pub(crate) fn without_open(
        &mut self,
        id: NodeId,
        done: &mut Done<NodeId>,
        meter: &mut Meter,
    ) -> Result<NodeId, Undecided> {
        if let Some(known) = done.get(&id) {
            return Ok(*known);
        }
        let closed = match self.node(id) {
            Node::Is(Atom::Open(_), _) => NodeId::NEVER,
            Node::Constant(_) | Node::Is(..) => id,
            Node::All(_) | Node::Any(_) => {
                let all = matches!(self.node(id), Node::All(_));
                let mut closed = Vec::new();
                for at in 0..self.node(id).parts().len() {
                    let part = self.without_open(self.part(id, at), done, meter)?;
                    meter.room(&mut closed)?;
                    closed.push(part);
                }
                self.joined(closed, all, meter)?
            }
        };
        meter.room(done)?;
        done.insert(id, closed);
        Ok(closed)
    }

    /// The formula with other formulas in the place of the atoms of the variable that is decided first.
    pub(crate) fn replace(
        &mut self,
        id: NodeId,
        variable: Variable,
        with: &HashMap<Atom, NodeId>,
        done: &mut Done<NodeId>,
        meter: &mut Meter,
    ) -> Result<NodeId, Undecided> {
        if self.first(id) != Some(variable) {
            return Ok(id);
        }
        if let Some(known) = done.get(&id) {
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
                    let part = self.replace(self.part(id, at), variable, with, done, meter)?;
                    meter.room(&mut replaced)?;
                    replaced.push(part);
                    // The others cannot change that.
                    if part == NodeId::constant(!all) {
                        break;
                    }
                }
                self.joined(replaced, all, meter)?
            }
        };
        meter.room(done)?;
        done.insert(id, replaced);
        Ok(replaced)
    }
}
