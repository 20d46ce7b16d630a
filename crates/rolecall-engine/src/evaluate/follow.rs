//! Derived claims that follow the claims that they are derived from.

use super::{ProfileView, Unknown};
use crate::document::{Document, Json};
use crate::ir::{Derivation, TrustedIssuer};
use crate::value::{Object, Value};

impl TrustedIssuer {
    /// Returns a changed token with its derived claims made anew, where they no longer agree with the others. A claim
    /// keeps its layout: the derivation that made it before the change comes first. A claim that no derivation makes
    /// is removed, except for `sub`, which every verified token has, and which is not empty.
    #[must_use]
    pub fn follow(&self, before: &Object, mut after: Object) -> Object {
        let original = Document::from(before);
        let original = ProfileView::new(self, original.members());
        // A derivation may use another derived claim, so that one round may not suffice. A circle would not end.
        for _ in 0..self.derivations.len() {
            let changed = self.derivations.iter().filter(|derivation| {
                let claim = derivation.claim;
                let own = || self.derivations.iter().filter(move |one| one.claim == claim);
                let document = Document::from(&after);
                let token = ProfileView::new(self, document.members());
                if token.read(claim) != Err(Unknown::Contradiction) {
                    return false;
                }
                let was_made_by = |derivation: &&Derivation| {
                    let text = original.derive(derivation);
                    text.is_some_and(|text| original.value(claim) == Ok(Json::Text(&text)))
                };
                let path = &self.profile[claim].path;
                let is_subject = matches!(path.as_slice(), [name] if name == "sub");
                let texts = own().filter(was_made_by).chain(own());
                let mut texts = texts.filter_map(|derivation| token.derive(derivation));
                let text = texts.find(|text| !is_subject || !text.is_empty());
                if text.is_none() && is_subject {
                    return false;
                }
                after.put(path, text.map(Value::Text));
                true
            });
            if changed.count() == 0 {
                break;
            }
        }
        after
    }
}
