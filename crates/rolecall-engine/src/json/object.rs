//! Objects of JSON (RFC 8259 section 4), each member once.

use super::{JsonFault, JsonLimits, Parser};
use crate::document::{Content, Span, index};

impl Parser<'_> {
    pub(super) fn object(&mut self, name: Span, depth: usize) -> Option<()> {
        let node = self.open(name);
        self.skip_whitespace();
        if self.take(b'}') {
            return self.close(node, Content::Object);
        }
        let mut names = Names::new(self.nodes.len());
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
        let JsonLimits {
            members: limit,
            members_in_all: limit_in_all,
            ..
        } = *self.limits;
        if names.count >= limit {
            return self.refuse(JsonFault::TooManyMembers { limit });
        }
        if self.members >= limit_in_all {
            return self.refuse(JsonFault::TooManyMembers { limit: limit_in_all });
        }
        names.count = names.count.saturating_add(1);
        self.members = self.members.saturating_add(1);

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

    /// Whether the object whose members begin at this place of the row has one of this name.
    fn has_member(&self, first: usize, name: Span) -> bool {
        let mut at = first;
        while let Some(node) = self.nodes.get(at) {
            if node.name.length == name.length && self.span(node.name) == self.span(name) {
                return true;
            }
            at = match node.content {
                Content::List(end) | Content::Object(end) => index(end),
                _ => at.saturating_add(1),
            };
        }
        false
    }

    /// The bytes of a string that was read.
    fn span(&self, span: Span) -> &[u8] {
        let start = index(span.start);
        let (text, start) = match start.checked_sub(self.text.len()) {
            Some(behind) => (self.unescaped.as_str(), behind),
            None => (self.text, start),
        };
        let end = start.saturating_add(index(span.length));
        text.as_bytes().get(start..end).unwrap_or_default()
    }
}

/// The names of an object so far.
struct Names {
    /// Where in the row its members begin.
    first: usize,
    count: usize,
    /// A bit for each name that was seen, which other names may share.
    seen: [u64; 4],
}

impl Names {
    fn new(first: usize) -> Self {
        Self {
            first,
            count: 0,
            seen: [0; 4],
        }
    }

    /// Notes a name. If this says no, the name was not there before, and nobody needs to look.
    ///
    /// Whoever chooses names that share a bit makes us look, at no more names than an object may have.
    fn may_have(&mut self, name: &[u8]) -> bool {
        let end = |byte: Option<&u8>| byte.copied().unwrap_or_default();
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
