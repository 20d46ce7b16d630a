//! Any text is compiled, tested and explained, or refused with errors that have a place.
#![no_main]

use rolecall_engine::{PolicySet, Source};

libfuzzer_sys::fuzz_target!(|source: &str| match PolicySet::compile([Source::new("fuzz.policy", source)]) {
    Ok(set) => set.run_tests().for_each(|outcome| {
        for role in set.program().roles().values() {
            let explanation = set.explain(&outcome.test.claims, &role.name);
            assert!(explanation.operator().is_some());
            assert_eq!(explanation.requester().is_allowed, explanation.is_allowed());
        }
    }),
    Err(error) => assert!(!error.diagnostics.is_empty() && !error.to_string().is_empty()),
});
