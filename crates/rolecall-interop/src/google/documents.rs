//! Documents of Google Cloud, recognised by their content.

use super::policy::Policy;
use super::provider::ProviderReading;
use super::read::{is_policy, is_provider, policy, providers};
use crate::document::Node;
use crate::notice::Reading;
use rolecall_syntax::Span;

/// The providers and policies of a document.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Documents {
    /// The providers, in the order of the document.
    pub providers: Vec<ProviderReading>,
    /// The allow policies, in the order of the document.
    pub policies: Vec<FoundPolicy>,
}

/// An allow policy.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct FoundPolicy {
    /// The policy.
    pub reading: Reading<Policy>,
    /// The location of all that the document says of it.
    pub span: Span,
}

impl Documents {
    /// Adds the content of a document. Returns whether it is one of Google Cloud.
    pub(crate) fn take(&mut self, source: &str, document: &Node) -> bool {
        if is_provider(document) {
            self.providers.extend(providers(source, document));
            return true;
        }
        if is_policy(document) {
            self.policies.push(FoundPolicy {
                reading: policy(source, document),
                span: document.span,
            });
            return true;
        }
        false
    }

    /// Returns the locations of the parts that say who gets a role.
    pub(crate) fn shown(&self) -> impl Iterator<Item = Span> {
        let providers = self.providers.iter().map(|provider| provider.span);
        providers.chain(self.policies.iter().map(|policy| policy.span))
    }
}
