//! Audiences that are not known.

use crate::audiences::{Audience, Meaning};
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use rolecall_syntax::did_you_mean;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "unknown-audience",
        summary: "the audience is not in `known-audiences`",
        category: Category::Identity,
        severity: Severity::Medium,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/unknown-audience.md"),
    },
    check: Check::Set(check),
};

fn check(context: &mut RuleContext<'_, '_>) -> Vec<Finding> {
    let known = &context.settings.known_audiences;
    if known.is_empty() {
        return Vec::new();
    }
    let found = Audience::all(context).into_iter().filter_map(|audience| {
        // The other meanings have rules of their own.
        if audience.meaning() != Meaning::Service || known.contains(&audience.text) {
            return None;
        }
        let help = match did_you_mean(&audience.text, known.iter().map(String::as_str)) {
            Some(known) => format!("did you mean `{known}`?"),
            None => "fix the spelling, or add it to `known-audiences` in `policy-check.toml`".to_owned(),
        };
        Some(
            Finding::new(
                &RULE.info,
                audience.location,
                format!("audience `{}` is not in `known-audiences`", audience.text),
            )
            .label("unknown audience")
            .help(help),
        )
    });
    found.collect()
}
