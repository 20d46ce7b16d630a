//! One step of a search: a formula and the variable that is decided.

use crate::budget::Undecided;
use crate::formula::{Formulas, NodeId};
use crate::meter::Meter;
use crate::variable::{Atom, Variable};
use hashbrown::{HashMap, HashSet};

/// A formula and the variable that is decided next.
pub(super) struct Branch {
    pub(super) formula: NodeId,
    pub(super) variable: Variable,
    /// All atoms of the formula.
    pub(super) atoms: Vec<Atom>,
    /// The atoms of the variable.
    pub(super) own: Vec<Atom>,
    /// The answers that the formula requires.
    pub(super) required: HashMap<Atom, bool>,
    /// The rests of the formula after the choices so far.
    pub(super) tried: HashSet<NodeId>,
}

impl Branch {
    pub(super) fn new(
        formula: NodeId,
        variable: Variable,
        formulas: &Formulas,
        meter: &mut Meter,
    ) -> Result<Self, Undecided> {
        let atoms = formulas.atoms(formula, meter)?;
        let mut own = Vec::new();
        for atom in atoms.iter().filter(|atom| atom.variable() == variable) {
            meter.room(&mut own)?;
            own.push(*atom);
        }
        Ok(Self {
            formula,
            variable,
            atoms,
            own,
            required: formulas.required(formula, meter)?,
            tried: HashSet::new(),
        })
    }

    /// Gives back its bytes.
    pub(super) fn let_go(self, meter: &mut Meter) {
        meter.let_go(&self.atoms);
        meter.let_go(&self.own);
        meter.let_go(&self.required);
        meter.let_go(&self.tried);
    }

    /// Returns the answer to an atom that the formula requires, if there is one.
    pub(super) fn required(&self, atom: Atom) -> Option<bool> {
        self.required.get(&atom).copied()
    }

    /// Returns the variables that the formula compares with this one, directly or through others, this one
    /// included.
    pub(super) fn equals(&self) -> Vec<Variable> {
        let mut equals = vec![self.variable];
        for at in 0.. {
            let Some(one) = equals.get(at).copied() else {
                break;
            };
            for atom in &self.atoms {
                if let Atom::Same(left, right) = *atom {
                    for (this, other) in [(left, right), (right, left)] {
                        if this == one && !equals.contains(&other) {
                            equals.push(other);
                        }
                    }
                }
            }
        }
        equals
    }
}
