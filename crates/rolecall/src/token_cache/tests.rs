//! Tests of the bounds and the replacement order of the cache.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    reason = "tests may end early"
)]

use std::sync::atomic::AtomicUsize;
use std::thread;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::*;

const NOW: UnixTime = UnixTime::from_secs(1_000);

struct Token {
    text: String,
    until: i64,
    alive: Arc<AtomicUsize>,
}

impl Cached for Token {
    fn text(&self) -> &str {
        &self.text
    }

    fn usable_until(&self) -> UnixTime {
        UnixTime::from_secs(self.until)
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
        self.0.fetch_add(1, Ordering::Relaxed);
        Arc::new(Token {
            text: text.into(),
            until,
            alive: Arc::clone(&self.0),
        })
    }

    fn alive(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// A text that ends with bytes as unlike those of others as a signature.
fn text(n: usize) -> String {
    let signature = digest(&SHA256, &n.to_le_bytes());
    format!("signed.{}", URL_SAFE_NO_PAD.encode(signature))
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
    drop(cache);
    assert_eq!(mint.alive(), 0);
}

#[test]
fn as_many_tokens_as_it_is_made_for_are_kept_when_they_are_asked_in_turn() {
    for (capacity, rounds) in [(1, 100), (8, 100), (100, 200), (1_024, 20), (10_000, 2)] {
        let mut missed = 0;
        for _ in 0..rounds {
            let (cache, mint) = (TokenCache::new(capacity), Mint::default());
            for n in 0..capacity {
                cache.insert(&mint.token(text(n), 2_000), NOW);
            }
            missed += (0..capacity).filter(|n| cache.get(&text(*n)).is_none()).count();
        }
        // One in ten thousand.
        assert!(
            missed * 10_000 <= rounds * capacity,
            "{missed} of {rounds} times {capacity}"
        );
    }
}

#[test]
fn it_never_holds_more_than_its_size() {
    for capacity in [1, 4, 5, 64, 1_000] {
        let (cache, mint) = (TokenCache::new(capacity), Mint::default());
        for n in 0..10_000 {
            cache.insert(&mint.token(text(n), 2_000), NOW);
        }
        let most = (capacity + capacity.div_ceil(2)).next_multiple_of(WAYS);
        assert!(mint.alive() <= most, "{} of {capacity}", mint.alive());
        assert!(mint.alive() >= capacity, "{} of {capacity}", mint.alive());
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
    let (cache, mint) = (TokenCache::new(1), Mint::default());
    for (n, until) in [
        (1, 5_000),
        (2, 900),
        (3, 3_000),
        (4, 4_000),
        (5, 5_000),
        (6, 5_000),
        (7, 5_000),
        (8, 5_000),
    ] {
        cache.insert(&mint.token(text(n), until), NOW);
    }
    cache.insert(&mint.token(text(9), 6_000), NOW);
    assert!(cache.get(&text(2)).is_none());
    cache.insert(&mint.token(text(10), 6_000), NOW);
    assert!(cache.get(&text(3)).is_none());
    for n in [1, 4, 5, 6, 7, 8, 9, 10] {
        assert!(cache.get(&text(n)).is_some(), "{n}");
    }
}

#[test]
fn a_token_that_is_kept_again_takes_its_own_place() {
    let (cache, mint) = (TokenCache::new(1), Mint::default());
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
