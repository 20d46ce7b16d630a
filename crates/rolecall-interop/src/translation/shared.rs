//! State of the translation of all documents.

use super::issuers::Issuers;
use crate::notice::Notice;
use std::collections::{BTreeMap, BTreeSet};

/// The information that the roles of all documents have in common.
#[derive(Debug)]
pub(super) struct Shared<'i, 'p> {
    pub(super) issuers: &'i mut Issuers<'p>,
    /// The information that the files lack, by its subject, each with the first file and place that need it.
    pub(super) missing: BTreeMap<String, (usize, Notice)>,
    /// The facts that no document says, and that are taken for granted.
    pub(super) granted: BTreeSet<&'static str>,
}

impl<'i, 'p> Shared<'i, 'p> {
    pub(super) fn new(issuers: &'i mut Issuers<'p>) -> Self {
        Self {
            issuers,
            missing: BTreeMap::new(),
            granted: BTreeSet::new(),
        }
    }
}

/// A file: its position among those that are translated together, and its name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'f> {
    pub(super) number: usize,
    pub(super) file: &'f str,
}
