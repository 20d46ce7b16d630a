//! The vectors, as they are written.

use serde_json::{Map, Value};
use std::path::Path;

/// A condition of a cloud, a token, and what comes out.
pub(crate) struct Vector {
    pub(crate) id: String,
    pub(crate) issuer: String,
    pub(crate) subject: String,
    /// The claims that count, if others than the subject do.
    pub(crate) claims: Map<String, Value>,
    pub(crate) condition: Value,
    pub(crate) is_match: bool,
    pub(crate) grade: Option<Grade>,
}

/// How good a condition is, says whoever made the vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Grade {
    Safe,
    Caution,
    Dangerous,
}

/// Returns all vectors of a folder.
pub(crate) fn read(folder: &Path) -> Vec<Vector> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    let mut vectors = Vec::new();
    for path in paths {
        let text = std::fs::read(&path).expect("a file");
        let suite: Value = serde_json::from_slice(&text).expect("JSON");
        vectors.extend(suite["vectors"].as_array().expect("vectors").iter().map(vector));
    }
    vectors
}

fn vector(value: &Value) -> Vector {
    let text = |name: &str| value[name].as_str().expect(name).to_owned();
    Vector {
        id: text("id"),
        issuer: text("issuer"),
        subject: text("subject"),
        claims: value["claims"].as_object().cloned().unwrap_or_default(),
        condition: value["condition"].clone(),
        is_match: match value["expect"].as_str() {
            Some("match") => true,
            Some("no-match") => false,
            other => panic!("{other:?} is expected"),
        },
        grade: value["judgment"]["grade"].as_str().map(|grade| match grade {
            "safe" => Grade::Safe,
            "caution" => Grade::Caution,
            "dangerous" => Grade::Dangerous,
            other => panic!("{other} is no grade"),
        }),
    }
}
