//! Roles, what narrows them, and the words that select them.

use super::{P, Reader, Rule, all, first};
use crate::ast::{Allow, ClaimPath, Expansion, Grant, Guard, Operand, Role, RoleMember, Segment, Selector};
use crate::span::Spanned;

impl Reader<'_> {
    pub(super) fn role(&mut self, pair: &P<'_>) -> Option<Role> {
        let mut members = Vec::new();
        for member in pair.clone().into_inner() {
            let node = match member.as_rule() {
                Rule::tags => RoleMember::Tags(self.names(&first(&member, Rule::names)?)),
                Rule::ttl => RoleMember::Ttl(self.duration_in(&member)?),
                Rule::allow => RoleMember::Allow(Allow {
                    issuer: self.name_in(&member)?,
                    when: self.when_in(&member)?,
                }),
                Rule::grant => RoleMember::Grant(Grant {
                    name: self.name_in(&member)?,
                    template: self.string_in(&member)?,
                }),
                _ => continue,
            };
            members.push(self.at(&member, node));
        }
        let expansion = match first(pair, Rule::expansion) {
            Some(expansion) => Some(self.expansion(&expansion)?),
            None => None,
        };
        Some(Role {
            name: self.name(&first(pair, Rule::role_name)?),
            expansion,
            members,
        })
    }

    fn expansion(&mut self, pair: &P<'_>) -> Option<Expansion> {
        let mut names = all(pair, Rule::name);
        let parameter = self.name(&names.next()?);
        let values = match (first(pair, Rule::list), names.next()) {
            (Some(list), _) => {
                let elements = self.list(&list)?;
                Spanned::new(Operand::List(elements.node), elements.span)
            }
            (None, Some(name)) => {
                let segment = self.at(&name, Segment::Word(name.as_str().to_owned()));
                self.at(
                    &name,
                    Operand::Reference(ClaimPath {
                        segments: vec![segment],
                    }),
                )
            }
            (None, None) => return None,
        };
        Some(Expansion { parameter, values })
    }

    pub(super) fn guard(&mut self, pair: &P<'_>) -> Option<Guard> {
        Some(Guard {
            name: self.name_in(pair)?,
            selectors: self.selectors(pair),
            from: first(pair, Rule::guard_from).and_then(|from| self.name_in(&from)),
            expr: self.expr_in(pair)?,
        })
    }

    pub(super) fn selectors(&self, pair: &P<'_>) -> Vec<Spanned<Selector>> {
        all(pair, Rule::selector)
            .map(|selector| {
                let text = selector.as_str();
                let node = match text.strip_prefix('#') {
                    Some(tag) => Selector::Tag(tag.to_owned()),
                    None => Selector::Name(text.to_owned()),
                };
                self.at(&selector, node)
            })
            .collect()
    }
}
