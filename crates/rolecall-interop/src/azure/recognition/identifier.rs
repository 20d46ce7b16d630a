//! Owners of credentials: applications and managed identities, as documents name them.

use crate::azure::identity::Owner;
use crate::document::{DocumentError, Members};

impl Owner {
    /// Returns the application with these members.
    pub(super) fn of_application(members: &Members<'_>) -> Result<Self, DocumentError> {
        let [id, name] = ["id", "displayName"].map(|name| members.text(name));
        let id = id?.map(|id| id.node);
        let name = name?.map(|name| name.node);
        Ok(Self {
            name: name.or_else(|| id.clone()),
            group: None,
            key: id,
        })
    }

    /// Returns the application that an answer of Graph is about:
    /// `…/$metadata#applications('ID')/federatedIdentityCredentials`.
    pub(super) fn of_context(members: &Members<'_>) -> Result<Self, DocumentError> {
        let context = members.text("@odata.context")?;
        let id = context.as_ref().and_then(|context| {
            let (_, after) = context.split_once("#applications('")?;
            let (id, rest) = after.split_once("')/federatedIdentityCredentials")?;
            (!id.is_empty() && !rest.starts_with(|c: char| c.is_ascii_alphanumeric())).then(|| id.to_owned())
        });
        Ok(Self {
            name: id.clone(),
            group: None,
            key: id,
        })
    }

    /// Returns the owner that a credential names itself: by the resource identifier of a managed identity
    /// (`/subscriptions/ID/resourceGroups/GROUP/providers/Microsoft.ManagedIdentity/userAssignedIdentities/NAME/…`),
    /// which has no case, or by the context of Graph.
    pub(super) fn of_credential(members: &Members<'_>) -> Result<Option<Self>, DocumentError> {
        let id = members.text("id")?;
        let managed = id.and_then(|id| Self::of_resource(&id));
        if managed.is_some() {
            return Ok(managed);
        }
        Ok(Some(Self::of_context(members)?).filter(|owner| owner.key.is_some()))
    }

    /// Returns the managed identity of a resource identifier.
    pub(crate) fn of_resource(id: &str) -> Option<Self> {
        let mut parts = id.strip_prefix('/')?.split('/');
        let mut named = |expected: &str| {
            let is_expected = parts.next()?.eq_ignore_ascii_case(expected);
            let value = parts.next().filter(|value| !value.is_empty())?;
            is_expected.then_some(value)
        };
        let subscription = named("subscriptions")?;
        let group = named("resourcegroups")?;
        named("providers").filter(|name| name.eq_ignore_ascii_case("microsoft.managedidentity"))?;
        let name = named("userassignedidentities")?;
        Some(Self {
            key: Some(format!("{subscription}/{group}/{name}").to_ascii_lowercase()),
            group: Some(group.to_owned()),
            name: Some(name.to_owned()),
        })
    }
}
