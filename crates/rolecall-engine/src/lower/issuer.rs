//! Issuers: their members, profiles and derivations.

mod member;

use super::Lowering;
use super::names::Named;
use super::profile::size_of_derivations;
use crate::built_in::built_in_profiles;
use crate::certain::plus;
use crate::diagnostic::{Diagnostic, Location};
use crate::error_kind::ErrorKind;
use crate::id::{FileId, IssuerId};
use crate::ir::{Profile, TrustedIssuer};
use crate::issuer::{Algorithm, Issuer};
use rolecall_syntax::ast::{self, IssuerMember, Name};
use rolecall_syntax::{Spanned, Str};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// The members of an issuer as they are written.
#[derive(Default)]
struct Members<'a> {
    algorithms: Option<(Vec<Algorithm>, Location)>,
    audiences: Option<(&'a [Spanned<Str>], Location)>,
    authorized_party: Option<String>,
    derives: Vec<(Location, &'a ast::Derive)>,
    jwks: Option<String>,
    leeway: Option<Duration>,
    max_age: Option<Duration>,
    profile: Option<&'a Name>,
    subject_limit: Option<usize>,
    url: Option<&'a Spanned<Str>>,
}

impl<'a> Lowering<'a> {
    pub(super) fn lower_issuers(&mut self) {
        let mut by_url: HashMap<String, IssuerId> = HashMap::new();
        let is_foreign = |issuer: &Named<'_, _>| self.names.is_foreign(issuer.file);
        let issuers = self.names.issuers.iter().copied();
        let (foreign, own): (Vec<_>, Vec<_>) = issuers.partition(is_foreign);
        // An issuer of documents joins that of the policies, which say how its tokens are.
        for issuer in own.into_iter().chain(foreign) {
            if let Some(mut lowered) = self.issuer(issuer) {
                let known = by_url.get(&lowered.issuer.url).copied();
                let twin = known.filter(|known| self.join(&mut lowered, *known));
                if let Some(known) = known.filter(|_| twin.is_none()) {
                    self.report_same_url(&lowered, known);
                }
                let (name, url) = (lowered.issuer.name.clone(), lowered.issuer.url.clone());
                let id = self.program.issuers.push(lowered);
                if let Some(twin) = twin.and_then(|twin| self.program.issuers.get_mut(twin)) {
                    twin.twin = Some(id);
                }
                if !url.is_empty() {
                    by_url.entry(url).or_insert(id);
                }
                self.issuers.insert(name, id);
            }
            if self.exceeded.is_some() {
                return;
            }
        }
        for profile in self.profiles_in_use() {
            for name in profile.names() {
                let entry = self.claim_names.entry(name.to_owned());
                entry.or_insert_with(|| Arc::clone(&profile));
            }
        }
    }

    /// Makes an issuer of documents the twin of one of policies, if its roles are written for the same claims.
    fn join(&self, lowered: &mut TrustedIssuer, known: IssuerId) -> bool {
        let declared = &self.program[known];
        let is_twin = declared.is_enforced
            && !lowered.is_enforced
            && declared.twin.is_none()
            && Arc::ptr_eq(&declared.profile, &lowered.profile);
        if is_twin {
            lowered.derivations.clone_from(&declared.derivations);
            lowered.twin = Some(known);
        }
        is_twin
    }

    /// Reports an issuer with the URL of another one.
    fn report_same_url(&mut self, lowered: &TrustedIssuer, known: IssuerId) {
        let known = &self.program[known];
        let message = format!(
            "the issuers `{}` and `{}` have the same url",
            known.issuer.name, lowered.issuer.name
        );
        let diagnostic = Diagnostic::new(ErrorKind::DuplicateIssuerUrl, lowered.location, message)
            .help("join them: `audience` takes a list, and roles may compare `aud`")
            .note(known.location, "the other one");
        self.error(diagnostic);
    }

    fn issuer(&mut self, issuer: Named<'a, ast::Issuer>) -> Option<TrustedIssuer> {
        let mut members = Members::default();
        let mut seen: HashMap<&str, Location> = HashMap::new();
        for member in &issuer.item.members {
            let location = Location::new(issuer.file, member.span);
            let Some(name) = self.issuer_member(&member.node, location, &mut members) else {
                continue;
            };
            if let Some(first) = seen.insert(name, location) {
                let message = format!("`{name}` is set twice");
                self.error(
                    Diagnostic::new(ErrorKind::RepeatedMember, location, message)
                        .help("remove one of them")
                        .note(first, "the other one"),
                );
            }
        }
        self.assemble(issuer, members)
    }

    /// Lowers a member on its own. Returns its name if an issuer can have only one of it.
    fn issuer_member(
        &mut self,
        member: &'a IssuerMember,
        location: Location,
        members: &mut Members<'a>,
    ) -> Option<&'static str> {
        let file = location.file();
        Some(match member {
            IssuerMember::Algorithms(names) => {
                members.algorithms = Some((self.algorithms(names, location), location));
                "algorithms"
            }
            IssuerMember::Audience(audiences) => {
                members.audiences = Some((audiences.strings(), location));
                "audience"
            }
            IssuerMember::AuthorizedParty(party) => {
                members.authorized_party = self.authorized_party(party, file);
                "authorized_party"
            }
            IssuerMember::Derive(derive) => {
                members.derives.push((location, derive));
                return None;
            }
            IssuerMember::Jwks(string) => {
                members.jwks = self.jwks(string, file);
                "jwks"
            }
            IssuerMember::Leeway(span) => {
                members.leeway = self.duration("leeway", span, file, 0, Issuer::LONGEST_LEEWAY);
                "leeway"
            }
            IssuerMember::MaxAge(span) => {
                members.max_age = self.duration("max_age", span, file, 1, Issuer::LONGEST_MAX_AGE);
                "max_age"
            }
            IssuerMember::Profile(name) => {
                members.profile = Some(name);
                "profile"
            }
            IssuerMember::SubjectLimit(limit) => {
                members.subject_limit = self.subject_limit(limit, file);
                "subject_limit"
            }
            IssuerMember::Url(url) => {
                members.url = Some(url);
                "url"
            }
        })
    }

    fn assemble(&mut self, issuer: Named<'a, ast::Issuer>, members: Members<'a>) -> Option<TrustedIssuer> {
        self.check_missing(issuer, &members);
        let url = members.url.and_then(|url| self.url(url, issuer.file));
        let audiences = members
            .audiences
            .and_then(|(audiences, location)| self.audiences(audiences, location));
        let profile = members
            .profile
            .and_then(|profile| self.find_profile(profile, issuer.file))?;
        // The matcher has its own table of the claims for each issuer, and the issuer its own derivations.
        let size = plus(profile.claims().len(), size_of_derivations(&profile));
        if !self.take_expanded(size, issuer.location) {
            return None;
        }
        let derivations = self.replace_derivations(&profile.derivations, &members.derives, &profile);
        let complete = url.is_some() && audiences.is_some();
        debug_assert!(complete || self.reports.count() > 0, "it is reported");
        // An empty stand-in replaces what has an error, so that errors of the issuer's roles are found.
        let (url, audiences) = (url.unwrap_or_default(), audiences.unwrap_or_default());
        let mut lowered = Issuer::new(&issuer.item.name.node, &url, &profile.name, audiences);
        lowered.jwks = members.jwks;
        lowered.authorized_party = members.authorized_party;
        lowered.tokens = profile.tokens;
        lowered
            .algorithms
            .retain(|algorithm| profile.tokens.allows(*algorithm));
        if let Some((algorithms, location)) = members.algorithms {
            self.check_algorithms(&algorithms, &profile, location);
            lowered.algorithms = algorithms;
        }
        if let Some(max_age) = members.max_age {
            lowered.max_age = max_age;
        }
        if let Some(leeway) = members.leeway {
            lowered.leeway = leeway;
        }
        if let Some(limit) = members.subject_limit {
            lowered.subject_limit = limit;
        }
        Some(TrustedIssuer {
            issuer: lowered,
            profile,
            derivations,
            is_enforced: !self.names.is_foreign(issuer.file),
            twin: None,
            location: issuer.location,
        })
    }

    /// Reports required members that an issuer lacks.
    fn check_missing(&mut self, issuer: Named<'a, ast::Issuer>, members: &Members<'a>) {
        let name = &issuer.item.name;
        let location = Location::new(issuer.file, name.span);
        let required = [
            (
                "url",
                members.url.is_some(),
                "write `url \"https://…\"`, exactly as in the claim `iss`",
            ),
            (
                "profile",
                members.profile.is_some(),
                "write `profile gitlab-ci`, or another one",
            ),
            (
                "audience",
                members.audiences.is_some(),
                "write `audience \"https://…\"`: without one, tokens for other services would be accepted",
            ),
        ];
        for (member, is_set, help) in required {
            if !is_set {
                let message = format!("the issuer `{}` has no `{member}`", name.node);
                self.error(Diagnostic::new(ErrorKind::MissingMember, location, message).help(help));
            }
        }
    }

    fn find_profile(&mut self, name: &Name, file: FileId) -> Option<Arc<Profile>> {
        if let Some(profile) = self.profiles.get(name.node.as_str()) {
            return Some(Arc::clone(profile));
        }
        self.unknown_profile(name, file);
        None
    }

    /// Reports the name of a profile that is not declared.
    pub(super) fn unknown_profile(&mut self, name: &Name, file: FileId) {
        // The errors of a declared profile are reported where it is declared.
        if !self.names.profiles.contains_key(name.node.as_str()) {
            let built_in = || built_in_profiles().map(|(name, _)| name);
            let declared = self.names.profiles.keys().copied();
            let near = self.budgets.did_you_mean(&name.node, declared.chain(built_in()));
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => {
                    let all: Vec<String> = built_in().map(|name| format!("`{name}`")).collect();
                    format!("the built-in profiles are {}", all.join(", "))
                }
            };
            let location = Location::new(file, name.span);
            let message = format!("there is no profile `{}`", name.node);
            self.error(Diagnostic::new(ErrorKind::UnknownProfile, location, message).help(help));
        }
    }
}
