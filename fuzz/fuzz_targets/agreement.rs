//! The index decides what the language says.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &str| {
    rolecall_fuzz::agreement::check(input);
});
