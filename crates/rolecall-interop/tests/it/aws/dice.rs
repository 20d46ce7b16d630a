//! Repeatable random choices.

/// A generator of choices: the same number gives the same choices.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.roll() % u64::try_from(limit).unwrap()).unwrap()
    }

    pub(crate) fn one_in(&mut self, number: usize) -> bool {
        self.below(number) == 0
    }

    pub(crate) fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}

/// Returns an ordinary number of cases, or the one of `ROLECALL_FULL=1`. `ROLECALL_DECISIONS=1000000` asks for another number.
pub(crate) fn sampled(ordinary: u64, full: u64) -> u64 {
    if let Ok(asked) = std::env::var("ROLECALL_DECISIONS") {
        return asked.parse().expect("a number of decisions");
    }
    let is_full = std::env::var_os("ROLECALL_FULL").is_some_and(|value| value == "1");
    if is_full { full } else { ordinary }
}
