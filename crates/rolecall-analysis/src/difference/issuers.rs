//! Changes of issuers: of the verification and of the claims of their tokens.

use super::mapping::Mapping;
use rolecall_engine::ir::{ClaimDefinition, Derivation, Program, TrustedIssuer};
use rolecall_engine::{Algorithm, PolicySet};
use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

/// A change of an issuer or of one of its settings.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct IssuerChange {
    /// The issuer's name in the new policies; in the old ones if it is gone.
    pub issuer: String,
    /// The setting that changed.
    pub setting: IssuerSetting,
    /// The old value, as a policy writes it; none for a new issuer or an omitted setting.
    pub old: Option<String>,
    /// The new value; none for an issuer that is gone or an omitted setting.
    pub new: Option<String>,
    /// True if the new version may accept tokens that the old one does not.
    pub gained: bool,
    /// True if the old version may accept tokens that the new one does not.
    pub lost: bool,
}

/// A setting of an issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum IssuerSetting {
    /// The issuer as a whole, with its URL as the value.
    Issuer,
    /// `url`
    Url,
    /// `profile`: the name, or the claims that it declares.
    Profile,
    /// `audience`
    Audience,
    /// `jwks`
    Jwks,
    /// `algorithms`
    Algorithms,
    /// `max_age`
    MaxAge,
    /// `leeway`
    Leeway,
    /// `subject_limit`
    SubjectLimit,
    /// `authorized_party`
    AuthorizedParty,
    /// `derive`
    Derivations,
}

impl fmt::Display for IssuerSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Issuer => "issuer",
            Self::Url => "url",
            Self::Profile => "profile",
            Self::Audience => "audience",
            Self::Jwks => "jwks",
            Self::Algorithms => "algorithms",
            Self::MaxAge => "max_age",
            Self::Leeway => "leeway",
            Self::SubjectLimit => "subject_limit",
            Self::AuthorizedParty => "authorized_party",
            Self::Derivations => "derive",
        })
    }
}

/// Compares the issuers of two policy sets, first the new ones in their order, then those that are gone. Two
/// issuers are the same if they have the same URL, or else the same name.
pub fn issuer_changes(old: &PolicySet, new: &PolicySet) -> Vec<IssuerChange> {
    let (old, new) = (old.program(), new.program());
    let mut gone: Vec<&TrustedIssuer> = old.issuers().values().collect();
    let mut take = |is: &dyn Fn(&TrustedIssuer) -> bool| {
        let at = gone.iter().position(|trusted| is(trusted))?;
        Some(gone.remove(at))
    };
    let by_url: Vec<Option<&TrustedIssuer>> = new
        .issuers()
        .values()
        .map(|now| take(&|before| is_same(before, now)))
        .collect();
    let mut changes = Vec::new();
    for (now, before) in new.issuers().values().zip(by_url) {
        match before.or_else(|| take(&|before| before.issuer.name == now.issuer.name)) {
            Some(before) => Pair {
                old,
                new,
                before,
                now,
            }
            .compare(&mut changes),
            None => changes.push(IssuerChange {
                issuer: now.issuer.name.clone(),
                setting: IssuerSetting::Issuer,
                old: None,
                new: Some(now.issuer.url.clone()),
                gained: true,
                lost: false,
            }),
        }
    }
    changes.extend(gone.into_iter().map(|before| IssuerChange {
        issuer: before.issuer.name.clone(),
        setting: IssuerSetting::Issuer,
        old: Some(before.issuer.url.clone()),
        new: None,
        gained: false,
        lost: true,
    }));
    changes
}

/// Returns whether an issuer of one version is that of another: it has the same URL, and belongs to policies or to
/// documents in both.
pub(super) fn is_same(before: &TrustedIssuer, now: &TrustedIssuer) -> bool {
    before.issuer.url == now.issuer.url && before.is_enforced == now.is_enforced
}

/// One issuer in both versions.
struct Pair<'p> {
    old: &'p Program,
    new: &'p Program,
    before: &'p TrustedIssuer,
    now: &'p TrustedIssuer,
}

