//! The file that says what a pipeline does is named on a branch.

use crate::clause::ClauseView;
use crate::finding::Finding;
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use crate::vocabulary::{COMMITS, CONFIGURATIONS};
use rolecall_engine::ir::Question;
use rolecall_engine::pattern::Pattern;

pub(crate) static RULE: Rule = Rule {
    name: "unpinned-configuration",
    summary: "the file that says what the pipeline does is named on a branch, which moves",
    category: Category::Pipeline,
    severity: Severity::Low,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: None,
    page: include_str!("../../docs/unpinned-configuration.md"),
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, linting: &mut Linting<'_, '_>) {
    let claims = CONFIGURATIONS.iter().filter_map(|name| view.claim(name));
    for asked in claims
        .flat_map(|claim| view.asked(claim))
        .filter(|asked| asked.names())
    {
        let moves = match &asked.atom.question {
            Question::OneOf(literals) => literals.iter().any(|text| is_moving(&text.to_string())),
            Question::Pattern(patterns) => patterns.iter().any(|pattern| match pattern {
                Pattern::Matches(regular) => is_moving(&regular.text().replace("\\/", "/")),
                other => is_moving(other.to_string().trim_matches('"')),
            }),
            _ => false,
        };
        // The commit may be asked for besides.
        if !moves || view.narrows_any(&COMMITS) {
            continue;
        }
        let location = asked.atom.location;
        linting.report(
            Finding::new(
                &RULE,
                location,
                format!(
                    "`{}` holds for whatever that branch has in it",
                    linting.text(location)
                ),
            )
            .label("a branch moves")
            .help("name a commit after the `@`, or a protected tag; or compare its commit as well"),
        );
    }
}

/// Whether a file is named on a branch, or on anything.
fn is_moving(text: &str) -> bool {
    let is_any_ref = text.ends_with('*') && !text.contains('@');
    is_any_ref || text.contains("@refs/heads/") || text.ends_with("@*") || text.ends_with("@**")
}
