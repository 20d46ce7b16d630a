//! Keys are asked for only where the issuer's own document says, and only over `https`.
#![no_main]

libfuzzer_sys::fuzz_target!(|document: &[u8]| {
    rolecall_fuzz::discovery::check(document);
});
