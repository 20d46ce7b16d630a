//! Memory of used tokens, for doors that take a token once for each role.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use rolecall::UnixTime;

use super::Unavailable;
use crate::digest::sha256;

/// The maximum number of tokens that are remembered. The table then has 2^21 places of 41 bytes, 86 MB.
const MAX_TOKENS: usize = 1_000_000;

/// The tokens that were used, until they expire. It is of this instance only, and ends with it.
#[derive(Debug, Default)]
pub(super) struct Replay {
    used: Mutex<Used>,
}

#[derive(Debug, Default)]
struct Used {
    until: HashMap<[u8; 32], i64>,
    /// The time at which the expired ones were last removed.
    cleaned: i64,
}

/// The outcome for a token.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Use {
    First,
    Again,
}

impl Replay {
    /// Remembers that a token of an issuer is used for a role.
    ///
    /// # Errors
    /// [`Unavailable::Replay`] if the memory is full: a token that cannot be remembered is not accepted.
    pub(super) fn take(
        &self,
        (issuer, id, role): (&str, &str, &str),
        expires_at: UnixTime,
        now: UnixTime,
    ) -> Result<Use, Unavailable> {
        let now = now.as_secs();
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if used.until.len() >= MAX_TOKENS || now.saturating_sub(used.cleaned) > 60 {
            used.until.retain(|_, until| *until > now);
            used.cleaned = now;
        }
        if used.until.len() >= MAX_TOKENS {
            return Err(Unavailable::Replay);
        }
        // An hour more than the token's: no issuer's leeway is longer.
        let until = expires_at.as_secs().saturating_add(3_600);
        Ok(match used.until.insert(key([issuer, id, role]), until) {
            None => Use::First,
            Some(_) => Use::Again,
        })
    }

    /// Returns whether a token was used.
    pub(super) fn has(&self, (issuer, id, role): (&str, &str, &str)) -> bool {
        let used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        used.until.contains_key(&key([issuer, id, role]))
    }
}

/// Returns a digest of texts that differs if one of them does.
fn key(texts: [&str; 3]) -> [u8; 32] {
    let text = texts.map(|text| format!("{}:{text}", text.len())).concat();
    sha256(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_taken_once_for_each_role_until_it_is_forgotten() {
        let replay = Replay::default();
        let at = UnixTime::from_secs;
        let take = |id, role, now| replay.take(("https://gitlab.com", id, role), at(1_000), at(now));
        assert_eq!(take("a", "deploy", 500), Ok(Use::First));
        assert_eq!(take("a", "deploy", 501), Ok(Use::Again));
        assert_eq!(take("a", "plan", 502), Ok(Use::First));
        assert_eq!(take("b", "deploy", 503), Ok(Use::First));
        assert_eq!(take("a", "deploy", 4_599), Ok(Use::Again));
        assert_eq!(replay.used.lock().unwrap().until.len(), 3);
        assert_eq!(take("c", "deploy", 5_000), Ok(Use::First));
        assert_eq!(replay.used.lock().unwrap().until.len(), 1);
    }

    #[test]
    fn texts_that_only_join_to_the_same_are_different() {
        assert_ne!(key(["ab", "c", ""]), key(["a", "bc", ""]));
        assert_ne!(key(["a", "", "1:b"]), key(["a", "1:", "b"]));
    }
}
