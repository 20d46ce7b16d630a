//! A value is not among those of an open enum.

use crate::clause::ClauseView;
use crate::finding::{Finding, Fix, Safety};
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use crate::written::{find, quoted};
use rolecall_engine::Scalar;
use rolecall_engine::ir::Question;
use rolecall_syntax::did_you_mean;

pub(crate) static RULE: Rule = Rule {
    name: "unusual-value",
    summary: "a claim is compared with a value that is not known to occur",
    category: Category::Operators,
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    persona: Persona::Regular,
    fix: Some(Safety::Unsafe),
    page: include_str!("../../docs/unusual-value.md"),
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, linting: &mut Linting<'_, '_>) {
    for asked in &view.asked {
        let (claim, location) = (asked.atom.claim, asked.atom.location);
        let (Question::OneOf(texts), Some(definition)) = (&asked.atom.question, view.definition(claim))
        else {
            continue;
        };
        let Scalar::Enum { values, open: true } = definition.claim_type.scalar() else {
            continue;
        };
        let texts = texts.iter().filter_map(|text| text.as_text());
        for text in texts.filter(|text| !values.iter().any(|value| value == text)) {
            let near = did_you_mean(text, values.iter().map(String::as_str));
            let comparison = linting.trees.comparison(location);
            let written = comparison.and_then(|comparison| find(comparison, location.file, text));
            let edit = near.and_then(|near| linting.replace(written?, quoted(near)));
            let fix = edit.map(|edit| Fix::new(Safety::Unsafe, "write the value that is known", vec![edit]));
            let known: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known are {}", known.join(", ")),
            };
            let message = format!("`{definition}` is not known to be `{text}`");
            linting.report(
                Finding::new(&RULE, written.unwrap_or(location), message)
                    .help(help)
                    .fix(fix),
            );
        }
    }
}
