//! Rules of this workspace that no compiler checks: for its crates and files (`nevers`, `circles`), and for its words (`prose`).

#![allow(
    clippy::arithmetic_side_effects,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod circles;
mod nevers;
mod prose;
mod text;

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The files below a folder, without what is built or found by fuzzing. A link would lead where we look anyway.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        let made = [
            ".venv",
            "artifacts",
            "corpus",
            "dist",
            "go/bin",
            "node_modules",
            "npm/wasm",
            "target",
        ]
        .map(|name| path.ends_with(name));
        if path.is_dir() && !path.is_symlink() && !made.contains(&true) {
            files(&path, found);
        } else if path.is_file() {
            found.push(path);
        }
    }
}

/// The Rust sources below `crates` with their paths there, without modules that only tests have.
fn sources() -> Vec<(String, String)> {
    let crates = root().join("crates");
    let (mut paths, mut sources, mut tests) = (Vec::new(), Vec::new(), Vec::new());
    files(&crates, &mut paths);
    paths.sort();
    for path in paths {
        let name = path.strip_prefix(&crates).unwrap().to_str().unwrap();
        let name = name.replace('\\', "/");
        if name.contains("/src/") && !name.contains("/tests/") && name.ends_with(".rs") {
            let text = fs::read_to_string(path).unwrap();
            let modules = text.split("#[cfg(test)]\nmod ").skip(1);
            tests.extend(modules.filter_map(|rest| Some(format!("/{}.rs", rest.split_once(";\n")?.0))));
            sources.push((name, text));
        }
    }
    sources.retain(|(path, _)| !tests.iter().any(|test| path.ends_with(test)));
    assert!(sources.len() > 50, "the sources were not found");
    sources
}
