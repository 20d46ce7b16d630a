//! Guards that exclude no token.

use crate::ask;
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use rolecall_engine::ir::{Clause, Formula};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "guard-without-effect",
        summary: "a guard excludes no token",
        category: Category::Logic,
        severity: Severity::Low,
        confidence: Confidence::High,
        persona: Persona::Pedantic,
        fix: None,
        page: include_str!("../../docs/guard-without-effect.md"),
    },
    check: Check::Set(check),
};

/// A guard of more clauses is not checked.
const MAX_CLAUSES: usize = 20_000;

fn check(context: &mut RuleContext<'_, '_>) -> Vec<Finding> {
    let program = context.program();
    let mut guarded: Vec<Vec<&Clause>> = vec![Vec::new(); program.guards.len()];
    for clause in program.roles.iter().flat_map(|role| &role.clauses) {
        for (guard, _) in &clause.guards {
            if let Some(clauses) = guarded.get_mut(*guard) {
                clauses.push(clause);
            }
        }
    }
    let found =
        program
            .guards
            .iter()
            .zip(guarded)
            .enumerate()
            .filter_map(|(number, ((name, location), clauses))| {
                // A guard that selects no role does not compile or is reported elsewhere.
                if clauses.is_empty() || clauses.len() > MAX_CLAUSES {
                    return None;
                }
                let keeps_out = |clause: &&Clause| {
                    let guard = clause.guards.iter().find(|(guard, _)| *guard == number);
                    let others = clause.guards.iter().filter(|(guard, _)| *guard != number);
                    let others = others.map(|(_, other)| other.clone());
                    let rest: Vec<Formula> =
                        std::iter::once(clause.condition.clone()).chain(others).collect();
                    guard.is_some_and(|(_, guard)| {
                        !context.implies(clause.issuer, ask::all(rest), vec![guard.clone()])
                    })
                };
                if clauses.iter().any(keeps_out) {
                    return None;
                }
                let head = context.item_head(*location);
                Some(
                    Finding::new(
                        &RULE.info,
                        head,
                        format!("`{name}` excludes no token from the roles that it selects"),
                    )
                    .label("the roles already require it")
                    .help("keep it if it is intended for future roles, or else remove it"),
                )
            });
    found.collect()
}
