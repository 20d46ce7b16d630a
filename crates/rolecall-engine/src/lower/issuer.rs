//! Issuers: whom to trust, and how strictly.

use super::Lowering;
use super::claim_path::find;
use super::names::Named;
use crate::built_in::{built_in_profiles, is_built_in};
use crate::diagnostic::{Diagnostic, Location};
use crate::id::{ClaimId, FileId, IssuerId};
use crate::ir::{Derivation, Profile, TrustedIssuer};
use crate::issuer::{Algorithm, Issuer};
use crate::issuer_url::check_issuer_url;
use rolecall_syntax::ast::{self, Duration, IssuerMember, Name};
use rolecall_syntax::{Spanned, did_you_mean};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration as Time;

impl<'a> Lowering<'a> {
    pub(super) fn lower_issuers(&mut self) {
        let mut by_url: HashMap<String, IssuerId> = HashMap::new();
        for issuer in self.names.issuers.clone() {
            if let Some(lowered) = self.issuer(issuer) {
                if let Some(twin) = by_url.get(&lowered.issuer.url).copied() {
                    let twin = &self.program[twin];
                    let message = format!(
                        "the issuers `{}` and `{}` have the same url",
                        twin.issuer.name, lowered.issuer.name
                    );
                    let diagnostic = Diagnostic::new(lowered.location, message)
                        .help("make them one: `audience` takes a list, and roles may compare `aud`")
                        .note(twin.location, "the other one");
                    self.error(diagnostic);
                }
                let (name, url) = (lowered.issuer.name.clone(), lowered.issuer.url.clone());
                let id = self.program.issuers.push(lowered);
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
                let known = self.claim_names.entry(name.to_owned());
                known.or_insert_with(|| Arc::clone(&profile));
            }
        }
    }

    fn issuer(&mut self, issuer: Named<'a, ast::Issuer>) -> Option<TrustedIssuer> {
        let mut members = Members::default();
        let mut derives = Vec::new();
        let mut seen: HashMap<&str, Location> = HashMap::new();
        for member in &issuer.item.members {
            let location = Location::new(issuer.file, member.span);
            let name = match &member.node {
                IssuerMember::Algorithms(names) => {
                    members.algorithms = Some(self.algorithms(names, location));
                    "algorithms"
                }
                IssuerMember::Audience(audiences) => {
                    members.audiences = Some((audiences.strings(), location));
                    "audience"
                }
                IssuerMember::Derive(derive) => {
                    derives.push((location, derive));
                    continue;
                }
                IssuerMember::Jwks(string) => {
                    let text = self.plain_text(&string.node, Location::new(issuer.file, string.span));
                    members.jwks =
                        text.filter(|text| self.check_jwks(text, Location::new(issuer.file, string.span)));
                    "jwks"
                }
                IssuerMember::Leeway(span) => {
                    members.leeway = self.duration("leeway", span, issuer.file, 0, Issuer::LONGEST_LEEWAY);
                    "leeway"
                }
                IssuerMember::MaxAge(span) => {
                    members.max_age = self.duration("max_age", span, issuer.file, 1, Issuer::LONGEST_MAX_AGE);
                    "max_age"
                }
                IssuerMember::Profile(name) => {
                    members.profile = Some(name);
                    "profile"
                }
                IssuerMember::Url(url) => {
                    members.url = Some(url);
                    "url"
                }
            };
            if let Some(first) = seen.insert(name, location) {
                self.error(
                    Diagnostic::new(location, format!("`{name}` is said twice"))
                        .help("take one of them out")
                        .note(first, "the other one"),
                );
            }
        }
        self.assemble(issuer, members, &derives)
    }

    fn assemble(
        &mut self,
        issuer: Named<'a, ast::Issuer>,
        members: Members<'a>,
        derives: &[(Location, &ast::Derive)],
    ) -> Option<TrustedIssuer> {
        let name = &issuer.item.name;
        let at = Location::new(issuer.file, name.span);
        let missing = [
            (
                "url",
                members.url.is_none(),
                "write `url \"https://…\"`, exactly as in the claim `iss`",
            ),
            (
                "profile",
                members.profile.is_none(),
                "write `profile gitlab-ci`, or another one",
            ),
            (
                "audience",
                members.audiences.is_none(),
                "write `audience \"https://…\"`: without one, tokens for other services would do",
            ),
        ];
        for (member, _, help) in missing.into_iter().filter(|(_, is_missing, _)| *is_missing) {
            self.error(
                Diagnostic::new(at, format!("the issuer `{}` has no `{member}`", name.node)).help(help),
            );
        }
        let url = members.url.and_then(|url| self.url(url, issuer.file));
        let audiences = members
            .audiences
            .and_then(|(audiences, location)| self.audiences(audiences, location));
        let profile = members
            .profile
            .and_then(|profile| self.find_profile(profile, issuer.file))?;
        // Each issuer has what its tokens say laid out for itself.
        let size = profile.claims().len().saturating_add(profile.derivations.len());
        if !self.take_written(size, issuer.location) {
            return None;
        }
        let derivations = self.issuer_derivations(derives, &profile);
        // What is missing is reported. With a stand-in for it, so is what is wrong with the roles of the issuer.
        let mut lowered = Issuer::new(
            &name.node,
            &url.unwrap_or_default(),
            &profile.name,
            audiences.unwrap_or_default(),
        );
        lowered.jwks = members.jwks;
        lowered.algorithms = members.algorithms.unwrap_or(lowered.algorithms);
        lowered.max_age = members.max_age.unwrap_or(lowered.max_age);
        lowered.leeway = members.leeway.unwrap_or(lowered.leeway);
        Some(TrustedIssuer {
            issuer: lowered,
            profile,
            derivations,
            location: issuer.location,
        })
    }

