//! Selectors: which roles are meant.

use super::Lowering;
use crate::diagnostic::{Diagnostic, Place};
use crate::pattern::Wildcard;
use rolecall_syntax::ast::Selector;
use rolecall_syntax::{Spanned, Str, did_you_mean};

impl Lowering<'_> {
    /// The roles that some selectors mean, each once, in order. One that means none is an error.
    pub(super) fn select(&mut self, selectors: &[Spanned<Selector>], file: usize) -> Vec<usize> {
        let mut roles = Vec::new();
        for selector in selectors {
            let found = self.matching(&selector.node);
            if found.is_empty() {
                self.selects_nothing(&selector.node, Place::new(file, selector.span));
            }
            roles.extend(found);
        }
        roles.sort_unstable();
        roles.dedup();
        roles
    }

    fn matching(&self, selector: &Selector) -> Vec<usize> {
        let roles = self.program.roles.iter().enumerate();
        match selector {
            Selector::Name(name) if name.contains('*') => {
                let wildcard = Wildcard::new(&Str::quote(name));
                roles
                    .filter(|(_, role)| wildcard.accepts(&role.name))
                    .map(|(index, _)| index)
                    .collect()
            }
            Selector::Name(name) => self.program.find_role(name).into_iter().collect(),
            Selector::Tag(tag) => roles
                .filter(|(_, role)| role.tags.contains(tag))
                .map(|(index, _)| index)
                .collect(),
        }
    }

    fn selects_nothing(&mut self, selector: &Selector, place: Place) {
        let roles = &self.program.roles;
        let (message, near) = match selector {
            Selector::Name(name) if name.contains('*') => (format!("no role has a name like `{name}`"), None),
            Selector::Name(name) => (
                format!("there is no role `{name}`"),
                did_you_mean(name, roles.iter().map(|role| role.name.as_str())),
            ),
            Selector::Tag(tag) => {
                let tags = roles.iter().flat_map(|role| role.tags.iter().map(String::as_str));
                (format!("no role has the tag `{tag}`"), did_you_mean(tag, tags))
            }
        };
        let sign = if matches!(selector, Selector::Tag(_)) {
            "#"
        } else {
            ""
        };
        let help = near.map(|near| format!("did you mean `{sign}{near}`?"));
        self.error(Diagnostic::new(place, message).help_if(help));
    }
}
