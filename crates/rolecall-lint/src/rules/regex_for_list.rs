//! A regex stands for a few texts.

use crate::clause::ClauseView;
use crate::finding::{Finding, Fix, Safety};
use crate::linting::Linting;
use crate::regexes::{texts, tree};
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use crate::written::{quoted, regex};
use rolecall_engine::Scalar;
use rolecall_engine::ir::Question;

pub(crate) static RULE: Rule = Rule {
    name: "regex-for-list",
    summary: "a regex stands for a few texts",
    category: Category::Operators,
    severity: Severity::Low,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: Some(Safety::Safe),
    page: include_str!("../../docs/regex-for-list.md"),
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, linting: &mut Linting<'_, '_>) {
    for asked in &view.asked {
        let location = asked.atom.location;
        let (Question::Pattern(_), Some(comparison)) =
            (&asked.atom.question, linting.trees.comparison(location))
        else {
            continue;
        };
        let texts = regex(comparison).and_then(tree).and_then(|tree| texts(&tree));
        let Some(texts) = texts.filter(|texts| !texts.is_empty()) else {
            continue;
        };
        let quoted: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
        let instead = match quoted.as_slice() {
            [one] => format!("== {one}"),
            many => format!("in [{}]", many.join(", ")),
        };
        // `matches` is TRUE for these texts, FALSE for all others, and UNKNOWN where `in` is. A text that is no value of the
        // type could not be written, and elsewhere the claim may be of another type.
        let scalar = view
            .definition(asked.atom.claim)
            .map(|definition| definition.claim_type.scalar());
        let fits = |scalar: &Scalar| texts.iter().all(|text| scalar.holds(text));
        let is_safe = view.owns(location) || [Scalar::Path, Scalar::Ref].iter().all(fits);
        let safety = if is_safe { Safety::Safe } else { Safety::Unsafe };
        let edit = linting.compare_with(location.file, comparison, instead.clone());
        let fix = edit
            .filter(|_| scalar.is_some_and(fits))
            .map(|edit| Fix::new(safety, format!("write `{instead}`"), vec![edit]));
        let message = format!(
            "`{}` stands for {} and nothing else",
            linting.text(location),
            quoted.join(", ")
        );
        linting.report(
            Finding::new(&RULE, location, message)
                .help(format!("write `{instead}`"))
                .fix(fix),
        );
    }
}
