//! What is accepted another library accepts, too, and where it accepts more there is a reason.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &str| {
    rolecall_fuzz::differential::check(input);
});
