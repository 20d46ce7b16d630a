//! Which files are found, and which of them form one policy set.

use insta::assert_snapshot;
use serde_json::Value;

use crate::policies::{Folder, TINY};

const MORE: &str = "role more { allow from ci when sub == \"more\" }\n";

/// The names of the sets, each with its files.
fn sets(folder: &Folder, paths: &[&str]) -> Vec<(String, Vec<String>)> {
    let run = folder.run(&[&["check", "--format", "json"], paths].concat());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let json = run.json();
    let sets = json["sets"].as_array().unwrap().iter();
    sets.map(|set| {
        let files = set["files"].as_array().unwrap().iter().map(text);
        (text(&set["name"]), files.collect())
    })
    .collect()
}

#[track_caller]
fn assert_sets(folder: &Folder, paths: &[&str], expected: &[(&str, &[&str])]) {
    let expected: Vec<_> = expected
        .iter()
        .map(|(name, files)| {
            (
                (*name).to_owned(),
                files.iter().map(|file| (*file).to_owned()).collect(),
            )
        })
        .collect();
    assert_eq!(sets(folder, paths), expected);
}

#[test]
fn a_folder_with_policies_right_in_it_is_one_set() {
    let folder = Folder::with(&[
        ("p/b.policy", TINY),
        ("p/a.policy", MORE),
        ("p/deep/er/c.policy", ""),
    ]);
    let files = ["p/a.policy", "p/b.policy", "p/deep/er/c.policy"];
    assert_sets(&folder, &["p"], &[("p", &files)]);
    assert_sets(&folder, &["p/"], &[("p", &files)]);
    assert_sets(&folder, &["./p"], &[("p", &files)]);
}

#[test]
fn a_folder_of_folders_is_several_sets() {
    let folder = Folder::with(&[
        ("p/one/a.policy", TINY),
        ("p/one/sub/b.policy", MORE),
        ("p/group/two/c.policy", TINY),
        ("p/group/three/d.policy", TINY),
        ("p/readme.md", ""),
    ]);
    assert_sets(
        &folder,
        &["p"],
        &[
            ("p/group/three", &["p/group/three/d.policy"]),
            ("p/group/two", &["p/group/two/c.policy"]),
            ("p/one", &["p/one/a.policy", "p/one/sub/b.policy"]),
        ],
    );
    assert_sets(&folder, &["p/one/sub"], &[("p/one/sub", &["p/one/sub/b.policy"])]);
}

#[test]
fn named_files_are_one_set_whatever_they_are_called() {
    let folder = Folder::with(&[("a.txt", TINY), ("b.policy", MORE), (".hidden.policy", "")]);
    let paths = ["b.policy", "a.txt", ".hidden.policy", "a.txt"];
    let files = [".hidden.policy", "a.txt", "b.policy"];
    assert_sets(&folder, &paths, &[(".hidden.policy, a.txt, b.policy", &files)]);
}

#[test]
fn files_and_folders_are_sets_of_their_own() {
    let folder = Folder::with(&[("z.policy", TINY), ("p/a.policy", TINY)]);
    let sets: [(&str, &[&str]); 2] = [("z.policy", &["z.policy"]), ("p", &["p/a.policy"])];
    assert_sets(&folder, &["p", "z.policy", "p"], &sets);
}

#[test]
fn hidden_and_ignored_files_count_and_are_found() {
    let folder = Folder::with(&[
        (
            ".gitignore",
            "ignored/\n*.draft.policy\n!ignored/kept.draft.policy\n",
        ),
        ("a.policy", TINY),
        ("b.draft.policy", "edition 2026\n"),
        ("c/.gitignore", "!c.draft.policy\n"),
        ("c/c.draft.policy", "edition 2026\n"),
        ("ignored/d.policy", "edition 2026\n"),
        (".hidden/e.policy", "edition 2026\n"),
        (".f.policy", "edition 2026\n"),
        ("g.policy.bak", "not a policy"),
        // Below a folder of git there are no policies.
        (".git/h.policy", "not a policy"),
        // The lists of other tools do not count.
        (".ignore", "a.policy\n"),
    ]);
    let files = [
        ".f.policy",
        ".hidden/e.policy",
        "a.policy",
        "b.draft.policy",
        "c/c.draft.policy",
        "ignored/d.policy",
    ];
    assert_sets(&folder, &["."], &[(".", &files)]);
    let run = folder.run(&["check", "--select", "unseen-policy-file", "--format", "compact"]);
    assert_snapshot!(run.exits(1).out, @"
    .f.policy:1:1: medium: this file is part of the policy set, but a part of its path begins with a dot [unseen-policy-file]
    .hidden/e.policy:1:1: medium: this file is part of the policy set, but a part of its path begins with a dot [unseen-policy-file]
    b.draft.policy:1:1: medium: this file is part of the policy set, but `.gitignore` matches it [unseen-policy-file]
    ignored/d.policy:1:1: medium: this file is part of the policy set, but `.gitignore` matches it [unseen-policy-file]
    ");
    // What is named is not unseen.
    let run = folder.run(&["check", "--select", "unseen-policy-file", "ignored", ".f.policy"]);
    assert!(
        run.out.contains("ignored/d.policy") && !run.out.contains("--> .f.policy"),
        "{run:?}"
    );
}

#[cfg(unix)]
#[test]
fn links_stay_in_their_folder() {
    use std::os::unix::fs::symlink;
    let folder = Folder::with(&[
        ("real/..data/a.policy", TINY),
        ("elsewhere/b.policy", MORE),
        ("secret.txt", "a secret"),
    ]);
    let link = |target: &str, name: &str| symlink(target, folder.path(name)).unwrap();
    link("..data/a.policy", "real/a.policy");
    link("nowhere", "real/dangling");
    link("../secret.txt", "real/readme");
    // A file counts once, under the name that is not hidden.
    assert_sets(&folder, &["real"], &[("real", &["real/a.policy"])]);
    folder.run(&["check", "real"]).exits(0);

    for (target, name) in [
        ("../elsewhere/b.policy", "real/linked.policy"),
        ("../secret.txt", "real/secret.policy"),
        ("..", "real/circle"),
        ("nowhere", "real/lost.policy"),
        ("notes.txt", "real/notes.policy"),
    ] {
        folder.write("real/notes.txt", "other text");
        link(target, name);
        for verb in ["check", "test", "fmt"] {
            let run = folder.run(&[verb, "real"]).exits(2);
            let short = name.trim_start_matches("real/");
            assert!(run.err.contains(short) && run.err.contains(target), "{run:?}");
            let printed = run.out + &run.err;
            assert!(
                !printed.contains("a secret") && !printed.contains("other text"),
                "{printed}"
            );
        }
        std::fs::remove_file(folder.path(name)).unwrap();
    }
}

#[test]
fn the_order_of_the_arguments_does_not_matter() {
    let folder = Folder::with(&[("a/a.policy", "role"), ("b/b.policy", "oops"), ("c.policy", "!")]);
    let out = |paths: &[&str]| folder.run(&[&["check"], paths].concat()).exits(1).out;
    assert_eq!(out(&["a", "b", "c.policy"]), out(&["c.policy", "b", "a"]));
}
