//! Privileged roles without a doc comment.

use crate::context::RuleContext;
use crate::finding::Finding;
use crate::remark::is_documented;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use crate::trees::has_any_tag;
use rolecall_engine::Location;
use rolecall_syntax::Span;
use rolecall_syntax::ast::Item;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "role-without-description",
        summary: "a privileged role has no doc comment",
        category: Category::Hygiene,
        severity: Severity::Info,
        confidence: Confidence::High,
        persona: Persona::Pedantic,
        fix: None,
        page: include_str!("../../docs/role-without-description.md"),
    },
    check: Check::Set(check),
};

fn check(context: &mut RuleContext<'_, '_>) -> Vec<Finding> {
    let trees = context.trees;
    let found = trees.items().filter_map(|(file, item)| {
        let Item::Role(role) = &item.node else { return None };
        if !has_any_tag(role, &context.settings.privileged_tags) {
            return None;
        }
        let text = &context.program()[file].text;
        if trees
            .file(file)
            .is_some_and(|tree| is_documented(text, tree, item.span))
        {
            return None;
        }
        let location = Location::new(file, Span::new(item.span.start, role.name.span.end));
        let message = format!("the privileged role `{}` has no doc comment", role.name.node);
        Some(
            Finding::new(&RULE.info, location, message)
                .help("write `/// …` before it: what the role may do, and who is responsible for it"),
        )
    });
    found.collect()
}
