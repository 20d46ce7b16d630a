//! A key that is taken is one to verify with, and an entry that is not taken changes nothing about the others.
#![no_main]

libfuzzer_sys::fuzz_target!(|document: &[u8]| {
    rolecall_fuzz::key_set::check(document);
});
