//! Audiences: a cloud and a gate may expect different ones, so that they are compared on their own.

use rolecall_engine::ClaimId;
use rolecall_engine::ir::{Formula, Profile};
use rolecall_syntax::ast::{File, Issuer, IssuerMember, Item, OneOrList};
use rolecall_syntax::{Span, Spanned, Str};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The audiences of each issuer: those of the policies, and the live ones.
#[derive(Debug, Default)]
pub(super) struct Audiences(BTreeMap<String, [BTreeSet<String>; 2]>);

impl Audiences {
    /// Adds the audiences of the issuers of some files, to one of the two sides.
    pub(super) fn collect<'f>(&mut self, files: impl Iterator<Item = &'f File>, side: usize) {
        for issuer in files
            .flat_map(|file| &file.items)
            .filter_map(|item| match &item.node {
                Item::Issuer(issuer) => Some(issuer),
                _ => None,
            })
        {
            let Some(url) = url(issuer) else { continue };
            let audiences = issuer.members.iter().filter_map(|member| match &member.node {
                IssuerMember::Audience(OneOrList::One(one)) => Some(std::slice::from_ref(one)),
                IssuerMember::Audience(OneOrList::List(list)) => Some(list.as_slice()),
                _ => None,
            });
            let texts: BTreeSet<String> = audiences
                .flatten()
                .filter_map(|text| text.node.text().ok())
                .collect();
            if let Some(of_side) = self.0.entry(url).or_default().get_mut(side) {
                of_side.extend(texts);
            }
        }
    }

    /// Gives the issuers of a file the audiences of both sides.
    pub(super) fn join(&self, file: &mut File) {
        for item in &mut file.items {
            let Item::Issuer(issuer) = &mut item.node else {
                continue;
            };
            let Some([one, other]) = url(issuer).and_then(|url| self.0.get(&url)) else {
                continue;
            };
            let all = one
                .union(other)
                .map(|text| Spanned::new(Str::quote(text), Span::default()));
            let all: Vec<Spanned<Str>> = all.collect();
            for member in &mut issuer.members {
                if let IssuerMember::Audience(audiences) = &mut member.node {
                    *audiences = OneOrList::List(all.clone());
                }
            }
        }
    }

    /// Returns the issuers of both sides whose audiences differ.
    pub(super) fn different(self) -> Vec<(String, [BTreeSet<String>; 2])> {
        let both = self
            .0
            .into_iter()
            .filter(|(_, sides)| sides.iter().all(|side| !side.is_empty()));
        both.filter(|(_, [one, other])| one != other).collect()
    }
}

/// Returns the URL of an issuer.
fn url(issuer: &Issuer) -> Option<String> {
    issuer.members.iter().find_map(|member| match &member.node {
        IssuerMember::Url(url) => url.node.text().ok(),
        _ => None,
    })
}

/// Returns a condition for tokens of any audience: each comparison of the audience has the value that helps the condition.
pub(super) fn without(profile: &Profile, condition: &Formula) -> Formula {
    match profile.claim_by_path(&["aud".to_owned()]) {
        Some(audience) => of_any(audience, condition, true),
        None => condition.clone(),
    }
}

/// Returns a part of a condition. A part that is negated helps if it fails.
fn of_any(audience: ClaimId, condition: &Formula, helps: bool) -> Formula {
    let parts = |parts: &[Formula]| parts.iter().map(|part| of_any(audience, part, helps)).collect();
    match condition {
        Formula::All(all) => Formula::All(parts(all)),
        Formula::Any(any) => Formula::Any(parts(any)),
        Formula::Not(part) => Formula::Not(Arc::new(of_any(audience, part, !helps))),
        Formula::Atom(atom, _) if atom.claim == audience && helps => Formula::always(),
        Formula::Atom(atom, _) if atom.claim == audience => Formula::never(),
        Formula::Atom(..) | Formula::External(..) | Formula::Unknown => condition.clone(),
    }
}
