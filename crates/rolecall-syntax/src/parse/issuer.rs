//! Issuers.

use super::part::Part;
use super::{Reader, Rule};
use crate::ast::{Issuer, IssuerMember};

impl Reader<'_> {
    pub(super) fn issuer(&mut self, part: Part<'_>) -> Option<Issuer> {
        let mut members = Vec::new();
        for member in part.inner() {
            let node = match member.rule() {
                Rule::url => IssuerMember::Url(member.string_in()?),
                Rule::issuer_profile => IssuerMember::Profile(member.name_in()?),
                Rule::audience => IssuerMember::Audience(member.one_or_list()?),
                Rule::jwks => IssuerMember::Jwks(member.string_in()?),
                Rule::algorithms => IssuerMember::Algorithms(member.first(Rule::names)?.names()),
                Rule::max_age => IssuerMember::MaxAge(self.duration_in(member)?),
                Rule::leeway => IssuerMember::Leeway(self.duration_in(member)?),
                Rule::subject_limit => IssuerMember::SubjectLimit(self.integer(member.first(Rule::integer)?)),
                Rule::authorized_party => IssuerMember::AuthorizedParty(member.string_in()?),
                Rule::derive => IssuerMember::Derive(self.derive(member)?),
                _ => continue,
            };
            members.push(member.at(node));
        }
        Some(Issuer {
            name: part.name_in()?,
            members,
        })
    }
}
