//! A claim is compared with itself.

use crate::clause::ClauseView;
use crate::finding::Finding;
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use rolecall_engine::ir::Question;

pub(crate) static RULE: Rule = Rule {
    name: "self-comparison",
    summary: "a claim is compared with itself",
    category: Category::Operators,
    severity: Severity::High,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: None,
    page: include_str!("../../docs/self-comparison.md"),
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, linting: &mut Linting<'_, '_>) {
    for asked in &view.asked {
        let (claim, location) = (asked.atom.claim, asked.atom.location);
        if asked.atom.question != Question::SameAs(claim) {
            continue;
        }
        let what = match (asked.wanted, asked.required) {
            (true, _) => "always equal to itself, so that this keeps nobody out",
            (false, false) => "never different from itself, so that this lets nobody in",
            // That the clause is dead is said by another rule.
            (false, true) => continue,
        };
        linting.report(
            Finding::new(&RULE, location, format!("`{}` is {what}", view.name(claim)))
                .label("one claim, twice")
                .help("write the claim or the text that was meant; a text has quotes"),
        );
    }
}
