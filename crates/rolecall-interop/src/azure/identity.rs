//! Tree of identities and their credentials.

use super::expression::Expression;
use crate::notice::{Notice, Reading};
use rolecall_syntax::{Span, Spanned};
use std::collections::HashMap;

/// The applications and managed identities of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Identities {
    /// The identities, in the order of their first credentials.
    pub identities: Vec<Identity>,
    /// The notices about the document itself. Those about an identity are in its reading.
    pub notices: Vec<Notice>,
    /// The index of each identity, by the identifier that all of its credentials have.
    by_key: HashMap<Option<String>, usize>,
    /// The locations of all credentials.
    credentials: Vec<Span>,
    /// The client ids, by the identifiers of their identities.
    clients: HashMap<String, String>,
}

impl Identities {
    /// Adds what is read of a credential to its identity, which is the one that the document is about if the
    /// owner has no key.
    pub(crate) fn add(
        &mut self,
        owner: Owner,
        credential: Option<Credential>,
        notices: Vec<Notice>,
        span: Span,
    ) {
        self.credentials.push(span);
        let next = self.identities.len();
        let index = *self.by_key.entry(owner.key.clone()).or_insert(next);
        if index == next {
            self.identities.push(Identity {
                key: owner.key,
                group: owner.group,
                name: owner.name,
                reading: Reading::new(Some(Vec::new()), Vec::new()),
                span,
            });
        }
        if let Some(identity) = self.identities.get_mut(index) {
            identity.span = identity.span.to(span);
            let known = identity.reading.tree.take();
            let all = known.zip(credential).map(|(mut known, credential)| {
                known.push(credential);
                known
            });
            let before = std::mem::take(&mut identity.reading.notices);
            identity.reading = Reading::new(all, before.into_iter().chain(notices).collect());
        }
    }

    /// Adds the client id of an identity, with which clients ask for it.
    pub(crate) fn add_client(&mut self, key: String, client: String) {
        self.clients.insert(key, client);
    }

    /// Returns the client id of an identity, if the document has it.
    pub fn client(&self, identity: &Identity) -> Option<&str> {
        self.clients.get(identity.key.as_ref()?).map(String::as_str)
    }

    /// Returns the locations of the parts that say who gets an identity.
    pub(crate) fn shown(&self) -> impl Iterator<Item = Span> {
        self.credentials.iter().copied()
    }
}

/// The owner of a credential: an application or a managed identity. Without a key, it is the one that the
/// document is about.
#[derive(Clone, Debug, Default)]
pub(crate) struct Owner {
    /// The identifier that all credentials of the owner have.
    pub(crate) key: Option<String>,
    /// The resource group of a managed identity.
    pub(crate) group: Option<String>,
    /// The name.
    pub(crate) name: Option<String>,
}

/// An application or a managed identity.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Identity {
    /// The identifier that all of its credentials have.
    key: Option<String>,
    /// The resource group of a managed identity.
    pub group: Option<String>,
    /// The name of a managed identity, or the name or the object id of an application, if the document has
    /// it.
    pub name: Option<String>,
    /// The credentials, of which a token fits one.
    pub reading: Reading<Vec<Credential>>,
    /// The location from the first credential to the last one.
    pub span: Span,
}

/// A federated identity credential: a token fits if all parts do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Credential {
    /// The token's `iss`: an equal text.
    pub issuer: Spanned<String>,
    /// The token's `aud`: an equal text.
    pub audience: Spanned<String>,
    /// The test of other claims.
    pub subject: Subject,
    /// The location of the whole credential.
    pub span: Span,
}

/// A test of the token's `sub`, and of other claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The subject is equal.
    Exact(Spanned<String>),
    /// The expression of a flexible credential holds.
    Flexible(Expression),
}
