//! Tests of the bounds and the replacement order of the cache.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    reason = "tests may end early"
)]

use std::sync::atomic::AtomicUsize;
use std::thread;

use super::*;

const NOW: UnixTime = UnixTime::from_secs(1_000);

struct Token {
    text: String,
    until: i64,
    generation: u64,
    alive: Arc<AtomicUsize>,
}

impl Cached for Token {
    fn text(&self) -> &str {
        &self.text
    }

    fn usable_until(&self) -> UnixTime {
        UnixTime::from_secs(self.until)
    }

    fn generation(&self) -> u64 {
        self.generation
    }
}

impl Drop for Token {
    fn drop(&mut self) {
        self.alive.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Creates tokens, and counts those that are alive.
#[derive(Default)]
struct Mint(Arc<AtomicUsize>);

impl Mint {
    fn token(&self, text: impl Into<String>, until: i64) -> Arc<Token> {
        self.token_of(0, text, until)
    }

    fn token_of(&self, generation: u64, text: impl Into<String>, until: i64) -> Arc<Token> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Arc::new(Token {
            text: text.into(),
            until,
            generation,
            alive: Arc::clone(&self.0),
        })
    }

    fn alive(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// A text that ends with a unique signature.
fn text(n: usize) -> String {
    format!("{n:0>64}")
}

#[test]
fn what_was_kept_is_found_and_nothing_else() {
    let (cache, mint) = (TokenCache::new(64), Mint::default());
    assert!(cache.get(&text(1)).is_none());
    cache.insert(&mint.token(text(1), 2_000), NOW);
    assert_eq!(cache.get(&text(1)).unwrap().text, text(1));
    assert!(cache.get(&text(2)).is_none());
    // The same end, and so the same slots.
    assert!(cache.get(&format!("x{}", text(1))).is_none());
    cache.begin(1);
    assert!(cache.get(&text(1)).is_none());
    assert_eq!(mint.alive(), 0);
}

#[test]
fn tokens_of_another_generation_are_not_kept() {
    let (cache, mint) = (TokenCache::new(64), Mint::default());
    cache.begin(1);
    for generation in [0, 2] {
        cache.insert(&mint.token_of(generation, text(1), 2_000), NOW);
        assert_eq!(mint.alive(), 0);
    }
    cache.insert(&mint.token_of(1, text(1), 2_000), NOW);
    assert!(cache.get(&text(1)).is_some());
}

#[test]
fn whenever_the_generation_changes_nothing_older_stays() {
    let (cache, mint) = (TokenCache::<Token>::new(16), Mint::default());
    let generation = AtomicU64::new(0);
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                for n in 0.. {
                    let current = generation.load(Ordering::Relaxed);
                    if current == 1_000 {
                        break;
                    }
                    // Another thread may have begun the next generation by now.
                    cache.insert(&mint.token_of(current, text(n % 40), 2_000), NOW);
                }
            });
        }
        for next in 1..=1_000 {
            cache.begin(next);
            generation.store(next, Ordering::Relaxed);
        }
    });
    // The last generation was never inserted.
    assert_eq!(mint.alive(), 0);
}

#[test]
fn it_never_holds_more_than_its_size() {
    for capacity in [1, 4, 5, 64, 1_000] {
        let (cache, mint) = (TokenCache::new(capacity), Mint::default());
        for n in 0..10_000 {
            cache.insert(&mint.token(text(n), 2_000), NOW);
        }
        let most = capacity.div_ceil(WAYS).next_power_of_two() * WAYS;
        assert!(mint.alive() <= most, "{} of {capacity}", mint.alive());
        assert!(mint.alive() >= most / 2, "{} of {capacity}", mint.alive());
        drop(cache);
        assert_eq!(mint.alive(), 0);
    }
}

#[test]
fn a_cache_of_no_size_keeps_nothing() {
    let (cache, mint) = (TokenCache::new(0), Mint::default());
    cache.insert(&mint.token(text(1), 2_000), NOW);
    assert!(cache.get(&text(1)).is_none());
    assert_eq!(mint.alive(), 0);
}

#[test]
fn tokens_too_long_or_too_short_are_not_kept() {
    let (cache, mint) = (TokenCache::new(64), Mint::default());
    for length in [0, 1, 31, MAX_LENGTH + 1, 100_000] {
        let text = "a".repeat(length);
        cache.insert(&mint.token(text.clone(), 2_000), NOW);
        assert!(cache.get(&text).is_none(), "{length}");
    }
    let longest = "a".repeat(MAX_LENGTH);
    cache.insert(&mint.token(longest.clone(), 2_000), NOW);
    assert!(cache.get(&longest).is_some());
}

#[test]
fn the_place_of_a_token_that_is_over_is_taken_first_and_then_that_of_the_next_one_to_be() {
    // All in one set.
    let (cache, mint) = (TokenCache::new(WAYS), Mint::default());
    for (n, until) in [(1, 5_000), (2, 900), (3, 3_000), (4, 4_000)] {
        cache.insert(&mint.token(text(n), until), NOW);
    }
    cache.insert(&mint.token(text(5), 6_000), NOW);
    assert!(cache.get(&text(2)).is_none());
    cache.insert(&mint.token(text(6), 6_000), NOW);
    assert!(cache.get(&text(3)).is_none());
    for n in [1, 4, 5, 6] {
        assert!(cache.get(&text(n)).is_some(), "{n}");
    }
}

#[test]
fn a_token_that_is_kept_again_takes_its_own_place() {
    let (cache, mint) = (TokenCache::new(WAYS), Mint::default());
    for n in 0..WAYS {
        cache.insert(&mint.token(text(n), 5_000), NOW);
    }
    for _ in 0..10 {
        cache.insert(&mint.token(text(1), 5_000), NOW);
    }
    for n in 0..WAYS {
        assert!(cache.get(&text(n)).is_some(), "{n}");
    }
    assert_eq!(mint.alive(), WAYS);
}

#[test]
fn threads_never_get_another_token_than_they_ask_for() {
    let (cache, mint) = (TokenCache::<Token>::new(16), Mint::default());
    thread::scope(|scope| {
        for offset in 0..4 {
            let (cache, mint) = (&cache, &mint);
            scope.spawn(move || {
                for n in 0..20_000 {
                    let text = text((n * 7 + offset) % 40);
                    match cache.get(&text) {
                        Some(found) => assert_eq!(found.text, text),
                        None => cache.insert(&mint.token(text, 2_000), NOW),
                    }
                }
            });
        }
    });
}
