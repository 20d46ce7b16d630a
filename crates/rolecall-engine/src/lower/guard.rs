//! Guards: what must hold besides, for the roles that they select.

use super::Lowering;
use super::context::Cx;
use super::names::Named;
use crate::diagnostic::{Diagnostic, Location};
use crate::id::{ClauseId, IssuerId, RoleId};
use crate::ir::{Formula, Guard, GuardCondition, Profile};
use rolecall_syntax::ast;
use std::collections::HashMap;
use std::sync::Arc;

impl Lowering<'_> {
    pub(super) fn lower_guards(&mut self) {
        let mut added: Vec<(ClauseId, GuardCondition)> = Vec::new();
        for guard in self.names.guards.clone() {
            self.lower_guard(guard, &mut added);
            if self.exceeded.is_some() {
                return;
            }
        }
        // Sorting keeps the order of the guards of a clause.
        added.sort_by_key(|(clause, _)| *clause);
        for conditions in added.chunk_by(|left, right| left.0 == right.0) {
            let guards = conditions
                .iter()
                .map(|(_, condition)| condition.clone())
                .collect();
            if let Some(clause) = conditions
                .first()
                .and_then(|(clause, _)| self.program.clause_mut(*clause))
            {
                clause.guards = guards;
            }
        }
    }

    fn lower_guard(&mut self, guard: Named<'_, ast::Guard>, added: &mut Vec<(ClauseId, GuardCondition)>) {
        let id = self.program.guards.push(Guard {
            name: guard.item.name.node.clone(),
            location: guard.location,
        });
        let roles = self.select(&guard.item.selectors, guard.file);
        if self.exceeded.is_some() {
            return;
        }
        let from = match &guard.item.from {
            Some(name) => match self.find_issuer(name, guard.file) {
                Some(issuer) => Some(issuer),
                None => return,
            },
            None => None,
        };
        if !self.weigh_guard(guard, &roles, from) {
            return;
        }
        // Lowered once for each profile.
        let mut formulas: HashMap<String, Formula> = HashMap::new();
        let before = added.len();
        let clauses = roles.iter().flat_map(|role| self.program.clause_ids(*role));
        for clause in clauses.collect::<Vec<_>>() {
            let (issuer, location) = (self.program[clause].issuer, self.program[clause].location);
            if from.is_some_and(|from| from != issuer) {
                continue;
            }
            let profile = Arc::clone(&self.program[issuer].profile);
            let condition = match formulas.get(&profile.name) {
                Some(formula) => formula.clone(),
                None => {
                    let formula = self.guard_condition(guard, &profile, location);
                    formulas.insert(profile.name.clone(), formula.clone());
                    formula
                }
            };
            added.push((clause, GuardCondition { guard: id, condition }));
        }
        if added.len() == before
            && let Some(name) = &guard.item.from
        {
            let message = format!(
                "none of these roles is allowed from `{}`, so that the guard narrows nothing",
                name.node
            );
            self.error(
                Diagnostic::new(Location::new(guard.file, name.span), message)
                    .help("take `from` out, or select other roles"),
            );
        }
    }

    /// Lowers the condition of a guard for a profile. Its errors name the clause that first needs it.
    fn guard_condition(
        &mut self,
        guard: Named<'_, ast::Guard>,
        profile: &Arc<Profile>,
        clause: Location,
    ) -> Formula {
        let nothing = HashMap::new();
        let mut cx = Cx::new(guard.file, profile, &nothing);
        cx.used = Some(clause);
        let errors = self.diagnostics.count();
        let formula = self.condition(&guard.item.expr, &cx);
        for error in self.diagnostics.since(errors) {
            let note = format!("selected here, for the profile `{}`", profile.name);
            error.notes.push((clause, note));
        }
        formula
    }

    /// Takes what a guard adds to the clauses of roles; false if that is too much.
    fn weigh_guard(
        &mut self,
        guard: Named<'_, ast::Guard>,
        roles: &[RoleId],
        from: Option<IssuerId>,
    ) -> bool {
        let weight = self.weights.expr(&guard.item.expr.node).saturating_add(1);
        let mut all = 0_usize;
        for role in roles {
            let clauses = self.program.clauses(*role).iter();
            let narrowed = clauses.filter(|clause| from.is_none_or(|from| from == clause.issuer));
            let added = weight.saturating_mul(narrowed.count());
            all = all.saturating_add(added);
            if let Some(weight) = self.role_weights.get_mut(*role) {
                *weight = weight.saturating_add(added);
            }
        }
        self.take_written(all, guard.location)
    }
}
