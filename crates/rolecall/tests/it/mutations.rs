//! Good tokens, a little changed: none of them is accepted, and nothing panics.

use crate::sampling::{config, sampled};
use crate::support::{Attempt, NOW, base64url, issuer, key_set};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::prelude::*;
use rolecall::{Algorithm, TokenFault, UnixTime, VerifiedToken, Verifier, VerifyError};

/// A good token of each algorithm, and a verifier with its key.
struct Good {
    tokens: Vec<(Algorithm, String, rolecall::KeySet)>,
    verifier: Verifier,
}

static GOOD: std::sync::LazyLock<Good> = std::sync::LazyLock::new(|| {
    let good = |algorithm| {
        let attempt = Attempt::new(algorithm);
        (
            algorithm,
            attempt.token(),
            key_set(attempt.keys.as_ref().unwrap()),
        )
    };
    Good {
        tokens: Algorithm::ALL.map(good).into(),
        verifier: Verifier::new([issuer()]).unwrap(),
    }
});

impl Good {
    fn verify(&self, token: &str, keys: &rolecall::KeySet) -> Result<VerifiedToken, VerifyError> {
        self.verifier.read(token)?.verify(keys, UnixTime::from_secs(NOW))
    }
}

fn flip(segment: &str, bit: usize) -> String {
    let mut bytes = URL_SAFE_NO_PAD.decode(segment).unwrap();
    bytes[bit / 8] ^= 1 << (bit % 8);
    base64url(bytes)
}

fn bits(segment: &str) -> usize {
    URL_SAFE_NO_PAD.decode(segment).unwrap().len() * 8
}

#[test]
fn each_flipped_bit_of_a_signature_is_refused() {
    for (algorithm, token, keys) in &GOOD.tokens {
        let (signed, signature) = token.rsplit_once('.').unwrap();
        for bit in 0..bits(signature) {
            let changed = format!("{signed}.{}", flip(signature, bit));
            let error = GOOD.verify(&changed, keys).unwrap_err();
            assert_eq!(error, VerifyError::BadSignature, "{algorithm}, bit {bit}");
        }
    }
}

#[test]
fn each_flipped_bit_of_the_signed_text_is_refused() {
    for (algorithm, token, keys) in &GOOD.tokens {
        let segments: Vec<_> = token.split('.').collect();
        for index in [0, 1] {
            for bit in 0..bits(segments[index]) {
                let mut changed = segments.clone();
                let segment = flip(segments[index], bit);
                changed[index] = &segment;
                assert!(
                    GOOD.verify(&changed.join("."), keys).is_err(),
                    "{algorithm}, segment {index}, bit {bit}"
                );
            }
        }
    }
}

/// Every other character at every place, for one algorithm.
#[test]
fn each_changed_character_is_refused() {
    let (_, token, keys) = GOOD
        .tokens
        .iter()
        .find(|(algorithm, ..)| *algorithm == Algorithm::EdDSA)
        .unwrap();
    for (place, own) in token.char_indices() {
        for other in ALPHABET.chars().chain(['.', '=']).filter(|other| *other != own) {
            let changed = format!("{}{other}{}", &token[..place], &token[place + 1..]);
            assert!(
                GOOD.verify(&changed, keys).is_err(),
                "{other} for {own} at {place}"
            );
        }
    }
}

/// The characters of base64url, in the order of their values (RFC 4648 section 5).
const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Bytes that somebody might trim, skip or take for another.
#[test]
fn a_foreign_byte_in_any_segment_is_refused() {
    let (_, token, keys) = &GOOD.tokens[0];
    assert!(GOOD.verify(token, keys).is_ok());
    // At the beginning and the end of each segment, one further in, and in the middle.
    let ends: Vec<usize> = token
        .match_indices('.')
        .map(|(dot, _)| dot)
        .chain([token.len()])
        .collect();
    let starts = [0].into_iter().chain(ends.iter().map(|end| end + 1));
    let places: Vec<usize> = starts
        .zip(&ends)
        .flat_map(|(start, end)| [start, start + 1, (start + end) / 2, end - 1, *end])
        .collect();
    let ascii = (0..=127_u8)
        .map(char::from)
        .filter(|c| !c.is_ascii_alphanumeric() && !"-_.".contains(*c));
    for c in ascii.chain([
        '\u{85}', '\u{a0}', '\u{200b}', '\u{2028}', '\u{feff}', 'é', '\u{ff21}',
    ]) {
        for place in &places {
            let mut changed = token.clone();
            changed.insert(*place, c);
            let expected = VerifyError::MalformedToken(TokenFault::ForeignByte { offset: *place });
            assert_eq!(GOOD.verify(&changed, keys).unwrap_err(), expected, "{c:?}");
        }
    }
}

