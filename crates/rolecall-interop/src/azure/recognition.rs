//! Documents of Azure, recognised by their content: what Microsoft Graph and `az` print.

mod identifier;
mod member;

use super::identity::{Credential, Identities, Identity};
use super::read::credential;
use crate::document::{DocumentError, Json, Members};
use crate::notice::{Notice, Reading};
use identifier::Owner;
use rolecall_syntax::Span;
use std::collections::HashMap;

/// Finds the identities of a document, or returns nothing if it is not one of Azure.
///
/// It takes credentials and lists of them as Graph prints them (`federatedIdentityCredentials`), as
/// `az ad app federated-credential` and `az identity federated-credential` do, those of Azure Resource
/// Manager with `properties`, and applications with their credentials (`$expand`). The credentials of an
/// application that the document does not name belong together.
///
/// # Errors
///
/// The text is not JSON, see [`crate::document::json`].
pub fn identities(text: &str) -> Result<Option<Identities>, DocumentError> {
    let mut finder = Finder {
        text,
        found: Vec::new(),
        by_owner: HashMap::new(),
        notices: Vec::new(),
    };
    let is_found = finder.read(Json::parse(text)?)?;
    Ok(is_found.then(|| Identities {
        identities: finder.found.into_iter().map(Found::finish).collect(),
        notices: finder.notices,
    }))
}

/// The identities that are found so far.
struct Finder<'t> {
    text: &'t str,
    found: Vec<Found>,
    /// The index of each identity, by its key.
    by_owner: HashMap<Option<String>, usize>,
    notices: Vec<Notice>,
}

/// An identity with the credentials that are found so far.
struct Found {
    owner: Owner,
    credentials: Vec<Credential>,
    notices: Vec<Notice>,
    span: Span,
}

impl Found {
    fn finish(self) -> Identity {
        Identity {
            group: self.owner.group,
            name: self.owner.name,
            reading: Reading::new(Some(self.credentials), self.notices),
            span: self.span,
        }
    }
}

impl Finder<'_> {
    /// Adds the content of a document. Returns whether it is one of Azure.
    fn read(&mut self, document: Json<'_>) -> Result<bool, DocumentError> {
        let mut is_found = self.read_one(document, &Owner::default())?;
        for element in document.elements()? {
            is_found |= self.read_one(element, &Owner::default())?;
        }
        let members = Members::of(document)?;
        let answer = members.get("value").filter(|list| !is_found && list.is_list());
        if let Some(list) = answer {
            let owner = Owner::of_context(&members)?;
            for element in list.elements()? {
                is_found |= self.read_one(element, &owner)?;
            }
            let more = members.span_of("@odata.nextLink");
            if let Some(span) = more.filter(|_| is_found) {
                let message = "the answer is one page of several: other credentials are missing";
                let help = "ask for the address in `@odata.nextLink`, too";
                let notice = Notice::odd("one-page-of-several", message, help, span);
                self.notices.push(notice);
            }
        }
        Ok(is_found)
    }

    /// Adds a credential of an owner, or an application with its credentials. Returns whether it is one.
    fn read_one(&mut self, document: Json<'_>, owner: &Owner) -> Result<bool, DocumentError> {
        let members = Members::of(document)?;
        if member::is_credential(&members)? {
            self.credential(document, &members, owner)?;
            return Ok(true);
        }
        let credentials = members.get("federatedIdentityCredentials");
        let Some(list) = credentials.filter(|list| list.is_list()) else {
            return Ok(false);
        };
        let owner = Owner::of_application(&members)?;
        for element in list.elements()? {
            self.credential(element, &Members::of(element)?, &owner)?;
        }
        Ok(true)
    }

    /// Adds a credential of an owner, unless it names another one.
    fn credential(
        &mut self,
        document: Json<'_>,
        members: &Members<'_>,
        owner: &Owner,
    ) -> Result<(), DocumentError> {
        let owner = Owner::of_credential(members)?.unwrap_or_else(|| owner.clone());
        let mut notices = Vec::new();
        let node = document.node()?;
        let written = member::written(&node, &mut notices);
        let credential = credential(self.text, written, &mut notices);
        let span = document.span();
        let next = self.found.len();
        let index = *self.by_owner.entry(owner.key.clone()).or_insert(next);
        if index == next {
            self.found.push(Found {
                owner,
                credentials: Vec::new(),
                notices: Vec::new(),
                span,
            });
        }
        if let Some(found) = self.found.get_mut(index) {
            found.span = found.span.to(span);
            found.credentials.extend(credential);
            found.notices.extend(notices);
        }
        Ok(())
    }
}