impl Pair<'_> {
    fn compare(&self, changes: &mut Vec<IssuerChange>) {
        let (before, now) = (&self.before.issuer, &self.now.issuer);
        let mut add = |setting, old: Option<String>, new: Option<String>, gained, lost| {
            if gained || lost {
                changes.push(IssuerChange {
                    issuer: now.name.clone(),
                    setting,
                    old,
                    new,
                    gained,
                    lost,
                });
            }
        };
        let text = |text: &str| Some(text.to_owned());
        let other = before.url != now.url;
        add(
            IssuerSetting::Url,
            text(&before.url),
            text(&now.url),
            other,
            other,
        );
        let other = before.profile != now.profile
            || before.tokens != now.tokens
            || declared(self.before) != declared(self.now);
        let (old, new) = (text(&before.profile), text(&now.profile));
        add(IssuerSetting::Profile, old, new, other, other);
        let (gained, lost) = sets(&before.audiences, &now.audiences);
        let list = |audiences: &[String]| Some(audiences.join(", "));
        let (old, new) = (list(&before.audiences), list(&now.audiences));
        add(IssuerSetting::Audience, old, new, gained, lost);
        let other = before.jwks != now.jwks;
        add(
            IssuerSetting::Jwks,
            before.jwks.clone(),
            now.jwks.clone(),
            other,
            other,
        );
        let (gained, lost) = sets(&before.algorithms, &now.algorithms);
        let list = |algorithms: &[Algorithm]| {
            let names: Vec<&str> = algorithms.iter().map(|algorithm| algorithm.name()).collect();
            Some(names.join(", "))
        };
        let (old, new) = (list(&before.algorithms), list(&now.algorithms));
        add(IssuerSetting::Algorithms, old, new, gained, lost);
        let seconds = |duration: Duration| Some(format!("{}s", duration.as_secs()));
        for (setting, before, now) in [
            (IssuerSetting::MaxAge, before.max_age, now.max_age),
            (IssuerSetting::Leeway, before.leeway, now.leeway),
        ] {
            add(setting, seconds(before), seconds(now), now > before, now < before);
        }
        let (old, new) = (before.subject_limit, now.subject_limit);
        let limit = |characters: usize| Some(characters.to_string());
        add(
            IssuerSetting::SubjectLimit,
            limit(old),
            limit(new),
            new > old,
            new < old,
        );
        let (old, new) = (&before.authorized_party, &now.authorized_party);
        let (gained, lost) = (new.is_some() && new != old, old.is_some() && new != old);
        add(
            IssuerSetting::AuthorizedParty,
            old.clone(),
            new.clone(),
            gained,
            lost,
        );
        if Mapping::new(self.before, self.now).is_remade() {
            let old = derivations(self.before, self.old);
            let new = derivations(self.now, self.new);
            add(IssuerSetting::Derivations, Some(old), Some(new), true, true);
        }
    }
}

/// Returns whether elements were added, and whether elements were removed.
fn sets<T: Ord>(before: &[T], now: &[T]) -> (bool, bool) {
    let [before, now]: [BTreeSet<&T>; 2] = [before, now].map(|list| list.iter().collect());
    (!now.is_subset(&before), !before.is_subset(&now))
}

/// Returns the claims of a profile and its shared issuers, without their locations. The modifiers for trust
/// do not change decisions, but they change the findings of the linter.
fn declared(trusted: &TrustedIssuer) -> (BTreeSet<String>, BTreeSet<&String>) {
    let one = |claim: &ClaimDefinition| {
        let ClaimDefinition {
            path,
            aliases,
            claim_type,
            trust,
            tenant,
            optional,
            nullable,
            location: _,
            ..
        } = claim;
        format!("{path:?} {aliases:?} {claim_type:?} {trust:?} {tenant} {optional} {nullable}")
    };
    let claims = trusted.profile.claims().values().map(one);
    (claims.collect(), trusted.profile.shared.iter().collect())
}

/// Returns the text of the derivations.
fn derivations(trusted: &TrustedIssuer, program: &Program) -> String {
    let written = |derivation: &Derivation| {
        let location = derivation.location;
        let text = location.span().text(&program[location.file()].text);
        text.split_whitespace().collect::<Vec<&str>>().join(" ")
    };
    let texts: Vec<String> = trusted.derivations.iter().map(written).collect();
    texts.join("; ")
}
