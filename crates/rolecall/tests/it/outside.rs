//! Files and programs that are not part of the repository: used where they are, and skipped loudly where they are not.

use std::io::Write;
use std::path::{Path, PathBuf};

/// Returns a file or a folder of the test vectors of other projects, if it is there.
///
/// The vectors stand in the folder `ROLECALL_VECTORS`, by default `shared/vectors` beside the checkout. A test that misses
/// some is reported as skipped; with `ROLECALL_REQUIRE_VECTORS=1` it fails.
pub(crate) fn vectors(path: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors");
    let folder = std::env::var_os("ROLECALL_VECTORS").map_or_else(beside, PathBuf::from);
    let path = folder.join(path);
    if path.exists() {
        return Some(path);
    }
    skip(
        &format!("no test vectors at {}", path.display()),
        "ROLECALL_REQUIRE_VECTORS",
    );
    None
}

/// Reports that a test cannot run, or fails it if this environment variable is `1`.
///
/// The line is written past the harness, which keeps the output of a test that passes.
pub(crate) fn skip(why: &str, required: &str) {
    let test = std::thread::current();
    let line = format!("skipped: {}: {why}\n", test.name().unwrap_or("a test"));
    let is_required = std::env::var_os(required).is_some_and(|value| value == "1");
    assert!(!is_required, "{line}");
    let _ = std::io::stderr().write_all(line.as_bytes());
}
