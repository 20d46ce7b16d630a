//! Documents in other languages never panic, and what is written for them is never wider.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &str| {
    rolecall_fuzz::foreign::check(input);
});
