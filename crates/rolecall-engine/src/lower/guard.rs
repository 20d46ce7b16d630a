//! Guards: conditions that are added to the clauses of the roles that they select.

use super::Lowering;
use super::budget::Amount;
use super::names::Named;
use super::scope::Scope;
use crate::diagnostic::{Diagnostic, Location, Note};
use crate::error_kind::ErrorKind;
use crate::id::{ClauseId, IssuerId, RoleId};
use crate::ir::{Formula, Guard, GuardCondition, Profile};
use rolecall_syntax::ast;
use std::collections::HashMap;
use std::num::Saturating;
use std::sync::Arc;

impl<'a> Lowering<'a> {
    pub(super) fn lower_guards(&mut self) {
        let mut added: Vec<(ClauseId, GuardCondition)> = Vec::new();
        for guard in &self.names.guards {
            self.lower_guard(*guard, &mut added);
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
                clause.set_guards(guards);
            }
        }
    }

    fn lower_guard(&mut self, guard: Named<'a, ast::Guard>, added: &mut Vec<(ClauseId, GuardCondition)>) {
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
        // The condition is lowered once for each profile.
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
                "none of these roles is allowed from `{}`: the guard has no effect",
                name.node
            );
            self.error(
                Diagnostic::new(
                    ErrorKind::GuardWithoutEffect,
                    Location::new(guard.file, name.span),
                    message,
                )
                .help("remove `from`, or select other roles"),
            );
        }
    }

    /// Lowers the condition of a guard for a profile. Its errors name the first selected clause with this
    /// profile.
    fn guard_condition(
        &mut self,
        guard: Named<'a, ast::Guard>,
        profile: &Arc<Profile>,
        clause: Location,
    ) -> Formula {
        let nothing = HashMap::new();
        let mut scope = Scope::new(guard.file, profile, &nothing);
        scope.used_at = Some(clause);
        let errors = self.reports.count();
        let formula = self.condition(&guard.item.expr, &scope);
        let note = format!("selected here, for the profile `{}`", profile.name);
        for error in self.reports.since(errors) {
            error.notes.push(Note::new(clause, note.as_str()));
        }
        formula
    }

    /// Takes the size that a guard adds to the clauses of roles. Returns false, and reports the limit, if it
    /// is too large.
    fn weigh_guard(
        &mut self,
        guard: Named<'_, ast::Guard>,
        roles: &[RoleId],
        from: Option<IssuerId>,
    ) -> bool {
        let weight = self.weights.expr(&guard.item.expr.node) + Saturating(1);
        let mut all = Amount::default();
        for role in roles {
            let clauses = self.program.clauses(*role).iter();
            let narrowed = clauses.filter(|clause| from.is_none_or(|from| from == clause.issuer));
            let added = weight * Saturating(narrowed.count());
            all += added;
            match self.role_weights.get_mut(*role) {
                Some(weight) => *weight += added,
                None => debug_assert!(false, "each role has a weight"),
            }
        }
        self.take_expanded(all.0, guard.location)
    }
}
