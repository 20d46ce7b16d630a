//! The context of a condition: where it stands, what its names mean, and what its operands are.

use crate::diagnostic::Location;
use crate::id::{ClaimId, FileId};
use crate::ir::Profile;
use rolecall_syntax::Str;
use std::collections::HashMap;
use std::sync::Arc;

/// Where a condition stands, and what its names mean there.
#[derive(Clone, Copy)]
pub(super) struct Cx<'c> {
    pub(super) file: FileId,
    pub(super) profile: &'c Arc<Profile>,
    pub(super) parameters: &'c HashMap<String, Resolved>,
    /// Other profiles whose claims may be asked for too; in this one they are UNKNOWN.
    pub(super) also: &'c [Arc<Profile>],
    /// The conditions that are being written out, the outermost first.
    pub(super) calls: &'c [&'c str],
    /// Where the outermost of them is used.
    pub(super) used: Option<Location>,
    pub(super) depth: usize,
}

impl<'c> Cx<'c> {
    /// A condition in a file, over a profile.
    pub(super) fn new(
        file: FileId,
        profile: &'c Arc<Profile>,
        parameters: &'c HashMap<String, Resolved>,
    ) -> Self {
        Self {
            file,
            profile,
            parameters,
            also: &[],
            calls: &[],
            used: None,
            depth: 0,
        }
    }

    pub(super) fn deeper(&self) -> Self {
        Self {
            depth: self.depth.saturating_add(1),
            ..*self
        }
    }
}

/// A literal, not yet of any type.
#[derive(Clone, Debug)]
pub(super) struct Lit {
    pub(super) value: LitValue,
    pub(super) location: Location,
}

/// What a literal is.
#[derive(Clone, Debug)]
pub(super) enum LitValue {
    Bool(bool),
    Int(i64),
    Regex(String),
    Text(Str),
}

/// What an operand is.
#[derive(Clone, Debug)]
pub(super) enum Resolved {
    /// A parameter of a condition that nobody calls: it may be anything.
    Anything,
    /// Another claim.
    Claim(ClaimId),
    /// Nothing: the error is reported.
    Failed,
    /// Several literals.
    Many(Vec<Lit>),
    /// One literal.
    One(Lit),
}
