//! The part of foreign documents that a translation covers.

use super::resource::Resource;
use crate::notice::Notice;
use rolecall_syntax::Span;
use std::collections::BTreeSet;
use std::fmt;

/// The roles of a translation, and the information that it lacked.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Coverage {
    /// The roles, in the order of the files.
    pub roles: Vec<TranslatedRole>,
    /// The layouts of `sub` that are assumed in addition to those of profiles: the name of an issuer and a statement of our
    /// language. They are guessed from the texts that roles compare `sub` with.
    pub assumed: Vec<(String, String)>,
    /// The facts that no document says, and that the translation takes for granted: one line each.
    pub granted: BTreeSet<&'static str>,
    /// The information that the files lack, each with the index of its file. A result about the files is not complete.
    pub missing: Vec<(usize, Notice)>,
}

/// A fact about a role beside its tokens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Fact {
    /// The role gives this, such as a policy or a permission.
    Gives(String),
    /// These keys sign the tokens, and not those that the issuer publishes.
    Keys(String),
    /// This principal gets the role without a token: an account, a service or a person.
    Principal(String),
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gives(what) => f.write_str(what),
            Self::Keys(keys) => write!(f, "keys {keys}"),
            Self::Principal(principal) => write!(f, "principal {principal}"),
        }
    }
}

/// A role of a foreign document.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TranslatedRole {
    /// The name in our language: `SYSTEM:OWNER/NAME`.
    pub name: String,
    /// The resource that the clients of its source get with it, if they name one.
    pub resource: Option<Resource>,
    /// The facts beside its tokens. A role with other facts is another role.
    pub beside: BTreeSet<Fact>,
    /// The index of its file.
    pub file: usize,
    /// The location of all that the document says of the role.
    pub span: Span,
    /// The tokens that get the translated role, compared with those that get the role.
    pub fidelity: Fidelity,
    /// The values that the document lacks, if the role is refused for them: `var.repos`.
    pub needs: BTreeSet<String>,
    /// True if the role has a condition that no token decides.
    pub has_externals: bool,
}

/// The tokens that get a translated role, compared with those that get the role in its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fidelity {
    /// The same tokens.
    Exact,
    /// Fewer tokens, with the code of the first reason.
    Narrower(&'static str),
    /// More tokens, with the code of the first reason.
    Wider(&'static str),
    /// The role is not translated, with the code of the first reason.
    Refused(&'static str),
    /// No token gets the role: it is for other principals.
    NotForTokens,
}

impl Coverage {
    /// Returns whether each role is translated exactly, and no information is missing.
    pub fn is_complete(&self) -> bool {
        let is_certain = |role: &TranslatedRole| {
            matches!(role.fidelity, Fidelity::Exact | Fidelity::NotForTokens) && !role.has_externals
        };
        self.missing.is_empty() && self.roles.iter().all(is_certain)
    }
}
