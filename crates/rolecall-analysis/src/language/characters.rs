//! Every text: UTF-8, as the strings of tokens are.

use crate::dfa::{Classes, Walk};

/// All texts.
#[derive(Debug)]
pub(super) struct Characters;

/// Where in a character a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Inside {
    /// Between two characters.
    Between,
    /// So many bytes of it are to come, and the next one is in this range.
    Character { left: u8, least: u8, most: u8 },
    /// This is no text.
    Nowhere,
}

impl Walk for Characters {
    type State = Inside;

    fn start(&self) -> Inside {
        Inside::Between
    }

    fn step(&self, state: &Inside, byte: u8) -> Inside {
        // RFC 3629: no longer form than needed, no half of a surrogate pair, nothing beyond U+10FFFF.
        let character = |left, least, most| Inside::Character { left, least, most };
        match (*state, byte) {
            (Inside::Between, 0..=0x7f) => Inside::Between,
            (Inside::Between, 0xc2..=0xdf) => character(1, 0x80, 0xbf),
            (Inside::Between, 0xe0) => character(2, 0xa0, 0xbf),
            (Inside::Between, 0xed) => character(2, 0x80, 0x9f),
            (Inside::Between, 0xe1..=0xef) => character(2, 0x80, 0xbf),
            (Inside::Between, 0xf0) => character(3, 0x90, 0xbf),
            (Inside::Between, 0xf1..=0xf3) => character(3, 0x80, 0xbf),
            (Inside::Between, 0xf4) => character(3, 0x80, 0x8f),
            (Inside::Character { left, least, most }, byte) if (least..=most).contains(&byte) => match left {
                0 | 1 => Inside::Between,
                left => character(left.saturating_sub(1), 0x80, 0xbf),
            },
            _ => Inside::Nowhere,
        }
    }

    fn may_end(&self, state: &Inside) -> bool {
        *state == Inside::Between
    }

    fn classes(&self) -> Classes {
        let edges = [
            0x80, 0x90, 0xa0, 0xc0, 0xc2, 0xe0, 0xe1, 0xed, 0xee, 0xf0, 0xf1, 0xf4, 0xf5,
        ];
        Classes::by(|byte| edges.iter().filter(|edge| byte >= **edge).count())
    }
}
