//! Selectors: which roles are meant.

use super::Lowering;
use crate::diagnostic::{Diagnostic, Place};
use crate::pattern::Wildcard;
use rolecall_syntax::ast::Selector;
use rolecall_syntax::{Spanned, Str, did_you_mean, names_there_are};

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
        let names = || roles.iter().map(|role| role.name.as_str());
        let tags = || roles.iter().flat_map(|role| role.tags.iter().map(String::as_str));
        let (message, near, there_are) = match selector {
            Selector::Name(name) if name.contains('*') => (
                format!("no role has a name like `{name}`"),
                None,
                names_there_are("role", names()),
            ),
            Selector::Name(name) => (
                format!("there is no role `{name}`"),
                did_you_mean(name, names()).map(str::to_owned),
                names_there_are("role", names()),
            ),
            Selector::Tag(tag) => (
                format!("no role has the tag `{tag}`"),
                did_you_mean(tag, tags()).map(|near| format!("#{near}")),
                names_there_are("tag", tags()),
            ),
        };
        let help = near.map_or(there_are, |near| format!("did you mean `{near}`?"));
        self.error(Diagnostic::new(place, message).help(help));
    }
}
