//! Roles, guards and selectors.

use super::part::Part;
use super::{Reader, Rule};
use crate::ast::{Allow, Expansion, Grant, Guard, Pair, Role, RoleMember, Selector, Values};
use crate::span::Spanned;

impl Reader<'_> {
    pub(super) fn role(&mut self, part: Part<'_>) -> Option<Role> {
        let is_member =
            |part: &Part<'_>| matches!(part.rule(), Rule::tags | Rule::ttl | Rule::allow | Rule::grant);
        // There are many roles, and most have few members: no room for more is allocated.
        let mut members = Vec::with_capacity(part.inner().filter(is_member).count());
        for member in part.inner() {
            let node = match member.rule() {
                Rule::tags => RoleMember::Tags(member.first(Rule::names)?.names()),
                Rule::ttl => RoleMember::Ttl(self.duration_in(member)?),
                Rule::allow => RoleMember::Allow(Allow {
                    issuer: member.name_in()?,
                    when: self.when_in(member)?,
                }),
                Rule::grant => RoleMember::Grant(Grant {
                    name: member.name_in()?,
                    templates: member.one_or_list()?,
                }),
                _ => continue,
            };
            members.push(member.at(node));
        }
        let mut expansions = Vec::new();
        for expansion in part.all(Rule::expansion) {
            expansions.push(expansion.at(self.expansion(expansion)?));
        }
        Some(Role {
            name: part.first(Rule::role_name)?.name(),
            expansions,
            members,
        })
    }

    fn expansion(&mut self, part: Part<'_>) -> Option<Expansion> {
        let mut parameters = part.names();
        let values = match (part.first(Rule::list), part.first(Rule::map)) {
            (Some(list), _) => {
                let elements = self.list(list)?;
                Spanned::new(Values::List(elements.node), elements.span)
            }
            (None, Some(map)) => map.at(Values::Map(self.pairs(map)?)),
            // The last name is that of a set.
            (None, None) => {
                let set = parameters.pop()?;
                Spanned::new(Values::Set(set.node), set.span)
            }
        };
        Some(Expansion { parameters, values })
    }

    fn pairs(&mut self, part: Part<'_>) -> Option<Vec<Spanned<Pair>>> {
        let mut pairs = Vec::new();
        for pair in part.all(Rule::pair) {
            let node = Pair {
                key: pair.only()?.key()?,
                value: self.operand(pair.first(Rule::operand)?)?,
            };
            pairs.push(pair.at(node));
        }
        Some(pairs)
    }

    pub(super) fn guard(&mut self, part: Part<'_>) -> Option<Guard> {
        Some(Guard {
            name: part.name_in()?,
            selectors: part.selectors(),
            from: part.first(Rule::guard_from).and_then(Part::name_in),
            expr: self.expr_in(part)?,
        })
    }
}

impl Part<'_> {
    pub(super) fn selectors(self) -> Vec<Spanned<Selector>> {
        self.all(Rule::selector)
            .map(|selector| selector.at(Selector::new(selector.text())))
            .collect()
    }
}