    /// The derivations of the profile, those of a claim that the issuer derives itself replaced.
    fn issuer_derivations(
        &mut self,
        derives: &[(Location, &ast::Derive)],
        profile: &Arc<Profile>,
    ) -> Vec<Derivation> {
        // A claim that the profile does not have replaces nothing, and is reported where it is lowered.
        let replaced: HashSet<ClaimId> = derives
            .iter()
            .filter_map(|(_, derive)| find(&derive.claim, profile))
            .collect();
        let kept = profile
            .derivations
            .iter()
            .filter(|derivation| !replaced.contains(&derivation.claim));
        let mut derivations: Vec<Derivation> = kept.cloned().collect();
        derivations.extend(self.derivations(derives, profile));
        if !derives.is_empty() {
            self.check_circles(&derivations, profile);
        }
        derivations
    }

    fn find_profile(&mut self, name: &Name, file: FileId) -> Option<Arc<Profile>> {
        if let Some(profile) = self.profiles.get(name.node.as_str()) {
            return Some(Arc::clone(profile));
        }
        let known = self
            .profiles
            .keys()
            .copied()
            .chain(built_in_profiles().map(|(name, _)| name));
        let near = self.budgets.did_you_mean(&name.node, known);
        let all: Vec<String> = built_in_profiles().map(|(name, _)| format!("`{name}`")).collect();
        let help = near.map_or(format!("the built-in profiles are {}", all.join(", ")), |near| {
            format!("did you mean `{near}`?")
        });
        if !is_built_in(&name.node) {
            self.error(
                Diagnostic::new(
                    Location::new(file, name.span),
                    format!("there is no profile `{}`", name.node),
                )
                .help(help),
            );
        }
        None
    }

    fn url(&mut self, url: &Spanned<rolecall_syntax::Str>, file: FileId) -> Option<String> {
        let location = Location::new(file, url.span);
        let text = self.plain_text(&url.node, location)?;
        match check_issuer_url(&text) {
            Ok(()) => Some(text),
            Err(fault) => {
                let message = format!("`{text}` is no url of an issuer: {fault}");
                self.error(Diagnostic::new(location, message).help("write it exactly as in the claim `iss`"));
                None
            }
        }
    }

    fn check_jwks(&mut self, text: &str, location: Location) -> bool {
        let secure = !text.contains("://") || text.starts_with("https://") || check_issuer_url(text).is_ok();
        if !secure {
            let message = format!("keys are not read from `{text}`");
            self.error(
                Diagnostic::new(location, message)
                    .help("write a url that begins with `https://`, or the path of a file"),
            );
        }
        secure
    }

    fn audiences(
        &mut self,
        audiences: &[Spanned<rolecall_syntax::Str>],
        location: Location,
    ) -> Option<Vec<String>> {
        let mut texts = Vec::new();
        for audience in audiences {
            let text = self.plain_text(&audience.node, Location::new(location.file(), audience.span))?;
            if text.is_empty() {
                self.error(
                    Diagnostic::new(
                        Location::new(location.file(), audience.span),
                        "the audience is empty",
                    )
                    .help("write what tokens for your service say in `aud`"),
                );
                return None;
            }
            texts.push(text);
        }
        if texts.is_empty() {
            self.error(
                Diagnostic::new(location, "the list of audiences is empty")
                    .help("write what tokens for your service say in `aud`"),
            );
            return None;
        }
        Some(texts)
    }

    fn algorithms(&mut self, names: &[Name], location: Location) -> Vec<Algorithm> {
        if names.is_empty() {
            self.error(
                Diagnostic::new(location, "the list of algorithms is empty")
                    .help("leave `algorithms` out to allow all that are safe"),
            );
        }
        let mut algorithms = Vec::new();
        for name in names {
            match Algorithm::from_name(&name.node) {
                Some(algorithm) => algorithms.push(algorithm),
                None => {
                    let message = format!("`{}` is no algorithm that is accepted", name.node);
                    let help = match name.node.as_str() {
                        "HS256" | "HS384" | "HS512" | "none" => {
                            "tokens must be signed with a key that only the issuer has".to_owned()
                        }
                        other => {
                            let near =
                                did_you_mean(other, Algorithm::ALL.iter().map(|algorithm| algorithm.name()));
                            let all: Vec<&str> =
                                Algorithm::ALL.iter().map(|algorithm| algorithm.name()).collect();
                            near.map_or(format!("the algorithms are {}", all.join(", ")), |near| {
                                format!("did you mean `{near}`?")
                            })
                        }
                    };
                    self.error(
                        Diagnostic::new(Location::new(location.file(), name.span), message).help(help),
                    );
                }
            }
        }
        algorithms
    }

    fn duration(
        &mut self,
        name: &str,
        span: &Spanned<Duration>,
        file: FileId,
        least: u64,
        most: Time,
    ) -> Option<Time> {
        let seconds = span.node.seconds();
        if seconds < least || seconds > most.as_secs() {
            let message = format!("`{name}` is between {least} and {} seconds", most.as_secs());
            self.error(Diagnostic::new(Location::new(file, span.span), message));
            return None;
        }
        Some(Time::from_secs(seconds))
    }
}

/// What an issuer says of itself.
#[derive(Default)]
struct Members<'a> {
    algorithms: Option<Vec<Algorithm>>,
    audiences: Option<(&'a [Spanned<rolecall_syntax::Str>], Location)>,
    jwks: Option<String>,
    leeway: Option<Time>,
    max_age: Option<Time>,
    profile: Option<&'a Name>,
    url: Option<&'a Spanned<rolecall_syntax::Str>>,
}
