//! Objects of a profile: a claim with a type cannot contain other claims.

use crate::id::ClaimId;
use std::collections::HashMap;

/// The objects that claims of a profile are in, as a tree of names.
#[derive(Default)]
pub(super) struct Objects {
    root: Node,
}

#[derive(Default)]
struct Node {
    /// A claim at the node or inside it; the root has none.
    claim: Option<ClaimId>,
    /// True if the claim is at the node.
    is_claim: bool,
    inner: HashMap<String, Self>,
}

impl Objects {
    /// Returns a claim whose path begins with another path, or the other way round.
    pub(super) fn clash(&self, path: &[String]) -> Option<ClaimId> {
        let mut node = &self.root;
        for name in path {
            node = node.inner.get(name)?;
            if node.is_claim {
                break;
            }
        }
        node.claim
    }

    /// Adds a claim at a path.
    pub(super) fn add(&mut self, path: &[String], claim: ClaimId) {
        let mut node = &mut self.root;
        for name in path {
            node = node.inner.entry(name.clone()).or_default();
            node.claim.get_or_insert(claim);
        }
        node.is_claim = true;
    }
}
