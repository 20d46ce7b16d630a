//! A number that tells a reader nothing.

use crate::clause::ClauseView;
use crate::finding::Finding;
use crate::linting::Linting;
use crate::remark::is_explained;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use rolecall_engine::ir::{Question, Trust};
use rolecall_syntax::ast::Operand;

pub(crate) static RULE: Rule = Rule {
    name: "id-without-name",
    summary: "an id is compared, and nothing says whose it is",
    category: Category::Hygiene,
    severity: Severity::Info,
    confidence: Confidence::High,
    persona: Persona::Pedantic,
    fix: None,
    page: include_str!("../../docs/id-without-name.md"),
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, linting: &mut Linting<'_, '_>) {
    let mut named = view.claims().filter(|(claim, definition)| {
        definition.tenant && definition.trust == Trust::Recyclable && view.compares(*claim)
    });
    if named.next().is_some() {
        return;
    }
    for asked in &view.asked {
        let claim = asked.atom.claim;
        let is_id = view.definition(claim).is_some_and(|definition| definition.tenant)
            && view.trust(claim) == Trust::Immutable
            && matches!(asked.atom.question, Question::OneOf(_));
        let location = asked.atom.location;
        let Some(comparison) = linting.trees.comparison(location).filter(|_| is_id) else {
            continue;
        };
        // A set and a parameter have a name.
        if matches!(comparison.operand.node, Operand::Reference(_)) {
            continue;
        }
        let sources = linting.program().sources.get(location.file);
        let Some((file, source)) = linting.trees.files.get(location.file).zip(sources) else {
            continue;
        };
        if is_explained(&source.text, file, location.span) {
            continue;
        }
        let message = format!("nothing says whose id stands in `{}`", linting.text(location));
        linting.report(
            Finding::new(&RULE, location, message)
                .help("compare the name as well, or write it into a comment on the line"),
        );
    }
}
