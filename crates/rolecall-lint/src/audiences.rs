//! Audiences of issuers.

use crate::context::RuleContext;
use crate::vocabulary::{CLOUDS, WORDS_FOR_ANY_SERVICE};
use rolecall_engine::Location;
use rolecall_engine::ir::TrustedIssuer;
use rolecall_syntax::ast::IssuerMember;

/// An audience in a policy.
pub(crate) struct Audience<'p> {
    pub(crate) text: String,
    pub(crate) location: Location,
    pub(crate) issuer: &'p TrustedIssuer,
}

/// The recipients that an audience stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// A cloud, regardless of the account.
    Cloud,
    /// The issuer itself, or its default audience.
    Issuer,
    /// One service.
    Service,
    /// Many services.
    Services,
}

impl Audience<'_> {
    /// Returns the audiences of all issuers.
    pub(crate) fn all<'p>(context: &RuleContext<'_, 'p>) -> Vec<Audience<'p>> {
        let mut audiences = Vec::new();
        for (file, written, issuer) in context.issuers() {
            for member in &written.members {
                let IssuerMember::Audience(texts) = &member.node else {
                    continue;
                };
                audiences.extend(texts.strings().iter().filter_map(|text| {
                    Some(Audience {
                        text: text.node.text().ok()?,
                        location: Location::new(file, text.span),
                        issuer,
                    })
                }));
            }
        }
        audiences
    }

    pub(crate) fn meaning(&self) -> Meaning {
        let (url, text) = (bare(&self.issuer.issuer.url), bare(&self.text));
        let has = |claim: &str| self.issuer.profile.claim_by_name(claim).is_some();
        // GitHub: the owner's URL. Buildkite: the organisation's URL. CircleCI: the organisation's id, at the
        // end of the issuer's URL.
        let is_owner = has("repository_owner") && text.starts_with("github.com/")
            || has("organization_slug") && text.starts_with("buildkite.com/")
            || url
                .strip_suffix(text)
                .is_some_and(|start| start.ends_with("/org/"));
        if text == url || is_owner {
            Meaning::Issuer
        } else if CLOUDS.contains(&self.text.as_str()) {
            Meaning::Cloud
        } else if WORDS_FOR_ANY_SERVICE
            .iter()
            .any(|word| word.eq_ignore_ascii_case(text))
        {
            Meaning::Services
        } else {
            Meaning::Service
        }
    }
}

fn bare(url: &str) -> &str {
    let url = url.strip_prefix("https://").unwrap_or(url);
    url.trim_end_matches('/')
}
