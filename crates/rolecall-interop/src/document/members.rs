//! Members of a map that has not been read.

use super::{DocumentError, Json};
use rolecall_syntax::{Span, Spanned};

/// The members of a map, as raw values.
pub(crate) struct Members<'a> {
    members: Vec<(Spanned<String>, Json<'a>)>,
}

impl<'a> Members<'a> {
    /// Reads the names of the members. A value that is not a map has none.
    pub(crate) fn of(value: Json<'a>) -> Result<Self, DocumentError> {
        let members = value.members()?;
        Ok(Self { members })
    }

    /// Returns all members, in the order of the text.
    pub(crate) fn all(&self) -> &[(Spanned<String>, Json<'a>)] {
        &self.members
    }

    /// Returns the first member with a name.
    pub(crate) fn get(&self, name: &str) -> Option<Json<'a>> {
        let mut members = self.members.iter();
        let found = members.find(|(found, _)| found.node == name)?;
        Some(found.1)
    }

    /// Returns the location of the name of the first member with a name.
    pub(crate) fn span_of(&self, name: &str) -> Option<Span> {
        let mut names = self.members.iter().map(|(found, _)| found);
        names.find(|found| found.node == name).map(|found| found.span)
    }

    /// Returns the location of the name of a second member with a name.
    pub(crate) fn second(&self, name: &str) -> Option<Span> {
        let mut found = self.members.iter().filter(|(found, _)| found.node == name);
        found.nth(1).map(|(name, _)| name.span)
    }

    /// Returns a member that is a text.
    pub(crate) fn text(&self, name: &str) -> Result<Option<Spanned<String>>, DocumentError> {
        self.get(name).map_or(Ok(None), Json::text)
    }
}
