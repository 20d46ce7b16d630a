//! Scopes of conditions: the file, the profile and the parameters that give names their meaning.

use super::MAX_DEPTH;
use super::text_literal::TextLiteral;
use crate::certain::certain;
use crate::diagnostic::Location;
use crate::id::{ClaimId, FileId};
use crate::ir::Profile;
use std::collections::HashMap;
use std::sync::Arc;

/// The scope of a condition.
#[derive(Clone, Copy)]
pub(super) struct Scope<'c> {
    /// The file of the condition.
    pub(super) file: FileId,
    /// The profile whose claims the condition compares.
    pub(super) profile: &'c Arc<Profile>,
    /// The values of the parameters.
    pub(super) parameters: &'c HashMap<String, Resolved>,
    /// Other profiles whose claims may also be compared. In this one they are UNKNOWN.
    pub(super) other_profiles: &'c [Arc<Profile>],
    /// The conditions that are being expanded, the outermost first.
    pub(super) calls: &'c [&'c str],
    /// The location that uses the outermost of them.
    pub(super) used_at: Option<Location>,
    /// The number of levels that the condition may still nest.
    pub(super) levels: usize,
}

impl<'c> Scope<'c> {
    /// Creates the scope of a condition in a file, over a profile.
    pub(super) fn new(
        file: FileId,
        profile: &'c Arc<Profile>,
        parameters: &'c HashMap<String, Resolved>,
    ) -> Self {
        Self {
            file,
            profile,
            parameters,
            other_profiles: &[],
            calls: &[],
            used_at: None,
            levels: MAX_DEPTH,
        }
    }

    /// Returns the scope one level deeper.
    pub(super) fn deeper(&self) -> Self {
        Self {
            levels: certain(self.levels.checked_sub(1), "`Lowering::expr` refuses the level 0"),
            ..*self
        }
    }
}

/// A literal before it gets the type of the claim that it is compared with.
#[derive(Clone, Debug)]
pub(super) struct UntypedLiteral {
    pub(super) value: UntypedValue,
    pub(super) location: Location,
}

/// The value of a literal without a type.
#[derive(Clone, Debug)]
pub(super) enum UntypedValue {
    Bool(bool),
    Int(i64),
    Regex(String),
    Text(TextLiteral),
}

/// The meaning of an operand.
#[derive(Clone, Debug)]
pub(super) enum Resolved {
    /// A parameter of a condition that is not used: any value.
    Anything,
    /// Another claim.
    Claim(ClaimId),
    /// An operand with an error, which is reported.
    Failed,
    /// Several literals.
    Many(Vec<UntypedLiteral>),
    /// One literal.
    One(UntypedLiteral),
}
