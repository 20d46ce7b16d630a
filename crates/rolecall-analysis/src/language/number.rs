//! Numbers in decimal, as templates write them, that stand in some order to a number.

use crate::dfa::{Classes, Walk};
use rolecall_engine::ir::Order;
use std::cmp::Ordering;

/// The numbers that stand in an order to a number.
#[derive(Debug)]
pub(super) struct Numbers {
    order: Order,
    negative: bool,
    digits: String,
}

impl Numbers {
    pub(super) fn new(order: Order, number: i64) -> Self {
        Self {
            order,
            negative: number < 0,
            digits: number.unsigned_abs().to_string(),
        }
    }

    /// How a number stands to ours.
    fn compare(&self, negative: bool, count: usize, digits: Ordering) -> Ordering {
        let size = count.cmp(&self.digits.len()).then(digits);
        match (negative, self.negative) {
            (false, false) => size,
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (true, true) => size.reverse(),
        }
    }
}

/// How far a number was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Read {
    Nothing,
    Minus,
    /// Digits: how many, and how they compare with as many of ours.
    Digits {
        negative: bool,
        count: usize,
        digits: Ordering,
        is_zero: bool,
    },
    /// What is no number.
    Dead,
}

impl Walk for Numbers {
    type State = Read;

    fn start(&self) -> Read {
        Read::Nothing
    }

    fn step(&self, state: &Read, byte: u8) -> Read {
        if byte == b'-' {
            return if *state == Read::Nothing {
                Read::Minus
            } else {
                Read::Dead
            };
        }
        if !byte.is_ascii_digit() {
            return Read::Dead;
        }
        let (negative, count, digits) = match *state {
            Read::Nothing => (false, 0, Ordering::Equal),
            Read::Minus if byte != b'0' => (true, 0, Ordering::Equal),
            Read::Digits {
                negative,
                count,
                digits,
                is_zero: false,
            } => (negative, count, digits),
            Read::Minus | Read::Digits { .. } | Read::Dead => return Read::Dead,
        };
        let ours = self.digits.as_bytes().get(count);
        Read::Digits {
            negative,
            // Beyond one digit more than ours has, the number only grows.
            count: count.saturating_add(1).min(self.digits.len().saturating_add(1)),
            digits: ours.map_or(digits, |ours| digits.then(byte.cmp(ours))),
            is_zero: count == 0 && byte == b'0',
        }
    }

    fn may_end(&self, state: &Read) -> bool {
        let Read::Digits {
            negative,
            count,
            digits,
            ..
        } = *state
        else {
            return false;
        };
        let ordering = self.compare(negative, count, digits);
        match self.order {
            Order::Greater => ordering.is_gt(),
            Order::GreaterEqual => ordering.is_ge(),
            Order::Less => ordering.is_lt(),
            Order::LessEqual => ordering.is_le(),
        }
    }

    fn classes(&self) -> Classes {
        Classes::by(|byte| (byte.is_ascii_digit() || byte == b'-').then_some(byte))
    }
}
