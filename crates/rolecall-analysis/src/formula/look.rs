//! What can be seen of a formula: its atoms, what it wants of them, and whether it holds.

use super::{Done, Formulas, Node, NodeId};
use crate::budget::Undecided;
use crate::meter::Meter;
use crate::variable::Atom;
use hashbrown::{HashMap, HashSet};

impl Formulas {
    /// The answers to atoms without which a formula does not hold, as far as that is plain to see.
    pub(crate) fn wanted(&self, id: NodeId, meter: &mut Meter) -> Result<HashMap<Atom, bool>, Undecided> {
        let parts = match self.node(id) {
            Node::All(parts) => parts,
            _ => &[id][..],
        };
        let mut wanted = HashMap::new();
        for part in parts {
            if let Node::Is(atom, holds) = self.node(*part) {
                meter.room(&mut wanted)?;
                wanted.insert(*atom, *holds);
            }
        }
        Ok(wanted)
    }

    /// The atoms of a formula, each once, in their order.
    pub(crate) fn atoms(&self, id: NodeId, meter: &mut Meter) -> Result<Vec<Atom>, Undecided> {
        let (mut seen, mut stack, mut atoms) = (HashSet::new(), Vec::new(), Vec::new());
        meter.room(&mut stack)?;
        stack.push(id);
        while let Some(id) = stack.pop() {
            if seen.contains(&id) {
                continue;
            }
            meter.room(&mut seen)?;
            seen.insert(id);
            match self.node(id) {
                Node::All(parts) | Node::Any(parts) => {
                    meter.room_for(&mut stack, parts.len())?;
                    stack.extend(parts.iter());
                }
                Node::Constant(_) => {}
                Node::Is(atom, _) => {
                    meter.room(&mut atoms)?;
                    atoms.push(*atom);
                }
            }
        }
        meter.let_go(&seen);
        meter.let_go(&stack);
        atoms.sort_unstable();
        atoms.dedup();
        Ok(atoms)
    }

    /// Whether the formula holds if only some of the variables are chosen; `None` if that depends on the others.
    pub(crate) fn truth(
        &self,
        id: NodeId,
        holds: &dyn Fn(Atom) -> Option<bool>,
        done: &mut Done<Option<bool>>,
        meter: &mut Meter,
    ) -> Result<Option<bool>, Undecided> {
        if let Some(known) = done.get(&id) {
            return Ok(*known);
        }
        let truth = match self.node(id) {
            Node::Constant(value) => Some(*value),
            Node::Is(atom, wanted) => holds(*atom).map(|holds| holds == *wanted),
            Node::All(parts) | Node::Any(parts) => {
                let all = matches!(self.node(id), Node::All(_));
                let mut truth = Some(all);
                for part in parts {
                    match self.truth(*part, holds, done, meter)? {
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
        meter.room(done)?;
        done.insert(id, truth);
        Ok(truth)
    }
}
