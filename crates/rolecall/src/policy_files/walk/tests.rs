#![allow(
    clippy::arithmetic_side_effects,
    clippy::string_slice,
    clippy::unreachable,
    clippy::unwrap_used,
    reason = "tests may end early"
)]

use std::collections::BTreeMap;

use super::*;

/// A tree in memory: paths with `-> target` for a link, `/` at the end for a submodule, `|` for a pipe.
struct Drawn(BTreeMap<String, Drawing>);

enum Drawing {
    Entry(EntryKind),
    Link(String),
}

fn drawn(entries: &[&str]) -> Drawn {
    let mut tree = BTreeMap::new();
    for entry in entries {
        let (path, drawing) = match entry.split_once(" -> ") {
            Some((path, target)) => (path, Drawing::Link(target.to_owned())),
            None if entry.ends_with('/') => {
                (entry.trim_end_matches('/'), Drawing::Entry(EntryKind::Submodule))
            }
            None if entry.ends_with('|') => (entry.trim_end_matches('|'), Drawing::Entry(EntryKind::Other)),
            None => (*entry, Drawing::Entry(EntryKind::File)),
        };
        for (end, _) in path.match_indices('/') {
            tree.insert(path[..end].to_owned(), Drawing::Entry(EntryKind::Folder));
        }
        tree.insert(path.to_owned(), drawing);
    }
    Drawn(tree)
}

impl PolicyTree for Drawn {
    fn list(&self, folder: &str) -> Result<Vec<TreeEntry>, PolicyFilesError> {
        let mut entries = Vec::new();
        // Backwards: the order must not matter.
        for (path, drawing) in self.0.iter().rev() {
            let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
            if parent == folder {
                let kind = drawing.kind();
                let name = name.into();
                entries.push(TreeEntry { name, kind });
            }
        }
        Ok(entries)
    }

    fn kind(&self, path: &str) -> Result<Option<EntryKind>, PolicyFilesError> {
        Ok(self.0.get(path).map(Drawing::kind))
    }

    fn target(&self, link: &str) -> Result<String, PolicyFilesError> {
        match self.0.get(link) {
            Some(Drawing::Link(target)) => Ok(target.clone()),
            _ => unreachable!("{link} is a link"),
        }
    }

    fn leads_to_folder(&self, link: &str) -> bool {
        self.target(link).unwrap().ends_with("folder")
    }
}

impl Drawing {
    fn kind(&self) -> EntryKind {
        match self {
            Self::Entry(kind) => *kind,
            Self::Link(_) => EntryKind::Link,
        }
    }
}

#[track_caller]
fn assert_files(entries: &[&str], files: &[(&str, &str)]) {
    let found = select(&drawn(entries));
    assert_eq!(found.problems, []);
    let found = found.files.iter();
    let found: Vec<_> = found
        .map(|file| (file.name.as_str(), file.path.as_str()))
        .collect();
    assert_eq!(found, files);
}

#[track_caller]
fn assert_problems(entries: &[&str], problems: &[&str]) {
    let found = select(&drawn(entries)).problems;
    let found: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(found, problems);
}

#[test]
fn every_policy_file_counts_but_those_of_git() {
    assert_files(
        &[
            "b.policy",
            "a/deep/c.policy",
            ".hidden/d.policy",
            ".policy",
            "readme.md",
            "x.policy.bak",
            ".git/hooks/e.policy",
            "a/.GIT/f.policy",
        ],
        &[
            (".hidden/d.policy", ".hidden/d.policy"),
            (".policy", ".policy"),
            ("a/deep/c.policy", "a/deep/c.policy"),
            ("b.policy", "b.policy"),
        ],
    );
}

