//! Nothing says what a privileged role is for.

use crate::finding::Finding;
use crate::linting::Linting;
use crate::remark::is_documented;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use rolecall_engine::Location;
use rolecall_syntax::Span;
use rolecall_syntax::ast::{Item, Role, RoleMember};

pub(crate) static RULE: Rule = Rule {
    name: "role-without-description",
    summary: "nothing says what a privileged role is for",
    category: Category::Hygiene,
    severity: Severity::Info,
    confidence: Confidence::High,
    persona: Persona::Pedantic,
    fix: None,
    page: include_str!("../../docs/role-without-description.md"),
    check: Check::Set(check),
};

fn check(linting: &mut Linting<'_, '_>) {
    let trees = linting.trees;
    for (file, item) in trees.items() {
        let Item::Role(role) = &item.node else { continue };
        if !is_privileged(role, &linting.settings.privileged_tags) {
            continue;
        }
        let Some((tree, source)) = trees.files.get(file).zip(linting.program().sources.get(file)) else {
            continue;
        };
        if is_documented(&source.text, tree, item.span) {
            continue;
        }
        let location = Location::new(file, Span::new(item.span.start, role.name.span.end));
        let message = format!("nothing says what `{}` is for", role.name.node);
        linting.report(
            Finding::new(&RULE, location, message)
                .help("write `/// …` before it: what it may do, and whom to ask about it"),
        );
    }
}

/// Whether a role must not fall into wrong hands.
pub(crate) fn is_privileged(role: &Role, privileged: &[String]) -> bool {
    let mut tags = role.members.iter().flat_map(|member| match &member.node {
        RoleMember::Tags(tags) => tags.as_slice(),
        _ => &[],
    });
    tags.any(|tag| privileged.contains(&tag.node))
}
