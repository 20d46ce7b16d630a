//! Globs and values with empty segments, such as `a//b`: there it matters which `**` takes what.
//!
//! `**` takes whole segments only, so that what the last one cannot take may have to be a `*` of an earlier part. All ways are
//! followed at once, in a fixed room.

use super::GlobSegment;

/// Each segment of a pattern has a character of a literal, or a `/` after it.
const WORDS: usize = 4 * 1024 / 64 + 1;

/// How much of a pattern may be behind, for each way to read the value so far: a bit for each segment.
struct Places([u64; WORDS]);

impl Places {
    /// Adds a place, and those after a `**` that takes nothing; at the end of the pattern it takes something.
    fn add(&mut self, mut place: usize, pattern: &[GlobSegment]) {
        loop {
            if let Some(word) = self.0.get_mut(place / 64) {
                *word |= 1 << (place % 64);
            }
            let next = place.saturating_add(1);
            if pattern.get(place) != Some(&GlobSegment::Any) || next == pattern.len() {
                return;
            }
            place = next;
        }
    }

    fn has(&self, place: usize) -> bool {
        let word = self.0.get(place / 64).copied().unwrap_or_default();
        word >> (place % 64) & 1 == 1
    }
}

/// Whether a field of the value fits.
pub(super) fn accepts(pattern: &[GlobSegment], value: &str) -> bool {
    let mut now = Places([0; WORDS]);
    now.add(0, pattern);
    for value in value.split('/') {
        let mut next = Places([0; WORDS]);
        for (place, segment) in pattern.iter().enumerate().filter(|(place, _)| now.has(*place)) {
            let after = place.saturating_add(1);
            match segment {
                GlobSegment::One(segment) if segment.accepts(value) => next.add(after, pattern),
                GlobSegment::Any if !value.is_empty() => {
                    next.add(place, pattern);
                    next.add(after, pattern);
                }
                GlobSegment::Any | GlobSegment::One(_) => {}
            }
        }
        now = next;
    }
    now.has(pattern.len())
}
