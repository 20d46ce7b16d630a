//! Documents of Azure, recognised by their content: what Microsoft Graph and `az` print.

mod identifier;
mod member;

use super::identity::{Identities, Owner};
use super::read::credential;
use crate::document::{DocumentError, Json, Members};
use crate::notice::Notice;

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
    let mut identities = Identities::default();
    let document = Json::parse(text)?;
    let mut is_found = identities.read(text, document)?;
    for element in document.elements()? {
        is_found |= identities.read(text, element)?;
    }
    Ok(is_found.then_some(identities))
}

impl Identities {
    /// Adds the content of a document. Returns whether it is one of Azure.
    pub(crate) fn read(&mut self, text: &str, document: Json<'_>) -> Result<bool, DocumentError> {
        let members = Members::of(document)?;
        let mut is_found = self.read_one(text, document, &members, &Owner::default())?;
        let answer = members.get("value").filter(|list| !is_found && list.is_list());
        if let Some(list) = answer {
            let owner = Owner::of_context(&members)?;
            for element in list.elements()? {
                is_found |= self.read_one(text, element, &Members::of(element)?, &owner)?;
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
    fn read_one(
        &mut self,
        text: &str,
        document: Json<'_>,
        members: &Members<'_>,
        owner: &Owner,
    ) -> Result<bool, DocumentError> {
        if member::is_credential(members)? {
            self.credential(text, document, members, owner)?;
            return Ok(true);
        }
        let credentials = members.get("federatedIdentityCredentials");
        let Some(list) = credentials.filter(|list| list.is_list()) else {
            return Ok(false);
        };
        let owner = Owner::of_application(members)?;
        if let Some((key, client)) = owner.key.clone().zip(members.text("appId")?) {
            self.add_client(key, client.node);
        }
        for element in list.elements()? {
            self.credential(text, element, &Members::of(element)?, &owner)?;
        }
        Ok(true)
    }

    /// Adds a credential of an owner, unless it names another one.
    fn credential(
        &mut self,
        text: &str,
        document: Json<'_>,
        members: &Members<'_>,
        owner: &Owner,
    ) -> Result<(), DocumentError> {
        let owner = Owner::of_credential(members)?.unwrap_or_else(|| owner.clone());
        let mut notices = Vec::new();
        let node = document.node()?;
        let written = member::written(&node, &mut notices);
        let credential = credential(text, written, &mut notices);
        self.add(owner, credential, notices, document.span());
        Ok(())
    }
}
