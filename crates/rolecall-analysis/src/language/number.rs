//! Languages of decimal numbers, as templates write them, that are less or greater than a number.

use crate::dfa::{Classes, Walk};
use rolecall_engine::ir::Order;
use std::cmp::Ordering;

/// Reader of the numbers that are in an order to a bound.
#[derive(Debug)]
pub(super) struct Numbers {
    order: Order,
    /// True if the bound is negative.
    negative: bool,
    /// The digits of the bound.
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

    /// Compares a number with the bound, from its sign, its count of digits, and the order of its digits.
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

/// The state after a part of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum NumberState {
    Start,
    Minus,
    /// After digits: their count, and their order to the first digits of the bound.
    Digits {
        negative: bool,
        count: usize,
        digits: Ordering,
        is_zero: bool,
    },
    /// After bytes that are not a number.
    Dead,
}

impl Walk for Numbers {
    type State = NumberState;

    fn start(&self) -> NumberState {
        NumberState::Start
    }

    fn step(&self, state: &NumberState, byte: u8) -> NumberState {
        if byte == b'-' {
            return if *state == NumberState::Start {
                NumberState::Minus
            } else {
                NumberState::Dead
            };
        }
        if !byte.is_ascii_digit() {
            return NumberState::Dead;
        }
        let (negative, count, digits) = match *state {
            NumberState::Start => (false, 0, Ordering::Equal),
            NumberState::Minus if byte != b'0' => (true, 0, Ordering::Equal),
            NumberState::Digits {
                negative,
                count,
                digits,
                is_zero: false,
            } => (negative, count, digits),
            NumberState::Minus | NumberState::Digits { .. } | NumberState::Dead => return NumberState::Dead,
        };
        let bound = self.digits.as_bytes().get(count);
        NumberState::Digits {
            negative,
            // Once the number has more digits than the bound, further digits do not change the order.
            count: if count > self.digits.len() {
                count
            } else {
                count.wrapping_add(1)
            },
            digits: bound.map_or(digits, |bound| digits.then(byte.cmp(bound))),
            is_zero: count == 0 && byte == b'0',
        }
    }

    fn may_end(&self, state: &NumberState) -> bool {
        let NumberState::Digits {
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
