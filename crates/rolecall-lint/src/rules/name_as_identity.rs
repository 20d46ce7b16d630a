//! A person is known by a name.

use crate::clause::{Asked, ClauseView};
use crate::finding::Finding;
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use crate::vocabulary::PERSONS;
use rolecall_engine::ir::{Question, Trust};

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
        // A pattern of addresses is about their domain.
        let is_address =
            |asked: &Asked<'_>| name == "user_email" && matches!(asked.atom.question, Question::Pattern(_));
        let mut names = view.asked(claim).filter(|asked| asked.names());
        let Some(asked) = names.find(|asked| !is_address(asked)) else {
            continue;
        };
        if view.trust(claim) != Trust::Recyclable || view.narrows(id) {
            continue;
        }
        let location = asked.atom.location;
        linting.report(
            Finding::new(
                &RULE,
                location,
                format!(
                    "`{}` holds for whoever has the name at that time",
                    linting.text(location)
                ),
            )
            .label("names of people can be changed and taken")
            .help(format!("compare `{}`, which is never used again", view.name(id))),
        );
    }
}
