//! External conditions: each is a boolean of the request, TRUE or FALSE. Questions are about both values.

use super::Space;
use crate::budget::Undecided;
use crate::formula::NodeId;
use crate::language::Languages;
use crate::meter::Collection;
use crate::variable::{Atom, Variable};
use hashbrown::HashMap;
use rolecall_engine::ir::External;
use std::sync::Arc;

/// The word of an external condition that holds.
pub(crate) const HOLDS: &[u8] = b"holds";
/// The word of an external condition that does not hold.
pub(crate) const FAILS: &[u8] = b"fails";

impl Space<'_> {
    /// Returns the formula: an external condition holds; or does not, if `wanted` is false.
    pub(super) fn external(
        &mut self,
        external: &Arc<External>,
        wanted: bool,
        languages: &mut Languages,
    ) -> Result<NodeId, Undecided> {
        let known = self.externals.iter().position(|known| known == external);
        let index = match known {
            Some(known) => known,
            None => {
                languages.meter.room(&mut self.externals)?;
                self.externals.push(Arc::clone(external));
                self.externals.len().wrapping_sub(1)
            }
        };
        let atom = Atom::Fits(Variable::External(index), languages.words([HOLDS])?);
        self.formulas.is(atom, wanted, &mut languages.meter)
    }

    /// Returns the formula: another one holds, whatever the values of external conditions are.
    pub(crate) fn whatever(
        &mut self,
        mut node: NodeId,
        languages: &mut Languages,
    ) -> Result<NodeId, Undecided> {
        while let Some(variable @ Variable::External(_)) = self.formulas.first(node) {
            let atom = Atom::Fits(variable, languages.words([HOLDS])?);
            let mut both = Vec::new();
            for value in [NodeId::NEVER, NodeId::ALWAYS] {
                let answers = HashMap::from([(atom, value)]);
                let (mut memo, meter) = (HashMap::new(), &mut languages.meter);
                meter.hold(answers.size())?;
                both.push(
                    self.formulas
                        .replace(node, variable, &answers, &mut memo, meter)?,
                );
                meter.let_go(&memo);
                meter.let_go(&answers);
            }
            node = self.formulas.all(both, &mut languages.meter)?;
        }
        Ok(node)
    }
}
