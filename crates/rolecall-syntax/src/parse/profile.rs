//! What an issuer's tokens say.

use super::{P, Reader, Rule, all, first, only};
use crate::ast::{Claim, ClaimType, ClaimWord, Derive, EnumValue, Profile, ProfileMember};
use crate::span::Spanned;

impl Reader<'_> {
    pub(super) fn profile(&mut self, pair: &P<'_>) -> Option<Profile> {
        let mut members = Vec::new();
        for member in pair.clone().into_inner() {
            let node = match member.as_rule() {
                Rule::shared => ProfileMember::Shared(self.one_or_list(&member)?),
                Rule::claim => ProfileMember::Claim(self.claim(&member)?),
                Rule::derive => ProfileMember::Derive(self.derive(&member)?),
                _ => continue,
            };
            members.push(self.at(&member, node));
        }
        Some(Profile {
            name: self.name_in(pair)?,
            members,
        })
    }

    fn claim(&mut self, pair: &P<'_>) -> Option<Claim> {
        let mut words = Vec::new();
        for word in pair.clone().into_inner() {
            let node = match word.as_rule() {
                Rule::alias => ClaimWord::Alias(self.name_in(&word)?),
                Rule::claim_word => ClaimWord::Word(self.name_in(&word)?.node),
                _ => continue,
            };
            words.push(self.at(&word, node));
        }
        Some(Claim {
            path: self.claim_path_in(pair)?,
            claim_type: self.claim_type(first(pair, Rule::claim_type)?)?,
            words,
        })
    }

    fn claim_type(&mut self, pair: P<'_>) -> Option<Spanned<ClaimType>> {
        if !self.has_stack(&pair) {
            return None;
        }
        let span = self.span(&pair);
        let inner = only(pair)?;
        let node = match inner.as_rule() {
            Rule::name => ClaimType::Named(inner.as_str().to_owned()),
            Rule::list_type => ClaimType::List(Box::new(self.claim_type(first(&inner, Rule::claim_type)?)?)),
            _ => ClaimType::Enum {
                values: all(&inner, Rule::enum_value)
                    .map(|value| {
                        let word = only(value)?;
                        Some(match word.as_rule() {
                            Rule::string => {
                                let string = self.string(&word)?;
                                Spanned::new(EnumValue::Quoted(string.node), string.span)
                            }
                            _ => self.at(&word, EnumValue::Word(word.as_str().to_owned())),
                        })
                    })
                    .collect::<Option<_>>()?,
                open: first(&inner, Rule::open_end).is_some(),
            },
        };
        Some(Spanned::new(node, span))
    }

    pub(super) fn derive(&mut self, pair: &P<'_>) -> Option<Derive> {
        Some(Derive {
            claim: self.claim_path_in(pair)?,
            template: self.string_in(pair)?,
            when: self.when_in(pair)?,
        })
    }
}
