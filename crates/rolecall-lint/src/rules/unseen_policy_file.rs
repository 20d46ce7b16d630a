//! Policy files that most tools do not show.

use crate::context::RuleContext;
use crate::finding::Finding;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use rolecall_engine::Location;
use rolecall_syntax::Span;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "unseen-policy-file",
        summary: "a policy file is hidden, or ignored by git",
        category: Category::Hygiene,
        severity: Severity::Medium,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/unseen-policy-file.md"),
    },
    check: Check::Set(check),
};

fn check(context: &mut RuleContext<'_, '_>) -> Vec<Finding> {
    let found = context.set.program().own_files().filter_map(|(id, source)| {
        let reason = context.settings.unseen.get(&source.name)?;
        let first_line = source.text.find('\n').unwrap_or(source.text.len());
        let location = Location::new(id, Span::new(0, first_line));
        let message = format!("this file is part of the policy set, but {reason}");
        Some(
            Finding::new(&RULE.info, location, message)
                .help("move or remove the file: every `*.policy` file below the folder is part of the set"),
        )
    });
    found.collect()
}
