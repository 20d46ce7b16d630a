//! Times: what is a NumericDate, and what each second around a bound decides.

use std::time::Duration;

use crate::sampling::config;
use crate::support::{Attempt, NOW, code, drop};
use proptest::prelude::*;
use rolecall::{Algorithm, Issuer};
use serde_json::json;

/// An attempt whose claim is exactly this text, which need not be a value that a JSON library can hold.
fn with(claim: &str, text: &str) -> Attempt {
    let mut attempt = Attempt::new(Algorithm::EdDSA);
    attempt.claims[claim] = json!("here");
    let payload = attempt.claims.to_string().replace("\"here\"", text);
    attempt.payload_bytes = Some(payload.into_bytes());
    attempt
}

/// What is no number.
const NO_TIMES: &str = r#"
    true false [] [1800000000] {} {"exp":1800000000} "" "0" "1800000000" "never" "2027-01-15T08:00:00Z" "Infinity"
"#;

/// Times that cannot be, and numbers that other readers wrap, round or saturate.
const OUT_OF_RANGE: &str = r#"
    0 -0 0.0 -0.0 0e0 0.5 0.999999 1e-999 -1 -1.5 -1800000000 -1e30 -9223372036854775808 -9223372036854775809
    1099511627776 1099511627776.0 1.099511627776e12 1800000000000000 9007199254740993 9223372036854775807
    9223372036854775808 18446744073709551615 18446744073709551616 18446744075509551616
    340282366920938463463374607431768211456 1e30 1e308 1.7976931348623157e308 0.9999999999999999999999999
"#;

/// What is no JSON, though some readers make a number of it.
const NO_NUMBERS: &str = "1e309 -1e400 1e99999 NaN Infinity -Infinity 01800000000 +1800000000 0x6b49d200 1_800_000_000 \
    1800000000. .5 1800000000, 1,8e9 1e 1e+ - -- 1800000000L 1800000000n ,";

#[test]
fn what_is_no_time_is_refused() {
    for claim in ["exp", "iat", "nbf"] {
        for text in NO_TIMES.split_whitespace() {
            assert_eq!(
                code(&with(claim, text).run()),
                "malformed_claim",
                "{claim}: {text}"
            );
        }
        for text in OUT_OF_RANGE.split_whitespace() {
            let answer = with(claim, text).run();
            assert_eq!(code(&answer), "time_out_of_range", "{claim}: {text}");
            let told = answer.unwrap_err().to_string();
            assert!(
                told.contains(text) && told.contains(" 1 to 1099511627775 seconds"),
                "{told}"
            );
        }
        for text in NO_NUMBERS.split_whitespace().chain([""]) {
            assert_eq!(
                code(&with(claim, text).run()),
                "claims_not_json",
                "{claim}: {text}"
            );
        }
    }
}

