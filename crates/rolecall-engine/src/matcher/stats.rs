//! What an index is made of, for those who write policies and those who run them.

use super::Matcher;
use super::key::Part;
use crate::id::RoleId;
use crate::ir::Program;

/// How the roles of a policy set are looked up, and what that takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct IndexStats {
    /// By which parts of which claims, and how many roles by each; a role that is looked up in several ways counts for each.
    pub anchors: Vec<Anchor>,
    /// The places in the program of the roles that no part of a claim leads to: each token is held against what they ask
    /// for.
    pub unanchored: Vec<RoleId>,
    /// How many different groups of those there are.
    pub unanchored_groups: usize,
    /// How many different parts of claims roles are looked up by.
    pub keys: usize,
    /// How many comparisons are answered for all roles at once.
    pub flags: usize,
    /// How many different conditions are left to evaluate, with the parts that they are made of.
    pub residuals: usize,
    /// The bytes that the index takes, beside the policies.
    pub bytes: usize,
}

/// A way to look roles up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// The claim, as policies write it.
    pub claim: String,
    /// Which part of its text.
    pub part: AnchorPart,
    /// How many roles.
    pub roles: usize,
}

/// A part of a claim's text, which is cut at each `/` and `:`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AnchorPart {
    /// All of it, or of an element of a list.
    Value,
    /// What it begins with.
    Start,
    /// What it ends with.
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
                    Some(anchor) => anchor.roles = anchor.roles.saturating_add(*roles),
                    None => stats.anchors.push(Anchor {
                        claim,
                        part,
                        roles: *roles,
                    }),
                }
            }
            stats.unanchored.extend(&index.unanchored);
            let sums = [
                (
                    &mut stats.unanchored_groups,
                    index.unkeyed().map_or(0, |block| block.len()),
                ),
                (&mut stats.keys, index.table.len()),
                (&mut stats.flags, index.flags.len()),
                (&mut stats.residuals, index.residuals.len()),
                (&mut stats.bytes, index.bytes()),
            ];
            for (sum, more) in sums {
                *sum = sum.saturating_add(more);
            }
        }
        stats.bytes = stats.bytes.saturating_add(self.ways.bytes());
        stats.anchors.sort_by(|left, right| {
            (right.roles, &left.claim, left.part).cmp(&(left.roles, &right.claim, right.part))
        });
        stats.unanchored.sort_unstable();
        stats.unanchored.dedup();
        stats
    }
}
