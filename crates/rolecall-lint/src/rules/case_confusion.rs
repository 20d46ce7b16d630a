//! Texts that differ only in case.

use crate::context::RuleContext;
use crate::edits;
use crate::finding::Finding;
use crate::fix::Fix;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Safety, Severity};
use crate::written::{find, quoted};
use rolecall_engine::ir::Question;
use rolecall_engine::{ClaimId, Location};
use std::cmp::Reverse;
use std::collections::BTreeMap;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "case-confusion",
        summary: "two texts that a claim is compared with differ only in upper and lower case",
        category: Category::Operators,
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        persona: Persona::Regular,
        fix: Some(Safety::Unsafe),
        page: include_str!("../../docs/case-confusion.md"),
    },
    check: Check::Set(check),
};

/// The texts of a claim, each with the locations of its comparisons; never none.
type Uses<'p> = BTreeMap<&'p str, Vec<Location>>;

fn check(context: &mut RuleContext<'_, '_>) -> Vec<Finding> {
    let mut known: BTreeMap<(&str, ClaimId, String), Uses<'_>> = BTreeMap::new();
    let program = context.program();
    for clause in program.all_clauses().values() {
        let profile = &program[clause.issuer].profile;
        clause.conditions().for_each(|condition| {
            condition.each_atom(&mut |atom, location| {
                let has_case = profile[atom.claim].claim_type.scalar().has_patterns();
                let (Question::OneOf(texts), true) = (&atom.question, has_case) else {
                    return;
                };
                for text in texts.iter().filter_map(|text| text.as_text()) {
                    let key = (profile.name.as_str(), atom.claim, text.to_lowercase());
                    let uses = known.entry(key).or_default();
                    uses.entry(text).or_default().push(location);
                }
            });
        });
    }
    known.values().flat_map(|uses| minority(uses, context)).collect()
}

/// Reports the texts that differ from the one that is used most often, or else first.
fn minority(uses: &Uses<'_>, context: &RuleContext<'_, '_>) -> Vec<Finding> {
    let order =
        |(_, locations): &(&&str, &Vec<Location>)| (Reverse(locations.len()), locations.first().copied());
    let Some((usual, [first, ..])) = uses
        .iter()
        .min_by_key(order)
        .map(|(text, locations)| (*text, locations.as_slice()))
    else {
        return Vec::new();
    };
    let others = uses.iter().filter(|(text, _)| **text != usual);
    let found = others.filter_map(|(text, locations)| {
        let location = locations.first().filter(|location| *location != first)?;
        Some(finding(text, *location, (usual, *first), context))
    });
    found.collect()
}

fn finding(
    text: &str,
    location: Location,
    (usual, first): (&str, Location),
    context: &RuleContext<'_, '_>,
) -> Finding {
    let comparison = context.trees.comparison(location);
    let written = comparison.and_then(|comparison| find(comparison, location.file(), text));
    let edit = written.and_then(|written| edits::replace(context, written, quoted(usual)));
    let fix = edit.map(|edit| Fix::new(Safety::Unsafe, format!("write `{usual}`"), vec![edit]));
    Finding::new(
        &RULE.info,
        written.unwrap_or(location),
        format!("`{text}` is written `{usual}` elsewhere"),
    )
    .label("upper and lower case matter")
    .help("use the same case in both: values are compared byte by byte")
    .note(first, format!("`{usual}` here"))
    .fix(fix)
}
