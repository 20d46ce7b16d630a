//! Issuers of foreign roles, with their audiences over all documents.

use super::layouts::{self, Guessed};
use super::profiles::{Profiles, of_host, url};
use rolecall_engine::check_issuer_url;
use rolecall_engine::ir::Profile;
use rolecall_syntax::ast::{Issuer, IssuerMember, Item, OneOrList};
use rolecall_syntax::{Span, Spanned, Str};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The audiences that the roles of each issuer admit, by the URL of the issuer without `https://`.
pub(super) type Audiences = BTreeMap<String, BTreeSet<String>>;

/// The issuers of some documents, and what is known of them.
#[derive(Debug)]
pub(super) struct Issuers<'p> {
    pub(super) audiences: &'p mut Audiences,
    pub(super) profiles: &'p Profiles,
}

impl Issuers<'_> {
    /// Adds an issuer with the audiences that a role admits. Returns its profile, or nothing if no issuer has the URL.
    pub(super) fn add(&mut self, issuer: &str, audiences: &[String]) -> Option<Arc<Profile>> {
        check_issuer_url(&url(issuer)).ok()?;
        // The tokens of these issuers have no slash at the end.
        let usual = issuer.trim_end_matches('/');
        if usual != issuer && of_host(usual).is_some() {
            return None;
        }
        let known = self.audiences.entry(issuer.to_owned()).or_default();
        known.extend(audiences.iter().filter(|audience| !audience.is_empty()).cloned());
        self.profiles.of(issuer)
    }

    /// Returns whether a role that admits some audiences admits all that the issuer's roles admit together.
    pub(super) fn are_all(&self, issuer: &str, audiences: &[String]) -> bool {
        let known = self.audiences.get(issuer);
        known.is_some_and(|known| known.iter().all(|known| audiences.contains(known)))
    }

    /// Returns an item for each issuer. Its tokens may also have guessed layouts.
    pub(super) fn items(&self, guessed: &Guessed) -> Vec<Spanned<Item>> {
        let nowhere = Span::default();
        let at = |text: &str| Spanned::new(Str::quote(text), nowhere);
        let items = self.audiences.iter().map(|(issuer, audiences)| {
            let profile = self.profiles.name(issuer);
            let mut texts: Vec<Spanned<Str>> = audiences.iter().map(|audience| at(audience)).collect();
            if texts.is_empty() {
                // The roles of this issuer are dead, and an issuer has an audience. This one is that of no token.
                texts.push(at("urn:no-audience"));
            }
            let members = [
                IssuerMember::Url(at(&url(issuer))),
                IssuerMember::Profile(Spanned::new(profile.to_owned(), nowhere)),
                IssuerMember::Audience(OneOrList::List(texts)),
            ];
            let members = members.into_iter().map(|member| Spanned::new(member, nowhere));
            let guessed = guessed.get(issuer).filter(|_| !self.profiles.is_declared(issuer));
            let layouts = guessed.map(|lines| layouts::members(profile, lines));
            let members = members.chain(layouts.into_iter().flatten()).collect();
            let name = Spanned::new(issuer.clone(), nowhere);
            Spanned::new(Item::Issuer(Issuer { name, members }), nowhere)
        });
        items.collect()
    }
}
