//! State of the translation of all documents.

use super::issuers::{Issuers, Profiles};
use super::names::Names;
use crate::notice::Notice;
use std::collections::{BTreeMap, BTreeSet};

/// The information that the roles of all documents have in common.
#[derive(Debug)]
pub(super) struct Shared<'p> {
    pub(super) issuers: Issuers<'p>,
    pub(super) names: Names,
    /// The information that the files lack, by its subject, each with the first file and place that need it.
    pub(super) missing: BTreeMap<String, (usize, Notice)>,
    /// The facts that no document says, and that are taken for granted.
    pub(super) granted: BTreeSet<&'static str>,
}

impl<'p> Shared<'p> {
    pub(super) fn new(profiles: &'p Profiles) -> Self {
        Self {
            issuers: Issuers::new(profiles),
            names: Names::default(),
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
