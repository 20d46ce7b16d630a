//! Whom to trust.

use super::{P, Reader, Rule, first};
use crate::ast::{Issuer, IssuerMember};

impl Reader<'_> {
    pub(super) fn issuer(&mut self, pair: &P<'_>) -> Option<Issuer> {
        let mut members = Vec::new();
        for member in pair.clone().into_inner() {
            let node = match member.as_rule() {
                Rule::url => IssuerMember::Url(self.string_in(&member)?),
                Rule::issuer_profile => IssuerMember::Profile(self.name_in(&member)?),
                Rule::audience => IssuerMember::Audience(self.one_or_list(&member)?),
                Rule::jwks => IssuerMember::Jwks(self.string_in(&member)?),
                Rule::algorithms => IssuerMember::Algorithms(self.names(&first(&member, Rule::names)?)),
                Rule::max_age => IssuerMember::MaxAge(self.duration_in(&member)?),
                Rule::leeway => IssuerMember::Leeway(self.duration_in(&member)?),
                Rule::derive => IssuerMember::Derive(self.derive(&member)?),
                _ => continue,
            };
            members.push(self.at(&member, node));
        }
        Some(Issuer {
            name: self.name_in(pair)?,
            members,
        })
    }
}
