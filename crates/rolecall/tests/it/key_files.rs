//! Keys from files: which files are read, and what becomes of the others.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::support::{issuer, signer};
use rolecall::{Algorithm, FetchError, FileKeys, KeySet, KeySetError, KeySource};
use serde_json::json;
use tempfile::TempDir;

fn document(kid: &str) -> String {
    json!({ "keys": [signer(Algorithm::ES256).jwk(kid)] }).to_string()
}

fn fetch(path: &Path) -> Result<KeySet, FetchError> {
    let fetched = FileKeys::new(path).fetch(&issuer())?;
    assert_eq!(fetched.max_age, Some(Duration::from_secs(5)));
    Ok(fetched.keys)
}

fn kids(path: &Path) -> Vec<String> {
    let keys = fetch(path).unwrap();
    keys.keys()
        .filter_map(|key| key.kid())
        .map(str::to_owned)
        .collect()
}

/// A folder with a file in it.
fn file(contents: impl AsRef<[u8]>) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.json");
    fs::write(&path, contents).unwrap();
    (folder, path)
}

#[test]
fn a_file_is_read_each_time_it_is_asked_for() {
    let (folder, path) = file(document("first"));
    let keys = FileKeys::new(&path);
    assert_eq!(kids(&path), ["first"]);
    let new = folder.path().join("new.json");
    fs::write(&new, document("second")).unwrap();
    fs::rename(new, &path).unwrap();
    assert_eq!(
        keys.fetch(&issuer()).unwrap().keys.keys().next().unwrap().kid(),
        Some("second")
    );
}

#[test]
fn what_is_no_key_set_is_reported() {
    let whole = document("key");
    let half = whole.get(..whole.len() / 2).unwrap();
    for contents in [
        "",
        " ",
        half,
        "<!DOCTYPE html>",
        "[]",
        "null",
        "{}",
        r#"{"keys":{}}"#,
        "\u{feff}{}",
    ] {
        let (_folder, path) = file(contents);
        let error = fetch(&path).unwrap_err();
        assert_eq!(error.code(), "key_set", "{contents:?}: {error}");
    }
    // A set without keys is one; whether it is used is not decided here.
    let (_folder, path) = file(r#"{"keys":[]}"#);
    assert!(fetch(&path).unwrap().is_empty());
}

#[test]
fn a_missing_file_is_reported_on_one_line() {
    let (folder, _) = file("");
    let path = folder.path().join("no\nsuch.json");
    let error = fetch(&path).unwrap_err();
    assert!(matches!(&error, FetchError::FileNotRead { path: named, .. } if *named == path));
    assert_eq!(error.code(), "file_not_read");
    let text = error.to_string();
    assert!(text.ends_with("no\\nsuch.json`: entity not found"), "{text}");
}

#[test]
fn a_file_is_read_up_to_the_size_of_a_key_set() {
    const LIMIT: usize = 256 * 1024;
    let padded = |length: usize| {
        let document = document("key");
        format!("{document}{}", " ".repeat(length - document.len()))
    };
    let (_folder, path) = file(padded(LIMIT));
    assert_eq!(kids(&path), ["key"]);
    let (_folder, path) = file(padded(LIMIT + 1));
    let too_large = |length| FetchError::KeySet(KeySetError::TooLarge { length, limit: LIMIT });
    assert_eq!(fetch(&path).unwrap_err(), too_large(LIMIT + 1));
    // Nobody reads all of a file like this.
    let sparse = fs::File::options().write(true).open(&path).unwrap();
    sparse.set_len(1 << 40).unwrap();
    assert_eq!(fetch(&path).unwrap_err(), too_large(1 << 40));
}

#[test]
fn a_folder_is_no_file() {
    let (folder, _) = file("");
    let error = fetch(folder.path()).unwrap_err();
    assert_eq!(error.code(), "not_a_file");
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::symlink;
    use std::process::Command;

    use super::*;

    #[test]
    fn a_pipe_or_a_device_is_no_file() {
        let (folder, _) = file("");
        let pipe = folder.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let link = folder.path().join("link");
        symlink(&pipe, &link).unwrap();
        for path in [
            pipe.as_path(),
            link.as_path(),
            Path::new("/dev/zero"),
            Path::new("/dev/null"),
        ] {
            assert_eq!(
                fetch(path).unwrap_err().code(),
                "not_a_file",
                "{}",
                path.display()
            );
        }
    }

    /// As Kubernetes mounts a ConfigMap: the file is a link into a folder that is itself a link, which is replaced.
    #[test]
    fn a_link_that_leads_elsewhere_is_followed_anew() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for version in ["v1", "v2"] {
            fs::create_dir(at(version)).unwrap();
            fs::write(at(version).join("keys.json"), document(version)).unwrap();
        }
        symlink("v1", at("..data")).unwrap();
        symlink("..data/keys.json", at("keys.json")).unwrap();
        assert_eq!(kids(&at("keys.json")), ["v1"]);

        symlink("v2", at("..data_tmp")).unwrap();
        fs::rename(at("..data_tmp"), at("..data")).unwrap();
        assert_eq!(kids(&at("keys.json")), ["v2"]);

        fs::remove_file(at("v2").join("keys.json")).unwrap();
        assert_eq!(fetch(&at("keys.json")).unwrap_err().code(), "file_not_read");
    }

    #[test]
    fn a_link_to_itself_is_reported() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("loop");
        symlink(&path, &path).unwrap();
        assert_eq!(fetch(&path).unwrap_err().code(), "file_not_read");
    }
}
