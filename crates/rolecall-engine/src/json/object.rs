//! JSON objects (RFC 8259 section 4), with each member once.

use super::{JsonFault, Parser, measure};
use crate::certain::{certain, plus};
use crate::document::{Content, Span};
use crate::narrow::index;

impl Parser<'_> {
    pub(super) fn object(&mut self, name: Span, depth: usize) -> Option<()> {
        let node = self.open(name);
        self.skip_whitespace();
        if self.take(b'}') {
            return self.close(node, Content::Object);
        }
        let mut names = Names::new(self.nodes.len(), self.limits.members);
        loop {
            self.member(&mut names, depth)?;
            self.skip_whitespace();
            if self.take(b'}') {
                return self.close(node, Content::Object);
            }
            if !self.take(b',') {
                return self.refuse(JsonFault::Syntax);
            }
            self.skip_whitespace();
        }
    }

    fn member(&mut self, names: &mut Names, depth: usize) -> Option<()> {
        let Some(left) = names.left.checked_sub(1) else {
            let limit = self.limits.members;
            let members = plus(limit, measure::values(self.rest));
            return self.refuse(JsonFault::TooManyMembers { members, limit });
        };
        let Some(left_in_all) = self.members_left.checked_sub(1) else {
            let limit = self.limits.members_in_all;
            let members = plus(limit, measure::members(self.rest));
            return self.refuse(JsonFault::TooManyMembersInAll { members, limit });
        };
        (names.left, self.members_left) = (left, left_in_all);

        let start = self.at();
        let name = self.string()?;
        if names.may_have(self.span(name)) && self.has_member(names.first, name) {
            return self.refuse_at(start, JsonFault::DuplicateMember);
        }
        self.skip_whitespace();
        if !self.take(b':') {
            return self.refuse(JsonFault::Syntax);
        }
        self.skip_whitespace();
        self.value(name, depth)
    }

    /// Returns true if the object whose members begin at this position of the row has a member of this name.
    fn has_member(&self, first: usize, name: Span) -> bool {
        let mut at = first;
        while let Some(node) = self.nodes.get(at) {
            if node.name.length == name.length && self.span(node.name) == self.span(name) {
                return true;
            }
            at = node.content.end(at);
        }
        false
    }

    /// Returns the bytes of a string that was read.
    fn span(&self, span: Span) -> &[u8] {
        let start = index(span.start);
        let (text, start) = match start.checked_sub(self.text.len()) {
            Some(behind) => (self.unescaped.as_str(), behind),
            None => (self.text, start),
        };
        let bytes = text.as_bytes().get(start..);
        let bytes = bytes.and_then(|bytes| bytes.get(..index(span.length)));
        certain(bytes, "a string that was read is in the text")
    }
}

/// The names of an object so far.
struct Names {
    /// The position of its first member in the row.
    first: usize,
    /// The number of members that the object may still have.
    left: usize,
    /// A bit for each name that was seen. Several names may share a bit.
    seen: [u64; 4],
}

impl Names {
    fn new(first: usize, left: usize) -> Self {
        Self {
            first,
            left,
            seen: [0; 4],
        }
    }

    /// Adds a name. If this returns false, the name was not there before, and the members need no comparison.
    ///
    /// A token whose names share bits costs comparisons, with no more names than an object may have.
    fn may_have(&mut self, name: &[u8]) -> bool {
        // The empty name has no bytes.
        let end = |byte: Option<&u8>| byte.copied().unwrap_or(0);
        let [length, ..] = name.len().to_le_bytes();
        let hash = end(name.first()) ^ end(name.last()).rotate_left(3) ^ length.wrapping_mul(41);
        let Some(word) = self.seen.get_mut(usize::from(hash >> 6)) else {
            return true;
        };
        let bit = 1 << (hash & 63);
        let before = *word & bit;
        *word |= bit;
        before != 0
    }
}