/// The other spellings of a segment's last character, which lax decoders take for the same.
#[test]
fn unused_bits_of_each_segment_are_refused() {
    let mut tried = 0;
    for (_, token, keys) in &GOOD.tokens {
        let segments: Vec<_> = token.split('.').collect();
        for index in 0..3 {
            let (front, last) = segments[index].split_at(segments[index].len() - 1);
            let unused = match segments[index].len() % 4 {
                2 => 16,
                3 => 4,
                _ => 1,
            };
            let value = ALPHABET.find(last).unwrap();
            for other in (value + 1)..(value + unused) {
                let mut changed = segments.clone();
                let segment = format!("{front}{}", &ALPHABET[other..=other]);
                changed[index] = &segment;
                assert_eq!(
                    GOOD.verify(&changed.join("."), keys).unwrap_err().code(),
                    "malformed_token"
                );
                tried += 1;
            }
        }
    }
    assert!(tried > 50, "{tried}");
}

#[test]
fn size_is_limited_to_the_byte() {
    let verifier = &GOOD.verifier;
    for (length, expected) in [(16 * 1024, "malformed_token"), (16 * 1024 + 1, "token_too_large")] {
        for text in ["A".repeat(length), ".".repeat(length)] {
            assert_eq!(verifier.read(&text).unwrap_err().code(), expected);
        }
    }
    assert_eq!(
        verifier.read(&"A".repeat(100_000_000)).unwrap_err().code(),
        "token_too_large"
    );
    assert_eq!(
        verifier.read(&".".repeat(50_000_000)).unwrap_err().code(),
        "token_too_large"
    );
    let header = |length: usize| format!("{}.AAAA.AAAA", "A".repeat(length));
    assert_eq!(
        verifier.read(&header(4096)).unwrap_err().code(),
        "header_not_json"
    );
    assert_eq!(
        verifier.read(&header(4097)).unwrap_err().code(),
        "token_too_large"
    );
}

proptest! {
    #![proptest_config(config(sampled(4000)))]

    #[test]
    fn any_flipped_bit_of_any_algorithm_is_refused(
        which in 0..Algorithm::ALL.len(),
        segment in 0..3_usize,
        bit in any::<prop::sample::Index>(),
    ) {
        let (_, token, keys) = &GOOD.tokens[which];
        let mut segments: Vec<_> = token.split('.').map(str::to_owned).collect();
        segments[segment] = flip(&segments[segment], bit.index(bits(&segments[segment])));
        prop_assert!(GOOD.verify(&segments.join("."), keys).is_err());
    }

    #[test]
    fn any_changed_byte_is_refused(
        which in 0..Algorithm::ALL.len(),
        place in any::<prop::sample::Index>(),
        byte in 0..128_u8,
    ) {
        let (_, token, keys) = &GOOD.tokens[which];
        let mut changed = token.clone().into_bytes();
        let place = place.index(changed.len());
        prop_assume!(changed[place] != byte);
        changed[place] = byte;
        prop_assert!(GOOD.verify(std::str::from_utf8(&changed).unwrap(), keys).is_err());
    }

    #[test]
    fn any_cut_doubled_or_shuffled_token_is_refused(
        which in 0..Algorithm::ALL.len(),
        from in any::<prop::sample::Index>(),
        to in any::<prop::sample::Index>(),
        into in any::<prop::sample::Index>(),
    ) {
        let (_, token, keys) = &GOOD.tokens[which];
        let (from, to) = (from.index(token.len()), to.index(token.len()));
        let (from, to) = (from.min(to), from.max(to));
        let mut cut = token.clone();
        let part: String = cut.drain(from..to).collect();
        prop_assert!(from == to || GOOD.verify(&cut, keys).is_err());
        cut.insert_str(into.index(cut.len() + 1), &part);
        prop_assert!(cut == *token || GOOD.verify(&cut, keys).is_err());
        let doubled = format!("{token}{part}");
        prop_assert!(from == to || GOOD.verify(&doubled, keys).is_err());
    }

    #[test]
    fn any_text_is_refused(text in any::<String>(), segments in prop::collection::vec("[A-Za-z0-9_-]{0,60}", 0..6)) {
        prop_assert!(GOOD.verifier.read(&text).is_err());
        prop_assert!(GOOD.verifier.read(&segments.join(".")).is_err());
    }

    /// Claims of any numbers and any clock: an answer, and the one that plain arithmetic gives.
    #[test]
    fn any_times_give_an_answer(
        exp in time(),
        iat in time(),
        nbf in proptest::option::of(time()),
        now in prop_oneof![time(), any::<i64>()],
    ) {
        let mut attempt = Attempt::new(Algorithm::EdDSA);
        attempt.claims["exp"] = exp.into();
        attempt.claims["iat"] = iat.into();
        attempt.claims["nbf"] = nbf.unwrap_or(1).into();
        attempt.now = now;
        let [exp, iat, nbf, now] = [exp, iat, nbf.unwrap_or(1), now].map(i128::from);
        let in_range = [exp, iat, nbf].iter().all(|time| (1..1 << 40).contains(time));
        let lives = now < exp + 30 && iat <= now + 30 && nbf <= now + 30;
        let expected = in_range && lives && (iat..=iat + 3600).contains(&exp) && nbf <= exp;
        prop_assert_eq!(attempt.run().is_ok(), expected);
    }
}

/// Times that are mostly near to one another.
fn time() -> impl Strategy<Value = i64> {
    prop_oneof![6 => NOW - 120..NOW + 120, 1 => NOW - 5000..NOW + 5000, 1 => any::<i64>()]
}