#[test]
fn a_file_counts_once_under_its_visible_name() {
    // A volume of a ConfigMap.
    assert_files(
        &[
            "..2026_11_29/x.policy",
            "..data -> ..2026_11_29",
            "x.policy -> ..data/x.policy",
        ],
        &[("x.policy", "..2026_11_29/x.policy")],
    );
    // With folders in it.
    assert_files(
        &[
            "..2026_11_29/sub/x.policy",
            "..data -> ..2026_11_29",
            "sub -> ..data/sub",
        ],
        &[("sub/x.policy", "..2026_11_29/sub/x.policy")],
    );
    assert_files(
        &["deep/er/a.policy", "a.policy -> deep/er/a.policy", "z -> deep"],
        &[("a.policy", "deep/er/a.policy")],
    );
}

#[test]
fn links_stay_inside() {
    assert_problems(
        &[
            "a.policy -> ../x.policy",
            "b.policy -> /etc/x.policy",
            "c.policy -> sub/../../x.policy",
            "d.policy -> .git/config",
            "e -> ../folder",
            "f -> ../file",
            "sub/g.policy",
            ".git/config",
        ],
        &[
            "the link `a.policy` leads outside of the folder, to `../x.policy`",
            "the link `b.policy` leads outside of the folder, to `/etc/x.policy`",
            "the link `c.policy` leads outside of the folder, to `sub/../../x.policy`",
            "the link `d.policy` leads outside of the folder, to `.git/config`",
            "the link `e` leads outside of the folder, to `../folder`",
        ],
    );
}

#[test]
fn links_that_lead_nowhere() {
    assert_problems(
        &[
            "a.policy -> b.policy",
            "b.policy -> a.policy",
            "c.policy -> none",
            "d -> none",
            "e.policy -> f.policy/g",
            "f.policy",
        ],
        &[
            "the link `a.policy` leads nowhere, to `b.policy`",
            "the link `b.policy` leads nowhere, to `a.policy`",
            "the link `c.policy` leads nowhere, to `none`",
            "the link `e.policy` leads nowhere, to `f.policy/g`",
        ],
    );
}

#[test]
fn a_link_has_the_name_of_its_end() {
    assert_problems(
        &["a.policy -> secrets.env", "secrets.env"],
        &["the link `a.policy` leads to `secrets.env`, which is not a `.policy` file"],
    );
}

#[test]
fn pipes_are_no_policies() {
    assert_problems(
        &["a.policy|", "b.policy -> pipe", "pipe|"],
        &["`a.policy` is not a regular file", "`pipe` is not a regular file"],
    );
}

#[test]
fn an_empty_folder_is_a_problem() {
    assert_problems(&["readme.md"], &["there are no `.policy` files in the folder"]);
}

#[test]
fn other_repositories_are_told_apart() {
    let found = select(&drawn(&[
        "a.policy",
        "sub/",
        "vendor/x/.git/HEAD",
        "vendor/x/b.policy",
    ]));
    assert_eq!(found.repositories, ["sub", "vendor/x"]);
    assert_eq!(found.files.len(), 2);
    assert_problems(
        &["a.policy -> sub/a.policy", "sub/"],
        &["the link `a.policy` leads outside of the folder, to `sub/a.policy`"],
    );
}

#[test]
fn depth_is_bounded() {
    let path = "a/".repeat(MAX_DEPTH) + "x.policy";
    assert_eq!(select(&drawn(&[&path])).files.len(), 1);
    let path = "a/".repeat(MAX_DEPTH + 1) + "x.policy";
    let problems = select(&drawn(&[&path])).problems;
    assert!(
        matches!(
            problems.as_slice(),
            [PolicyFilesError::TooDeep { limit: MAX_DEPTH, .. }]
        ),
        "{problems:?}"
    );
}

#[test]
fn chains_of_links_are_bounded() {
    // Each link is a folder twice: without bounds there would be 2^60 paths.
    let mut entries = vec!["f59/x.policy".to_owned()];
    for number in 0..59 {
        entries.push(format!("f{number}/a -> ../f{}", number + 1));
        entries.push(format!("f{number}/b -> ../f{}", number + 1));
    }
    entries.push("last.policy -> f0/a/a/a/b/b/b/x.policy".to_owned());
    let entries: Vec<&str> = entries.iter().map(String::as_str).collect();
    let found = select(&drawn(&entries));
    assert_eq!(found.files.len(), 1, "{found:?}");
}
