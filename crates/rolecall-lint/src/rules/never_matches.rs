//! No token gets a role by a clause.

use crate::finding::Finding;
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use rolecall_analysis::{Answer, ConflictPart};

pub(crate) static RULE: Rule = Rule {
    name: "never-matches",
    summary: "no token can ever fulfil the condition",
    category: Category::Logic,
    severity: Severity::High,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: None,
    page: include_str!("../../docs/never-matches.md"),
    check: Check::Role(check),
};

fn check(number: usize, linting: &mut Linting<'_, '_>) {
    let Some(role) = linting.program().roles.get(number) else {
        return;
    };
    // Most roles have one clause, and somebody gets it.
    if role.clauses.len() < 2 && !matches!(linting.analysis.satisfiable(number), Answer::Nothing) {
        return;
    }
    for conflict in linting.analysis.conflicts(number) {
        let Some(clause) = role.clauses.get(conflict.clause) else {
            continue;
        };
        let mut places = Vec::new();
        let mut besides = Vec::new();
        for part in &conflict.parts {
            match part {
                ConflictPart::Condition(location) => places.push((*location, "this")),
                ConflictPart::Guard(guard) => {
                    let guard = linting.program().guards.get(*guard);
                    places.extend(guard.map(|(_, location)| (*location, "this guard")));
                }
                ConflictPart::Issuer => besides.push("what every token of the issuer says"),
                _ => {}
            }
        }
        let mut places = places.into_iter();
        let first = places.next().map_or(clause.location, |(location, _)| location);
        let message = format!(
            "nobody can get `{}` by this: its parts contradict one another",
            role.name
        );
        let mut finding = Finding::new(&RULE, first, message).label("cannot hold together with the rest");
        for (location, what) in places {
            finding = finding.note(location, format!("{what} contradicts it"));
        }
        let help = match besides.first() {
            Some(besides) => format!("it contradicts {besides}: remove it, or mend the value"),
            None => "remove one of them, or mend its value".to_owned(),
        };
        linting.report(finding.help(help));
    }
}
