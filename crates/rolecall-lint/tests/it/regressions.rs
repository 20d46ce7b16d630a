//! What fuzzing found, and what it begins with, on every change.

#[allow(unreachable_pub, reason = "the fuzzer uses it, too")]
#[path = "../../../../fuzz/src/lint.rs"]
mod lint;

use std::path::Path;

#[test]
fn fixes_leave_policy_sets() {
    let mut found = 0;
    for folder in ["seeds/lint", "regressions/lint"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../fuzz")
            .join(folder);
        for entry in std::fs::read_dir(&folder).into_iter().flatten() {
            let text = std::fs::read(entry.unwrap().path()).unwrap();
            found = lint::check(&String::from_utf8_lossy(&text)).max(found);
        }
    }
    assert!(found > 2, "the seeds are there");
}
