//! A person is known by a name.

use crate::clause::ClauseView;
use crate::finding::Finding;
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use crate::vocabulary::PERSONS;
use rolecall_engine::ir::Trust;

pub(crate) static RULE: Rule = Rule {
    name: "name-as-identity",
    summary: "a person is known by a name or an address, which may come to belong to somebody else",
    category: Category::Identity,
    severity: Severity::Medium,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: None,
    page: include_str!("../../docs/name-as-identity.md"),
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, linting: &mut Linting<'_, '_>) {
    for (name, id) in PERSONS {
        let (Some(claim), Some(id)) = (view.claim(name), view.claim(id)) else {
            continue;
        };
        let Some(asked) = view.asked(claim).find(|asked| asked.names()) else {
            continue;
        };
        if view.trust(claim) != Trust::Recyclable || view.narrows(id) {
            continue;
        }
        let place = asked.atom.place;
        linting.report(
            Finding::new(&RULE, place, format!("`{}` holds for whoever has the name at that time", linting.text(place)))
                .label("names of people can be changed and taken")
                .help(format!("compare `{}`, which is never used again", view.name(id))),
        );
    }
}
