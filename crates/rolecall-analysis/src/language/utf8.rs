//! Language of all texts: UTF-8, as in the strings of tokens.

use crate::dfa::{Classes, Walk};

/// Reader of UTF-8.
#[derive(Debug)]
pub(super) struct Utf8;

/// The position in a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Utf8State {
    /// Between two characters.
    Between,
    /// Inside of a character: `left` bytes follow, and the next one is in the range `least..=most`.
    Character { left: u8, least: u8, most: u8 },
    /// After bytes that are not UTF-8.
    Invalid,
}

impl Walk for Utf8 {
    type State = Utf8State;

    fn start(&self) -> Utf8State {
        Utf8State::Between
    }

    fn step(&self, state: &Utf8State, byte: u8) -> Utf8State {
        // RFC 3629: no overlong forms, no surrogates, nothing beyond U+10FFFF.
        let character = |left, least, most| Utf8State::Character { left, least, most };
        match (*state, byte) {
            (Utf8State::Between, 0..=0x7f) => Utf8State::Between,
            (Utf8State::Between, 0xc2..=0xdf) => character(1, 0x80, 0xbf),
            (Utf8State::Between, 0xe0) => character(2, 0xa0, 0xbf),
            (Utf8State::Between, 0xed) => character(2, 0x80, 0x9f),
            (Utf8State::Between, 0xe1..=0xef) => character(2, 0x80, 0xbf),
            (Utf8State::Between, 0xf0) => character(3, 0x90, 0xbf),
            (Utf8State::Between, 0xf1..=0xf3) => character(3, 0x80, 0xbf),
            (Utf8State::Between, 0xf4) => character(3, 0x80, 0x8f),
            (Utf8State::Character { left, least, most }, byte) if (least..=most).contains(&byte) => {
                match left {
                    3 => character(2, 0x80, 0xbf),
                    2 => character(1, 0x80, 0xbf),
                    _ => Utf8State::Between,
                }
            }
            _ => Utf8State::Invalid,
        }
    }

    fn may_end(&self, state: &Utf8State) -> bool {
        *state == Utf8State::Between
    }

    fn classes(&self) -> Classes {
        let edges = [
            0x80, 0x90, 0xa0, 0xc0, 0xc2, 0xe0, 0xe1, 0xed, 0xee, 0xf0, 0xf1, 0xf4, 0xf5,
        ];
        Classes::by(|byte| edges.iter().filter(|edge| byte >= **edge).count())
    }
}
