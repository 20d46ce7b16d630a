//! Whatever policy set is linted: its fixes leave one, and safe ones change nobody's roles.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    rolecall_fuzz::lint::check(text);
});
