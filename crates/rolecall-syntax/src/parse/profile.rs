//! Profiles: the claims of an issuer's tokens.

use super::part::Part;
use super::{Reader, Rule};
use crate::ast::{Claim, ClaimType, Derive, EnumValue, Modifier, Profile, ProfileMember};
use crate::span::Spanned;

impl Reader<'_> {
    pub(super) fn profile(&mut self, part: Part<'_>) -> Option<Profile> {
        let mut members = Vec::new();
        for member in part.inner() {
            let node = match member.rule() {
                Rule::shared => ProfileMember::Shared(member.one_or_list()?),
                Rule::claim => ProfileMember::Claim(self.claim(member)?),
                Rule::derive => ProfileMember::Derive(self.derive(member)?),
                _ => continue,
            };
            members.push(member.at(node));
        }
        Some(Profile {
            name: part.name_in()?,
            extends: part.first(Rule::extends).and_then(Part::name_in),
            members,
        })
    }

    fn claim(&mut self, part: Part<'_>) -> Option<Claim> {
        let mut modifiers = Vec::new();
        for modifier in part.inner() {
            let node = match modifier.rule() {
                Rule::alias => Modifier::Alias(modifier.name_in()?),
                Rule::claim_word => Modifier::Keyword(modifier.name_in()?.node),
                _ => continue,
            };
            modifiers.push(modifier.at(node));
        }
        Some(Claim {
            path: part.claim_path_in()?,
            claim_type: self.claim_type(part.first(Rule::claim_type)?)?,
            modifiers,
        })
    }

    fn claim_type(&mut self, part: Part<'_>) -> Option<Spanned<ClaimType>> {
        let span = part.span();
        let inner = part.inner().next()?;
        let node = match inner.rule() {
            Rule::name => ClaimType::Named {
                name: inner.text().to_owned(),
                form: part
                    .first(Rule::json_form)
                    .map(|form| form.at(form.text().to_owned())),
            },
            Rule::list_type => ClaimType::List(Box::new(self.claim_type(inner.first(Rule::claim_type)?)?)),
            _ => ClaimType::Enum {
                values: inner
                    .all(Rule::enum_value)
                    .map(|value| {
                        let word = value.only()?;
                        Some(match word.rule() {
                            Rule::string => {
                                let string = word.string()?;
                                Spanned::new(EnumValue::Quoted(string.node), string.span)
                            }
                            _ => word.at(EnumValue::Word(word.text().to_owned())),
                        })
                    })
                    .collect::<Option<_>>()?,
                open: inner.first(Rule::open_end).is_some(),
            },
        };
        Some(Spanned::new(node, span))
    }

    pub(super) fn derive(&mut self, part: Part<'_>) -> Option<Derive> {
        Some(Derive {
            claim: part.claim_path_in()?,
            template: part.string_in()?,
            when: self.when_in(part)?,
        })
    }
}
