//! Properties of every sequence of events.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    reason = "tests may end early"
)]

use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use proptest::prelude::*;
use serde_json::Value;

use super::super::scripted::{jwk, parse};
use super::{Advice, Outcome, Refresh};
use crate::keys::{EmptyKeySet, FetchError, Fetched, KeySources};

static ENTRIES: LazyLock<Vec<Value>> = LazyLock::new(|| ["a", "b", "c"].map(jwk).to_vec());

const KIDS: [&str; 4] = ["a", "b", "c", "nobody's"];

#[derive(Clone, Debug)]
enum Step {
    Pass(Duration),
    Ask(usize),
    Succeed {
        from: usize,
        max_age: Option<Duration>,
    },
    Fail,
    /// The source publishes no usable key, and this many others.
    Empty {
        skipped: usize,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let durations = || {
        prop_oneof![
            (0..3_000_u64).prop_map(Duration::from_millis),
            (0..1_000_u64).prop_map(Duration::from_secs),
            (0..60_u64).prop_map(|hours| Duration::from_secs(hours * 3600)),
        ]
    };
    prop_oneof![
        3 => durations().prop_map(Step::Pass),
        4 => (0..KIDS.len()).prop_map(Step::Ask),
        2 => (0..3_usize, proptest::option::of(durations()))
            .prop_map(|(from, max_age)| Step::Succeed { from, max_age }),
        2 => Just(Step::Fail),
        1 => (0..2_usize).prop_map(|skipped| Step::Empty { skipped }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn no_order_of_events_breaks_the_rules(
        steps in proptest::collection::vec(step(), 0..60),
        longest in 1..200_000_u64,
        keep in any::<bool>(),
        chance in any::<u32>(),
    ) {
        let longest = Duration::from_secs(longest).min(KeySources::LONGEST_STALE);
        let when_empty = if keep { EmptyKeySet::KeepUntilStale } else { EmptyKeySet::Revoke };
        let mut refresh = Refresh::new(longest, when_empty);
        let mut now = Instant::now();
        let mut running = false;
        let mut last_good = None;
        let mut last_search: Option<Instant> = None;
        for step in steps {
            match step {
                Step::Pass(duration) => now += duration,
                Step::Ask(kid) => {
                    // A request without the lock gets what the schedule would have decided.
                    if let Some(current) = refresh.current().filter(|current| now < current.until) {
                        let answer = refresh.ask(|_| true, now);
                        prop_assert!(!answer.start);
                        let used = &current.keys;
                        prop_assert!(matches!(answer.advice, Advice::Use(keys) if Arc::ptr_eq(&keys, used)));
                    }
                    let searched_at = refresh.searched_at;
                    let answer = refresh.ask(|keys| keys.names(KIDS[kid]), now);
                    prop_assert!(!(running && answer.start), "two fetches at once");
                    running |= answer.start;
                    if refresh.searched_at != searched_at {
                        prop_assert!(last_search.is_none_or(|last| now - last >= Duration::from_secs(30)));
                        last_search = Some(now);
                    }
                    match answer.advice {
                        Advice::Use(keys) => {
                            let (fetched_at, fetched) = last_good.clone().unwrap();
                            prop_assert!(now - fetched_at < longest, "keys that are too old");
                            prop_assert!(Arc::ptr_eq(&keys, &fetched));
                        }
                        Advice::Wait(_) => prop_assert!(running),
                        Advice::Missing => {
                            prop_assert!(!running);
                            prop_assert!(last_good.clone().is_none_or(|(at, _)| now - at >= longest));
                        }
                    }
                }
                Step::Succeed { from, max_age } if running => {
                    running = false;
                    let fetched = Fetched { keys: parse(&ENTRIES[from..]), max_age };
                    let before = refresh.in_use(now);
                    let outcome = refresh.end(Ok(fetched), now, chance);
                    let Outcome::Fetched { keys, changed } = outcome else { panic!("it succeeded") };
                    prop_assert_eq!(&*keys, &parse(&ENTRIES[from..]));
                    if let Some(before) = before {
                        prop_assert_eq!(changed, *before != *keys);
                        prop_assert_eq!(changed, !Arc::ptr_eq(&before, &keys));
                    }
                    last_good = Some((now, keys));
                }
                Step::Fail if running => {
                    running = false;
                    let before = refresh.in_use(now);
                    refresh.end(Err(FetchError::NoThread), now, chance);
                    prop_assert_eq!(refresh.in_use(now), before);
                }
                Step::Empty { skipped } if running => {
                    running = false;
                    let before = refresh.in_use(now);
                    let outcome = refresh.end(Err(FetchError::NoUsableKey { skipped }), now, chance);
                    let Outcome::Failed { withdrawn, .. } = outcome else { panic!("it failed") };
                    if keep && skipped == 0 {
                        prop_assert_eq!(withdrawn, None);
                        prop_assert_eq!(refresh.in_use(now), before);
                    } else {
                        prop_assert!(before.is_none_or(|before| withdrawn == Some(before)));
                        prop_assert_eq!(refresh.in_use(now), None);
                        prop_assert!(refresh.current().is_none());
                        last_good = None;
                    }
                }
                Step::Succeed { .. } | Step::Fail | Step::Empty { .. } => {}
            }
        }
        // It recovers within half a minute once the provider works.
        if !running {
            now += Duration::from_secs(36);
            running = refresh.ask(|keys| keys.names("a"), now).start;
        }
        if running {
            let fetched = Fetched { keys: parse(&ENTRIES), max_age: None };
            refresh.end(Ok(fetched), now, chance);
        }
        let answer = refresh.ask(|keys| keys.names("a"), now);
        prop_assert!(matches!(answer.advice, Advice::Use(keys) if keys.names("a")));
    }
}
