//! Inspection of formulas: their atoms, the literals that they require, and their truth.

use super::{Formulas, Memo, Node, NodeId};
use crate::budget::Undecided;
use crate::meter::Meter;
use crate::variable::Atom;
use hashbrown::{HashMap, HashSet};

impl Formulas {
    /// Returns the answers to atoms that a formula requires: those of the literals of a conjunction.
    pub(crate) fn required(&self, id: NodeId, meter: &mut Meter) -> Result<HashMap<Atom, bool>, Undecided> {
        let parts = match self.node(id) {
            Node::All(parts) => parts,
            _ => &[id][..],
        };
        let mut required = HashMap::new();
        for part in parts {
            if let Node::Is(atom, holds) = self.node(*part) {
                meter.room(&mut required)?;
                required.insert(*atom, *holds);
            }
        }
        Ok(required)
    }

    /// Returns the atoms of a formula, sorted and distinct.
    pub(crate) fn atoms(&self, id: NodeId, meter: &mut Meter) -> Result<Vec<Atom>, Undecided> {
        let mut atoms = Vec::new();
        self.each_literal(id, meter, &mut |atom, _, meter| {
            meter.room(&mut atoms)?;
            atoms.push(atom);
            Ok(())
        })?;
        atoms.sort_unstable();
        atoms.dedup();
        Ok(atoms)
    }

    /// Calls `show` with each literal of a formula: an atom, and whether it must hold.
    pub(crate) fn each_literal(
        &self,
        id: NodeId,
        meter: &mut Meter,
        show: &mut dyn FnMut(Atom, bool, &mut Meter) -> Result<(), Undecided>,
    ) -> Result<(), Undecided> {
        let (mut seen, mut stack) = (HashSet::new(), Vec::new());
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
                Node::Is(atom, holds) => show(*atom, *holds, meter)?,
            }
        }
        meter.let_go(&seen);
        meter.let_go(&stack);
        Ok(())
    }

    /// Returns the truth of a formula if only some variables are chosen; `None` if it depends on the others.
    pub(crate) fn truth(
        &self,
        id: NodeId,
        holds: &dyn Fn(Atom) -> Option<bool>,
        memo: &mut Memo<Option<bool>>,
        meter: &mut Meter,
    ) -> Result<Option<bool>, Undecided> {
        if let Some(known) = memo.get(&id) {
            return Ok(*known);
        }
        let truth = match self.node(id) {
            Node::Constant(value) => Some(*value),
            Node::Is(atom, wanted) => holds(*atom).map(|holds| holds == *wanted),
            Node::All(parts) | Node::Any(parts) => {
                let all = matches!(self.node(id), Node::All(_));
                let mut truth = Some(all);
                for part in parts {
                    match self.truth(*part, holds, memo, meter)? {
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
        meter.room(memo)?;
        memo.insert(id, truth);
        Ok(truth)
    }
}
