//! The documents that fuzzing begins with, and those that it found, on every change.

#[allow(unreachable_pub, reason = "the fuzzer uses it, too")]
#[path = "../../../../fuzz/src/foreign.rs"]
mod foreign;

use std::path::Path;

#[test]
fn documents_become_policies_or_are_refused() {
    let mut roles = 0;
    for folder in ["seeds/foreign", "regressions/foreign"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../fuzz")
            .join(folder);
        for entry in std::fs::read_dir(&folder).into_iter().flatten() {
            let text = std::fs::read(entry.unwrap().path()).unwrap();
            let text = String::from_utf8_lossy(&text).into_owned();
            roles += foreign::check(&text);
            // Each document is cut off at some places, too.
            for part in 1..40 {
                let end = text.len() * part / 40;
                if let Some(start) = text.get(..end) {
                    foreign::check(start);
                }
            }
        }
    }
    assert!(roles > 8, "the seeds are there: {roles}");
}
