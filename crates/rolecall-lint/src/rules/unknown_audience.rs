//! The audience is none of those of the house.

use crate::audiences::{Audience, Meaning};
use crate::finding::Finding;
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use rolecall_syntax::did_you_mean;

pub(crate) static RULE: Rule = Rule {
    name: "unknown-audience",
    summary: "the audience is none of those that the settings know",
    category: Category::Identity,
    severity: Severity::Medium,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: None,
    page: include_str!("../../docs/unknown-audience.md"),
    check: Check::Set(check),
};

fn check(linting: &mut Linting<'_, '_>) {
    let known = &linting.settings.known_audiences;
    if known.is_empty() {
        return;
    }
    for audience in Audience::all(linting) {
        // Of the others, other rules say what is wrong.
        if audience.meaning() != Meaning::Service || known.contains(&audience.text) {
            continue;
        }
        let help = match did_you_mean(&audience.text, known.iter().map(String::as_str)) {
            Some(known) => format!("did you mean `{known}`?"),
            None => "mend it, or add it to `known_audiences` in the settings".to_owned(),
        };
        linting.report(
            Finding::new(
                &RULE,
                audience.location,
                format!("no service of the house is called `{}`", audience.text),
            )
            .label("not a known audience")
            .help(help),
        );
    }
}
