//! A privileged role goes to jobs of a project that everybody can read.

use crate::ask;
use crate::clause::ClauseView;
use crate::finding::Finding;
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use crate::vocabulary::VISIBILITIES;

pub(crate) static RULE: Rule = Rule {
    name: "visibility-open",
    summary: "a privileged role goes to jobs of a project that everybody can read",
    category: Category::Pipeline,
    severity: Severity::Info,
    confidence: Confidence::High,
    persona: Persona::Auditor,
    fix: None,
    page: include_str!("../../docs/visibility-open.md"),
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, linting: &mut Linting<'_, '_>) {
    let visibility = VISIBILITIES.iter().find_map(|name| view.claim(name));
    let Some(visibility) = visibility.filter(|_| view.is_privileged) else {
        return;
    };
    let Some(witness) = linting.lets_in(view, ask::one_of(visibility, ["public"])) else {
        return;
    };
    let name = view.name(visibility);
    let location = view
        .asked(visibility)
        .next()
        .map_or(view.head, |asked| asked.atom.location);
    linting.report(
        Finding::new(
            &RULE,
            location,
            format!("`{}` goes to jobs of public projects", view.role.name),
        )
        .label("everybody can fork it and read its logs")
        .help(format!(
            "if the project is private, ask for that: `{name} == \"private\"`"
        ))
        .witness(witness),
    );
}
