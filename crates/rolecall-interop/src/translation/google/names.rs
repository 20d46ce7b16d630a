//! Names in the expressions of a provider: the token, and the attributes that mappings give it.

use crate::cel::ExprAt;
use crate::google::{Attribute, Provider};
use crate::translation::cel::{Cases, Found, Names, Scope};
use rolecall_engine::ir::Profile;
use rolecall_syntax::Span;

impl Names for Provider {
    fn find(&self, root: &str, field: &str) -> Found<'_> {
        let attribute = match (root, field) {
            ("google", "subject") => Attribute::Subject,
            ("google", "groups") => Attribute::Groups,
            ("attribute", name) => Attribute::Custom(name.to_owned()),
            _ => return Found::Unknown,
        };
        match value(self, &attribute) {
            Some(value) => Found::Mapped(value),
            None => Found::Missing,
        }
    }
}

/// Returns the names of a provider for the tokens of its issuer.
pub(super) fn scope<'s>(provider: &'s Provider, profile: &'s Profile, issuer: &'s str) -> Scope<'s> {
    Scope {
        profile,
        issuer,
        token: "assertion",
        names: provider,
        is_mapping: false,
    }
}

/// Returns the value of an attribute. One that the provider does not map is an error.
pub(super) fn attribute<'s>(
    scope: &Scope<'s>,
    provider: &Provider,
    attribute: &Attribute,
    span: Span,
) -> Cases<'s> {
    scope.mapped(value(provider, attribute), span)
}

fn value<'p>(provider: &'p Provider, attribute: &Attribute) -> Option<&'p ExprAt> {
    provider.mapping(attribute).map(|mapping| &mapping.value)
}
