//! What fuzzing once found, found no more: policies that are compiled and run, or refused with errors.

#[path = "../../../../fuzz/src/agreement.rs"]
mod agreement;

use rolecall_engine::{PolicySet, Source};
use std::path::Path;

#[test]
fn policies_compile_or_say_why_not() {
    let mut seen = 0_u32;
    for folder in [
        "seeds/lower",
        "seeds/parse",
        "seeds/round_trip",
        "regressions/lower",
        "regressions/parse",
    ] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../fuzz")
            .join(folder);
        for entry in std::fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            let source = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
            match PolicySet::compile([Source::new(path.display().to_string(), source)]) {
                Ok(set) => set.run_tests().for_each(drop),
                Err(error) => assert!(!error.diagnostics.is_empty(), "{}", path.display()),
            }
            seen = seen.saturating_add(1);
        }
    }
    assert!(seen >= 10, "the seeds are there");
}

#[test]
fn the_index_decides_what_the_language_says() {
    for folder in ["seeds/agreement", "regressions/agreement"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../fuzz")
            .join(folder);
        for entry in std::fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            let roles = agreement::check(&std::fs::read_to_string(&path).unwrap());
            assert!(roles > 0, "{} is no policy set and claims", path.display());
        }
    }
}
