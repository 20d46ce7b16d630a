//! Guards that exclude no token.

use crate::ask;
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use rolecall_engine::ir::Clause;
use rolecall_engine::{Arena, GuardId};

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
    let mut guarded: Arena<GuardId, Vec<&Clause>> = program.guards().map(|_, _| Vec::new());
    for clause in program.all_clauses().values() {
        for guard in clause.guards() {
            if let Some(clauses) = guarded.get_mut(guard.guard) {
                clauses.push(clause);
            }
        }
    }
    let found = program.guards().iter().filter_map(|(id, guard)| {
        let clauses = &guarded[id];
        // A guard that selects no role does not compile or is reported elsewhere.
        if clauses.is_empty() || clauses.len() > MAX_CLAUSES {
            return None;
        }
        let keeps_out = |clause: &&Clause| {
            let own = clause.guards().iter().find(|guard| guard.guard == id);
            let others = clause.guards().iter().filter(|guard| guard.guard != id);
            let others = others.map(|other| other.condition.clone());
            let rest = ask::all(std::iter::once(clause.condition.clone()).chain(others));
            own.is_some_and(|own| !context.implies(clause.issuer, rest, vec![own.condition.clone()]))
        };
        if clauses.iter().any(keeps_out) {
            return None;
        }
        let message = format!(
            "`{}` excludes no token from the roles that it selects",
            guard.name
        );
        Some(
            Finding::new(&RULE.info, context.item_head(guard.location), message)
                .label("the roles already require it")
                .help("keep it if it is intended for future roles, or else remove it"),
        )
    });
    found.collect()
}
