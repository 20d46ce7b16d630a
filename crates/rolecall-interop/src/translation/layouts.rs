//! Layouts of `sub` that projects have configured, guessed from the texts that roles compare it with.
//!
//! A layout is only an assumption about tokens: a decision compares the text of `sub`, whatever its layout.

use rolecall_engine::ir::Profile;
use rolecall_engine::{Location, PolicySet, UnknownLayout, built_in_profiles};
use rolecall_syntax::ast::{Derive, IssuerMember, Item, ProfileMember};
use rolecall_syntax::{Span, Spanned, parse};
use std::collections::{BTreeMap, BTreeSet};

/// The most layouts that are assumed for one issuer. A text of another layout is reported as impossible.
const MAX_LAYOUTS: usize = 32;

/// The statements `derive sub = "…"` for each issuer, by its name.
pub(super) type Guessed = BTreeMap<String, BTreeSet<String>>;

/// Guesses the layouts that no issuer of a set declares, of the texts in its conditions.
pub(super) fn guessed(set: &PolicySet) -> Guessed {
    let mut guessed = Guessed::new();
    let program = set.program();
    for clause in program.all_clauses().values() {
        let issuer = &program[clause.issuer];
        clause.condition.each_atom(&mut |atom, _: Location| {
            let Some(unknown) = UnknownLayout::of_question(issuer, atom.claim, &atom.question) else {
                return;
            };
            let lines = guessed.entry(issuer.issuer.name.clone()).or_default();
            for line in unknown.lines() {
                if lines.len() < MAX_LAYOUTS && is_usual(line, &issuer.profile) {
                    lines.insert(line.to_owned());
                }
            }
        });
    }
    guessed.retain(|_, lines| !lines.is_empty());
    guessed
}

/// Returns whether a layout can be one of the issuer's: it begins with the name of a claim, or as a layout of the profile
/// does. A text that only looks like one is a mistake, such as `REPO:…`, and so is a wildcard that is none.
fn is_usual(line: &str, profile: &Profile) -> bool {
    let start = |line: &str| {
        let text = line.split_once('"').map_or("", |(_, text)| text);
        let end = text.find([':', '{', '"']).unwrap_or(text.len());
        text.get(..end).unwrap_or_default().to_owned()
    };
    let own = start(line);
    if line.contains(['*', '?']) {
        return false;
    }
    let built_in = built_in_profiles().find(|(known, _)| *known == profile.name);
    let mut known = built_in
        .map_or("", |(_, text)| text)
        .lines()
        .filter(|line| line.trim_start().starts_with("derive sub ="))
        .map(start)
        .peekable();
    known.peek().is_none() || profile.claim_by_name(&own).is_some() || known.any(|known| known == own)
}

/// Returns the members of an issuer that add layouts to those of its profile.
pub(super) fn members(profile: &str, lines: &BTreeSet<String>) -> Vec<Spanned<IssuerMember>> {
    // The layouts of an issuer replace those of its profile.
    let own = of_profile(profile);
    let added = lines.iter().flat_map(|line| {
        let text = format!("issuer any {{ {line} }}");
        let items = parse(&text).file.items.into_iter();
        items.flat_map(|item| match item.node {
            Item::Issuer(issuer) => issuer.members,
            _ => Vec::new(),
        })
    });
    let added = added.filter_map(|member| match member.node {
        IssuerMember::Derive(derive) => Some(derive),
        _ => None,
    });
    let all = own.into_iter().chain(added);
    all.map(|derive| Spanned::new(IssuerMember::Derive(derive), Span::default()))
        .collect()
}

/// Returns the statements of a built-in profile that derive `sub`.
fn of_profile(name: &str) -> Vec<Derive> {
    let text = built_in_profiles()
        .find(|(known, _)| *known == name)
        .map_or("", |(_, text)| text);
    let members = parse(text)
        .file
        .items
        .into_iter()
        .flat_map(|item| match item.node {
            Item::Profile(profile) => profile.members,
            _ => Vec::new(),
        });
    let derives = members.filter_map(|member| match member.node {
        ProfileMember::Derive(derive) => Some(derive),
        _ => None,
    });
    derives
        .filter(|derive| derive.claim.as_name() == Some("sub"))
        .collect()
}
