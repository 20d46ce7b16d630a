//! The command `keys`, and the documents without the server.

use std::fs;
use std::path::Path;

use crate::support::{Server, prepare, run};

/// The lines that a command prints.
fn lines(folder: &Path, arguments: &[&str]) -> Vec<String> {
    let output = run(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(str::to_owned).collect()
}

fn name(line: &str) -> &str {
    line.split(' ').next().unwrap()
}

#[test]
fn keys_of_sessions_are_rotated_like_those_that_sign() {
    let (folder, _) = prepare("", "[sessions]\nkeys = \"session-keys\"\n");
    let folder = folder.path();
    let first = lines(folder, &["keys", "list"]);
    assert_eq!(first.len(), 2, "{first:?}");
    assert!(first[0].contains("ES256  signs since"), "{first:?}");
    assert!(first[1].contains("session  seals since"), "{first:?}");
    assert!(!first[1].contains("retires"), "{first:?}");
    lines(folder, &["keys", "new", "--sessions"]);
    let second = lines(folder, &["keys", "list"]);
    assert!(
        second[1].contains("seals since") && second[1].contains("retires"),
        "{second:?}"
    );
    assert!(second[2].contains("opens, seals from"), "{second:?}");
    // The one that seals stays until another one does.
    let refused = run(folder, &["keys", "retire", "--now", name(&second[1])]);
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    let hyphen = run(folder, &["keys", "retire", "--now", "-none"]);
    let error = String::from_utf8_lossy(&hyphen.stderr).into_owned();
    assert!(error.contains("`-none` is not the name of a key"), "{error}");
    let unknown = run(folder, &["keys", "retire", "none"]);
    assert!(
        String::from_utf8_lossy(&unknown.stderr).contains("`none` is not the name of a key"),
        "{unknown:?}"
    );
}

#[test]
fn a_key_that_leaked_is_replaced_at_once() {
    for (kind, more) in [
        (&[][..], ""),
        (&["--sessions"][..], "[sessions]\nkeys = \"session-keys\"\n"),
    ] {
        let (folder, _) = prepare("", more);
        let folder = folder.path();
        let leaked = name(lines(folder, &["keys", "list"]).last().unwrap()).to_owned();
        lines(folder, &[&["keys", "new", "--now"], kind].concat());
        lines(folder, &["keys", "retire", "--now", &leaked]);
        let listed = lines(folder, &["keys", "list"]);
        let state = |used: bool| {
            listed
                .iter()
                .filter(|line| line.contains("since") == used)
                .count()
        };
        assert_eq!((state(true), state(false)), (1 + kind.len(), 1), "{listed:?}");
        let old = listed.iter().find(|line| name(line) == leaked).unwrap();
        assert!(old.contains("retired"), "{listed:?}");
    }
}

#[test]
fn published_files_are_the_documents_that_the_server_has() {
    let server = Server::start();
    let folder = server.folder.path();
    let publish = ["keys", "publish", "--out", "bucket"];
    let first = lines(folder, &publish);
    assert!(
        first[0].ends_with("`: written") && first[1].ends_with("`: written"),
        "{first:?}"
    );
    for (file, path) in [
        ("jwks", "/jwks"),
        (
            ".well-known/openid-configuration",
            "/.well-known/openid-configuration",
        ),
    ] {
        let text = fs::read_to_string(server.path("bucket").join(file)).unwrap();
        assert_eq!(text, server.get(path, &[]).text, "{file}");
    }
    let again = lines(folder, &publish);
    assert!(
        again[0].ends_with("`: as it was") && again[1].ends_with("`: as it was"),
        "{again:?}"
    );
    assert!(!again.iter().any(|line| line.contains("changes at")), "{again:?}");
    lines(folder, &["keys", "new"]);
    let changed = lines(folder, &publish);
    assert!(changed[0].ends_with("`: written"), "{changed:?}");
    // The old key leaves the set.
    assert!(
        changed.last().unwrap().starts_with("the key set changes at "),
        "{changed:?}"
    );
}

#[test]
fn nothing_is_published_without_a_key_that_signs() {
    let (folder, _) = prepare("", "");
    let path = folder.path().join("exchange.toml");
    let config = fs::read_to_string(&path).unwrap();
    fs::write(&path, config.replace("ES256", "RS256")).unwrap();
    let output = run(folder.path(), &["keys", "publish", "--out", "bucket"]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(!folder.path().join("bucket").exists());
}

#[test]
fn the_public_address_has_the_documents_alone() {
    let (folder, gitlab) = prepare("[doors.token]\n[doors.request]\n", "");
    let path = folder.path().join("exchange.toml");
    let config = fs::read_to_string(&path).unwrap();
    fs::write(
        &path,
        config.replace("[listen]\n", "[listen]\npublic = \"127.0.0.1:0\"\n"),
    )
    .unwrap();
    let server = Server::of((folder, gitlab));
    for path in ["/jwks", "/.well-known/openid-configuration"] {
        assert_eq!(server.get_public(path).text, server.get(path, &[]).text);
    }
    for path in ["/id-token?audience=a", "/token", "/healthz", "/metrics"] {
        assert_eq!(server.get_public(path).status, 404, "{path}");
    }
}
