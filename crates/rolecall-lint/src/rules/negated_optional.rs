//! What a claim must not be is said, and tokens may lack the claim.

use crate::clause::ClauseView;
use crate::finding::{Finding, Fix, Safety};
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use rolecall_engine::ir::Question;
use rolecall_syntax::ast::Operator;

pub(crate) static RULE: Rule = Rule {
    name: "negated-optional",
    summary: "a comparison is turned round whose claim tokens may lack",
    category: Category::Operators,
    severity: Severity::Low,
    confidence: Confidence::Medium,
    persona: Persona::Regular,
    fix: Some(Safety::Unsafe),
    page: include_str!("../../docs/negated-optional.md"),
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, linting: &mut Linting<'_, '_>) {
    for asked in view.asked.iter().filter(|asked| !asked.wanted) {
        let (claim, location) = (asked.atom.claim, asked.atom.location);
        if matches!(asked.atom.question, Question::Present) {
            continue;
        }
        let Some(definition) = view.definition(claim).filter(|definition| definition.optional) else {
            continue;
        };
        // Whoever asks for the claim, or for its absence, has thought of it.
        let mut others = view.asked(claim);
        if others.any(|other| other.required && other.wanted || other.atom.question == Question::Present) {
            continue;
        }
        let comparison = linting.trees.comparison(location);
        let is_plain = comparison.is_some_and(|comparison| comparison.operator.node == Operator::NotEqual);
        let text = format!("(!has {definition} || {})", linting.text(location));
        let edit = is_plain.then(|| linting.replace(location, text)).flatten();
        let fix = edit.map(|edit| {
            Fix::new(
                Safety::Unsafe,
                format!("let in whoever has no `{definition}`"),
                vec![edit],
            )
        });
        let message = format!("a token without `{definition}` does not fulfil this either");
        linting.report(
            Finding::new(&RULE, location, message)
                .label("neither true nor false if it is absent")
                .help(format!("write `!has {definition} || …` to let it in, or `has {definition} && …` to say that it stays out"))
                .fix(fix),
        );
    }
}
