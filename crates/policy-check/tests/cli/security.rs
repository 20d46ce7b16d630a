//! SECURITY.md names tests: they are there.

use std::fs;
use std::path::Path;

#[test]
fn every_promise_has_its_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let text = fs::read_to_string(root.join("SECURITY.md")).unwrap();
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli");
    let rows = text
        .lines()
        .filter(|line| line.starts_with("| ") && line.ends_with("` |"));
    let mut named = 0;
    for row in rows {
        let (_, tests) = row.trim_end_matches(" |").rsplit_once(" | ").unwrap();
        for test in tests.split(", ").map(|test| test.trim_matches('`')) {
            named += 1;
            let (folder, name) = match test.split_once(": ") {
                Some((package, name)) => (root.join("crates").join(package), name),
                None => (here.clone(), test),
            };
            let name = name.rsplit("::").next().unwrap();
            assert!(has(&folder, name), "SECURITY.md names `{test}`");
        }
    }
    assert!(named > 25, "the table was not found: {named}");
}

/// Whether a folder has a file or a module of this name, or a function in one.
fn has(folder: &Path, name: &str) -> bool {
    let function = format!("fn {name}()");
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let stem = path.file_stem().unwrap_or_default();
            let is_source = path.extension().is_some_and(|extension| extension == "rs");
            if path.is_dir() && !path.ends_with("node_modules") {
                folders.push(path);
                continue;
            }
            let is_named = stem == name && is_source || path.file_name().is_some_and(|file| file == name);
            if is_named || is_source && fs::read_to_string(&path).unwrap().contains(&function) {
                return true;
            }
        }
    }
    false
}
