//! Statistics of an index, for authors and operators of policies.

use super::Matcher;
use super::index::Index;
use super::key::Part;
use crate::certain::plus;
use crate::id::RoleId;
use crate::ir::Program;

/// Statistics of the index of a policy set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct IndexStats {
    /// The anchors, with their number of roles. A role with several anchors counts for each.
    pub anchors: Vec<Anchor>,
    /// The roles that have a clause without an anchor: its conditions are tested for each token.
    pub unanchored: Vec<RoleId>,
    /// The number of groups of such clauses. A group shares all conditions.
    pub unanchored_groups: usize,
    /// The number of different keys.
    pub keys: usize,
    /// The number of comparisons that are evaluated once for all roles.
    pub flags: usize,
    /// The number of different conditions that are evaluated after a lookup, with their parts.
    pub residuals: usize,
    /// The bytes that the index takes in addition to the policies.
    pub bytes: usize,
}

/// A part of a claim that roles are looked up by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// The claim, as written in policies.
    pub claim: String,
    /// The part of its text.
    pub part: AnchorPart,
    /// The number of roles.
    pub roles: usize,
}

/// A part of a claim's text. The text is cut at each `/` and `:`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AnchorPart {
    /// The whole text, or the whole text of an element of a list.
    Value,
    /// The text before a cut.
    Start,
    /// The text after a cut.
    End,
}

impl Matcher {
    pub(crate) fn stats(&self, program: &Program) -> IndexStats {
        let mut stats = IndexStats::default();
        for (issuer, matcher) in program.issuers().values().zip(self.issuers.values()) {
            let index = &matcher.index;
            for (kind, roles) in &index.anchors {
                let claim = issuer.profile[kind.claim()].to_string();
                let part = match kind.part() {
                    Part::End => AnchorPart::End,
                    Part::Start => AnchorPart::Start,
                    Part::Whole => AnchorPart::Value,
                };
                match stats
                    .anchors
                    .iter_mut()
                    .find(|anchor| anchor.claim == claim && anchor.part == part)
                {
                    Some(anchor) => anchor.roles = plus(anchor.roles, *roles),
                    None => stats.anchors.push(Anchor {
                        claim,
                        part,
                        roles: *roles,
                    }),
                }
            }
            stats.unanchored.extend(&index.unanchored);
        }
        let indexes = || self.issuers.values().map(|issuer| &issuer.index);
        let groups = indexes().filter_map(Index::unkeyed).map(|block| block.len());
        stats.unanchored_groups = groups.sum();
        stats.keys = indexes().map(|index| index.table.len()).sum();
        stats.flags = indexes().map(|index| index.flags.len()).sum();
        stats.residuals = indexes().map(|index| index.residuals.len()).sum();
        stats.bytes = indexes().map(Index::bytes).chain([self.ways.bytes()]).sum();
        stats.anchors.sort_by(|left, right| {
            (right.roles, &left.claim, left.part).cmp(&(left.roles, &right.claim, right.part))
        });
        stats.unanchored.sort_unstable();
        stats.unanchored.dedup();
        stats
    }
}
