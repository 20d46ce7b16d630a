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
use rolecall_syntax::ast::{Item, Value};
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

/// Reports the texts that differ from the one that policies and tests use most often. If none of them is used more
/// often than the others, all but the first are reported, and nothing says which one is right.
fn minority(uses: &Uses<'_>, context: &RuleContext<'_, '_>) -> Vec<Finding> {
    if uses.len() < 2 {
        return Vec::new();
    }
    let tested = tested(uses, context);
    let often = |text: &str, locations: &[Location]| {
        let tests = tested.get(text).copied().unwrap_or(0);
        (locations.len(), tests)
    };
    let order = |(text, locations): &(&&str, &Vec<Location>)| {
        (Reverse(often(text, locations)), locations.first().copied())
    };
    let Some((usual, [first, ..])) = uses
        .iter()
        .min_by_key(order)
        .map(|(text, locations)| (*text, locations.as_slice()))
    else {
        return Vec::new();
    };
    let most = uses.get(usual).map(|locations| often(usual, locations));
    let others = uses.iter().filter(|(text, _)| **text != usual);
    let found = others.filter_map(|(text, locations)| {
        let location = locations.first().filter(|location| *location != first)?;
        let is_known = most > Some(often(text, locations));
        Some(finding(text, *location, (usual, *first, is_known), context))
    });
    found.collect()
}

/// Returns how often the tokens of tests have each of some texts.
fn tested<'p>(uses: &Uses<'p>, context: &RuleContext<'_, '_>) -> BTreeMap<&'p str, usize> {
    let mut counts = BTreeMap::new();
    for (_, item) in context.trees.items() {
        let Item::Test(test) = &item.node else {
            continue;
        };
        for entry in test.entries() {
            let Value::Text(value) = &entry.node.value.node else {
                continue;
            };
            if let Some((text, _)) = value
                .text()
                .ok()
                .and_then(|value| uses.get_key_value(value.as_str()))
            {
                let count: &mut usize = counts.entry(*text).or_default();
                *count = count.saturating_add(1);
            }
        }
    }
    counts
}

fn finding(
    text: &str,
    location: Location,
    (usual, first, is_known): (&str, Location, bool),
    context: &RuleContext<'_, '_>,
) -> Finding {
    let comparison = context.trees.comparison(location);
    let written = comparison.and_then(|comparison| find(comparison, location.file(), text));
    let edit = written
        .filter(|_| is_known)
        .and_then(|written| edits::replace(context, written, quoted(usual)));
    let fix = edit.map(|edit| Fix::new(Safety::Unsafe, format!("write `{usual}`"), vec![edit]));
    let help = match is_known {
        true => format!("write `{usual}`, which is used more often: values are compared byte by byte"),
        false => format!(
            "keep the one that the CI system has and remove the other; if it has both, write `{} in [{}, {}]`",
            context.claim_text(location).unwrap_or("CLAIM"),
            quoted(usual),
            quoted(text)
        ),
    };
    Finding::new(
        &RULE.info,
        written.unwrap_or(location),
        format!("`{text}` is written `{usual}` elsewhere"),
    )
    .label("upper and lower case matter")
    .help(help)
    .note(first, format!("`{usual}` here"))
    .fix(fix)
}
