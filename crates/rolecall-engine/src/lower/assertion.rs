//! Assertions: statements about all tokens, with their names resolved and their types checked.

use super::Lowering;
use super::reports::Reported;
use super::scope::Scope;
use crate::diagnostic::{Diagnostic, Location};
use crate::error_kind::ErrorKind;
use crate::id::{FileId, IssuerId, RoleId};
use crate::ir::{Assertion, Goal, IssuerCondition, Profile, Statement};
use rolecall_syntax::Spanned;
use rolecall_syntax::ast::{self, Expr, ExprAt, Selector};
use std::collections::HashMap;
use std::sync::Arc;

impl<'a> Lowering<'a> {
    pub(super) fn lower_assertions(&mut self) {
        let mut seen: HashMap<String, Location> = HashMap::new();
        for assertion in &self.names.assertions {
            if self.exceeded.is_some() {
                return;
            }
            let at = Location::new(assertion.file, assertion.item.name.span);
            let Some(name) = self.plain_text(&assertion.item.name.node, at) else {
                continue;
            };
            if let Some(first) = seen.insert(name.clone(), at) {
                let message = format!("there are two assertions called `{name}`");
                self.error(
                    Diagnostic::new(ErrorKind::DuplicateName, at, message)
                        .help("rename one of them")
                        .note(first, "the other one"),
                );
            }
            let statement = &assertion.item.statement.node;
            let selectors = statement.selectors().into_iter();
            let mut untranslated: Vec<String> = selectors
                .flat_map(|selector| self.names.untranslated(&selector.node))
                .collect();
            untranslated.sort_unstable();
            untranslated.dedup();
            if let Some(statement) = self.statement(statement, assertion.file) {
                self.program.assertions.push(Assertion {
                    name,
                    statement,
                    untranslated,
                    location: assertion.location,
                });
            }
        }
    }

    fn statement(&mut self, statement: &'a ast::Statement, file: FileId) -> Option<Statement> {
        Some(match statement {
            ast::Statement::Covers(first, second) => {
                Statement::Covers(self.roles(first, file), self.roles(second, file))
            }
            ast::Statement::Disjoint(selectors) => Statement::Disjoint(
                selectors
                    .iter()
                    .map(|selector| self.roles(selector, file))
                    .collect(),
            ),
            ast::Statement::Equivalent(first, second) => {
                Statement::Equivalent(self.roles(first, file), self.roles(second, file))
            }
            ast::Statement::Implies(selector, expr) => {
                let roles = self.roles(selector, file);
                let goal = match self.role_goal(expr, file).ok()? {
                    Some(role) => Goal::Role(role),
                    None => self.goal(&roles, expr, file),
                };
                Statement::Implies(roles, goal)
            }
            ast::Statement::Never(selector, expr) => {
                let roles = self.roles(selector, file);
                let goal = self.goal(&roles, expr, file);
                Statement::Never(roles, goal)
            }
            ast::Statement::Possible(selector, expr) => {
                let roles = self.roles(selector, file);
                let goal = expr.as_ref().map(|expr| self.goal(&roles, expr, file));
                Statement::Possible(roles, goal)
            }
        })
    }

    fn roles(&mut self, selector: &Spanned<Selector>, file: FileId) -> Vec<RoleId> {
        let names = self.names;
        let is_untranslated = |selector: &Selector| !names.untranslated(selector).is_empty();
        self.select_but(std::slice::from_ref(selector), file, is_untranslated)
    }

    /// Returns the role, if an expression is the name of one.
    fn role_goal(&mut self, expr: &ExprAt, file: FileId) -> Result<Option<RoleId>, Reported> {
        let Expr::Bare(path) = &expr.node else {
            return Ok(None);
        };
        let Some(name) = path.as_name() else {
            return Ok(None);
        };
        let Some(role) = self.program.role(name) else {
            return Ok(None);
        };
        let is_claim = self.claim_names.contains_key(name);
        if is_claim || self.names.conditions.contains_key(name) {
            let message = format!(
                "`{name}` is both a role and {}",
                if is_claim { "a claim" } else { "a condition" }
            );
            self.error(
                Diagnostic::new(ErrorKind::AmbiguousName, Location::new(file, expr.span), message)
                    .help("rename one of them"),
            );
            return Err(Reported);
        }
        Ok(Some(role))
    }

    /// Returns a condition for each issuer that the roles are allowed from. A claim that only some of their
    /// profiles have is UNKNOWN for the others: their tokens never have it.
    fn goal(&mut self, roles: &[RoleId], expr: &'a ExprAt, file: FileId) -> Goal {
        let clauses = roles.iter().flat_map(|role| self.program.clauses(*role));
        let mut issuers: Vec<IssuerId> = clauses.map(|clause| clause.issuer).collect();
        issuers.sort_unstable();
        issuers.dedup();
        let profiles: Vec<(IssuerId, Arc<Profile>)> = issuers
            .into_iter()
            .map(|issuer| (issuer, Arc::clone(&self.program[issuer].profile)))
            .collect();
        let mut distinct: Vec<Arc<Profile>> =
            profiles.iter().map(|(_, profile)| Arc::clone(profile)).collect();
        distinct.sort_by(|left, right| left.name.cmp(&right.name));
        distinct.dedup_by(|next, first| next.name == first.name);
        let nothing = HashMap::new();
        let conditions = profiles
            .iter()
            .map(|(issuer, profile)| {
                let mut scope = Scope::new(file, profile, &nothing);
                if distinct.len() > 1 {
                    scope.other_profiles = &distinct;
                }
                IssuerCondition {
                    issuer: *issuer,
                    condition: self.condition(expr, &scope),
                }
            })
            .collect();
        Goal::Condition(conditions)
    }
}
