//! Which files are found, and which of them form one policy set.

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
fn hidden_and_ignored_files_are_left_out() {
    let folder = Folder::with(&[
        (".gitignore", "ignored/\n*.draft.policy\n"),
        ("a.policy", TINY),
        ("b.draft.policy", "no policy"),
        ("ignored/c.policy", "no policy"),
        (".hidden/d.policy", "no policy"),
        (".e.policy", "no policy"),
        ("f.policy.bak", "no policy"),
        // The lists of other tools do not count.
        (".ignore", "a.policy\n"),
    ]);
    assert_sets(&folder, &["."], &[(".", &["a.policy"])]);
    // What is named is read.
    assert_sets(
        &folder,
        &["b.draft.policy"],
        &[("b.draft.policy", &["b.draft.policy"])],
    );
    assert_sets(&folder, &["ignored"], &[("ignored", &["ignored/c.policy"])]);
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_circles_end() {
    use std::os::unix::fs::symlink;
    let folder = Folder::with(&[("real/a.policy", TINY), ("elsewhere/b.policy", MORE)]);
    symlink("../elsewhere/b.policy", folder.path("real/linked.policy")).unwrap();
    symlink("..", folder.path("real/circle")).unwrap();
    symlink("nowhere", folder.path("real/dangling")).unwrap();
    let run = folder.run(&["check", "real"]);
    assert!(
        !run.err.contains("dangling") && !run.err.contains("circle"),
        "{run:?}"
    );
    let files = sets(&folder, &["real"]).remove(0).1;
    assert!(files.contains(&"real/linked.policy".to_owned()), "{files:?}");
    // A policy that leads nowhere is a policy that is missing.
    symlink("nowhere", folder.path("real/lost.policy")).unwrap();
    let run = folder.run(&["check", "real"]).exits(2);
    assert!(run.err.contains("cannot read `real/lost.policy`"), "{}", run.err);
}

#[test]
fn the_order_of_the_arguments_does_not_matter() {
    let folder = Folder::with(&[("a/a.policy", "role"), ("b/b.policy", "oops"), ("c.policy", "!")]);
    let out = |paths: &[&str]| folder.run(&[&["check"], paths].concat()).exits(1).out;
    assert_eq!(out(&["a", "b", "c.policy"]), out(&["c.policy", "b", "a"]));
}
