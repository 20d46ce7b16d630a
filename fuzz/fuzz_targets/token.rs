//! Nothing unsigned is accepted, and of what is signed only what names our issuer and audience.
#![no_main]

use rolecall_fuzz::{sign, verify};

libfuzzer_sys::fuzz_target!(|input: &str| {
    // A header on the first line, a payload after it.
    let (header, payload) = input.split_once('\n').unwrap_or((input, ""));
    assert!(verify(input).is_err());
    if verify(&sign(header, payload)).is_ok() {
        assert!(payload.contains("\"iss\"") && payload.contains("\"aud\"") && payload.contains("\"exp\""));
    }
});
