//! Guards: what must hold besides, for the roles that they select.

use super::Lowering;
use super::context::Cx;
use super::names::Named;
use crate::diagnostic::{Diagnostic, Location};
use crate::ir::Formula;
use rolecall_syntax::ast;
use std::collections::HashMap;
use std::sync::Arc;

impl Lowering<'_> {
    pub(super) fn lower_guards(&mut self) {
        for guard in self.names.guards.clone() {
            let index = self.program.guards.len();
            self.program
                .guards
                .push((guard.item.name.node.clone(), guard.location));
            let roles = self.select(&guard.item.selectors, guard.file);
            if self.exceeded.is_some() {
                return;
            }
            let from = match &guard.item.from {
                Some(name) => match self.find_issuer(name, guard.file) {
                    Some(issuer) => Some(issuer),
                    None => continue,
                },
                None => None,
            };
            if !self.weigh_guard(guard, &roles, from) {
                return;
            }
            // Lowered once for each profile.
            let mut formulas: HashMap<String, Formula> = HashMap::new();
            let mut narrowed = false;
            for role in roles {
                let clauses = self.program.roles.get(role).map_or(0, |role| role.clauses.len());
                for clause in 0..clauses {
                    let Some((issuer, location)) = self.clause_at(role, clause) else {
                        continue;
                    };
                    if from.is_some_and(|from| from != issuer) {
                        continue;
                    }
                    narrowed = true;
                    let Some(profile) = self
                        .program
                        .issuers
                        .get(issuer)
                        .map(|issuer| Arc::clone(&issuer.profile))
                    else {
                        continue;
                    };
                    let formula = match formulas.get(&profile.name) {
                        Some(formula) => formula.clone(),
                        None => {
                            let nothing = HashMap::new();
                            let mut cx = Cx::new(guard.file, &profile, &nothing);
                            cx.used = Some(location);
                            let errors = self.diagnostics.count();
                            let formula = self.condition(&guard.item.expr, &cx);
                            for error in self.diagnostics.since(errors) {
                                error.notes.push((
                                    location,
                                    format!("selected here, for the profile `{}`", profile.name),
                                ));
                            }
                            formulas.insert(profile.name.clone(), formula.clone());
                            formula
                        }
                    };
                    let clauses = self.program.roles.get_mut(role).map(|role| &mut role.clauses);
                    if let Some(clause) = clauses.and_then(|clauses| clauses.get_mut(clause)) {
                        clause.guards.push((index, formula));
                    }
                }
            }
            if !narrowed && let Some(name) = &guard.item.from {
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
    }

    /// Takes what a guard adds to the clauses of roles; false if that is too much.
    fn weigh_guard(&mut self, guard: Named<'_, ast::Guard>, roles: &[usize], from: Option<usize>) -> bool {
        let weight = self.weights.expr(&guard.item.expr.node).saturating_add(1);
        let mut all = 0_usize;
        for role in roles {
            let clauses = self
                .program
                .roles
                .get(*role)
                .into_iter()
                .flat_map(|role| &role.clauses);
            let narrowed = clauses.filter(|clause| from.is_none_or(|from| from == clause.issuer));
            let added = weight.saturating_mul(narrowed.count());
            all = all.saturating_add(added);
            if let Some(weight) = self.role_weights.get_mut(*role) {
                *weight = weight.saturating_add(added);
            }
        }
        self.take_written(all, guard.location)
    }

    /// The issuer and the place of a clause.
    fn clause_at(&self, role: usize, clause: usize) -> Option<(usize, Location)> {
        let clause = self.program.roles.get(role)?.clauses.get(clause)?;
        Some((clause.issuer, clause.location))
    }
}