/// One number in other words: each is read as its whole seconds, and none is rounded up.
#[test]
fn a_time_may_have_a_fraction_or_an_exponent() {
    for (text, lives) in [
        ("1800000000", false),
        ("1800000000.0", false),
        ("1800000000.999999", false),
        ("1.8e9", false),
        ("18E8", false),
        ("1800000001", true),
        ("1800000001.0", true),
        ("1.800000001e9", true),
        ("18000000010e-1", true),
        ("1800000001.999999", true),
        // A float of 64 bits rounds this up.
        ("1800000000.99999999999999999999", false),
        ("0.00180000000099999999999999999999e12", false),
    ] {
        let mut attempt = with("exp", text);
        attempt.issuer.leeway = Duration::ZERO;
        let expected = if lives { "accepted" } else { "expired" };
        assert_eq!(code(&attempt.run()), expected, "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..config(300) })]

    /// However a time is written, it has one value: for verification, in a condition and for who asks when the token ends.
    #[test]
    fn a_time_has_one_value_everywhere(
        seconds in NOW - 9..NOW + 300,
        fraction in "[0-9]{0,30}",
        places in 0_usize..40,
    ) {
        // The point is moved, and the exponent moves it back.
        let digits = format!("{seconds}{fraction}");
        let (whole, rest) = digits.split_at(digits.len().saturating_sub(places).max(1));
        let exponent = i64::try_from(rest.len()).unwrap() - i64::try_from(fraction.len()).unwrap();
        let point = if rest.is_empty() { "" } else { "." };
        let text = format!("{whole}{point}{rest}e{exponent}");
        let token = with("exp", &text).run().unwrap();
        prop_assert_eq!(token.expires_at().as_secs(), seconds, "{}", text);
        let policy = format!(
            "issuer i {{ url \"{}\" profile generic audience \"rolecall\" }}
             role r {{ allow from i when exp == {seconds} && exp <= {seconds} && exp > {} }}",
            crate::support::URL,
            seconds - 1,
        );
        let set = crate::stage::policies(&policy);
        prop_assert!(set.decide(token.claims(), "r").is_allowed(), "{}", text);
        prop_assert!(set.evaluate(token.claims().as_unverified(), "r").is_ok(), "{}", text);
    }
}

#[test]
fn only_nbf_may_be_missing() {
    for (claim, expected) in [
        ("exp", "missing_claim"),
        ("iat", "missing_claim"),
        ("nbf", "accepted"),
    ] {
        let mut attempt = Attempt::new(Algorithm::EdDSA);
        attempt.claims[claim] = json!(null);
        assert_eq!(code(&attempt.run()), expected, "{claim} is null");
        drop(&mut attempt.claims, claim);
        assert_eq!(code(&attempt.run()), expected, "{claim}");
    }
}

/// The second before and after each bound, with each leeway. At `exp` itself the token is over (RFC 7519 section 4.1.4).
#[test]
fn bounds_are_exact_to_the_second() {
    let (iat, exp) = (NOW - 10, NOW + 290);
    for leeway in [0, 1, 30, 300] {
        for (claim, value, now, expected) in [
            ("exp", exp, exp + leeway - 1, "accepted"),
            ("exp", exp, exp + leeway, "expired"),
            ("exp", exp, exp + leeway + 1, "expired"),
            ("iat", iat, iat - leeway, "accepted"),
            ("iat", iat, iat - leeway - 1, "issued_in_future"),
            (
                "nbf",
                exp,
                exp - leeway,
                if leeway == 0 { "expired" } else { "accepted" },
            ),
            ("nbf", exp - 1, exp - 1 - leeway, "accepted"),
            ("nbf", exp - 1, exp - 2 - leeway, "not_yet_valid"),
        ] {
            let mut attempt = Attempt::new(Algorithm::EdDSA);
            drop(&mut attempt.claims, "nbf");
            attempt.claims["iat"] = json!(iat.min(value - leeway - 5));
            attempt.claims[claim] = json!(value);
            attempt.issuer.leeway = Duration::from_secs(leeway.unsigned_abs());
            attempt.now = now;
            assert_eq!(
                code(&attempt.run()),
                expected,
                "{claim} {value} at {now}, {leeway} s"
            );
        }
    }
}

#[test]
fn the_longest_life_is_exact_to_the_second() {
    for max_age in [1, 60, 3600, 86_400, 2_592_000] {
        for (more, expected) in [(0, "accepted"), (1, "lives_too_long")] {
            let mut attempt = Attempt::new(Algorithm::EdDSA);
            drop(&mut attempt.claims, "nbf");
            attempt.claims["iat"] = json!(NOW);
            attempt.claims["exp"] = json!(NOW + max_age + more);
            attempt.issuer.max_age = Duration::from_secs(max_age.unsigned_abs());
            assert_eq!(code(&attempt.run()), expected, "{max_age} s and {more}");
        }
    }
    let issuer = Issuer::new("ci", "https://ci.example", "generic", vec!["rolecall".to_owned()]);
    assert_eq!(issuer.max_age, Duration::from_secs(24 * 60 * 60));
    assert_eq!(issuer.leeway, Duration::from_secs(30));
}

/// A fraction of a second that is configured never makes anything last longer than it says.
#[test]
fn fractions_of_the_configuration_lengthen_nothing() {
    let mut attempt = Attempt::new(Algorithm::EdDSA);
    attempt.issuer.leeway = Duration::from_millis(1999);
    attempt.now = NOW + 290 + 1;
    assert_eq!(code(&attempt.run()), "expired");
    attempt.issuer.max_age = Duration::from_millis(299_999);
    attempt.now = NOW;
    assert_eq!(code(&attempt.run()), "lives_too_long");
}

/// A clock that was set wrong: each answer is a refusal, and none is a panic.
#[test]
fn a_clock_far_away_refuses() {
    for now in [
        i64::MIN,
        i64::MIN + 299,
        -1_800_000_000,
        -301,
        -1,
        0,
        1,
        NOW - 3_600 - 41,
        NOW + 3_600 + 320,
        1 << 40,
        i64::MAX - 300,
        i64::MAX - 1,
        i64::MAX,
    ] {
        for leeway in [0_i64, 30, 300] {
            for (iat, exp) in [(1, 2), (NOW - 10, NOW + 290), ((1 << 40) - 2, (1 << 40) - 1)] {
                let mut attempt = Attempt::new(Algorithm::EdDSA);
                drop(&mut attempt.claims, "nbf");
                attempt.claims["iat"] = json!(iat);
                attempt.claims["exp"] = json!(exp);
                attempt.issuer.leeway = Duration::from_secs(leeway.unsigned_abs());
                attempt.now = now;
                let lives = (iat - leeway..exp + leeway).contains(&now);
                let expected = if lives {
                    "accepted"
                } else if now < iat {
                    "issued_in_future"
                } else {
                    "expired"
                };
                assert_eq!(
                    code(&attempt.run()),
                    expected,
                    "{iat} to {exp} at {now}, {leeway} s"
                );
            }
        }
    }
}
