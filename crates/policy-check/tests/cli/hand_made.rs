//! Mutants made by hand: the tests of `policies/` notice each mistake, and each change that means the same is proved to.

use crate::policies::Folder;
use std::fs;
use std::path::{Path, PathBuf};

/// A change of a policy file.
struct Mutant {
    /// The folder, and the words about the change.
    name: String,
    is_equal: bool,
    old: String,
    new: String,
}

/// Reads the mutants of a file.
fn mutants(file: &Path) -> Vec<Mutant> {
    let folder = file.file_stem().unwrap().to_str().unwrap();
    let text = fs::read_to_string(file).unwrap();
    let parts = text.split("# ").skip(1);
    let mutants = parts.map(|part| {
        let (head, changes) = part.split_once('\n').unwrap();
        let (kind, words) = head.split_once(": ").unwrap();
        let lines = |sign: &str| {
            let lines = changes.lines().filter_map(|line| line.strip_prefix(sign));
            lines.collect::<Vec<&str>>().join("\n")
        };
        Mutant {
            name: format!("{folder}: {words}"),
            is_equal: match kind {
                "equal" => true,
                "killed" => false,
                kind => panic!("{kind}"),
            },
            old: lines("- "),
            new: lines("+ "),
        }
    });
    mutants.collect()
}

fn policies(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new("../../policies").join(folder);
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let files = files.filter(|file| file.extension().is_some_and(|end| end == "policy"));
    let name = |file: &PathBuf| file.file_name().unwrap().to_str().unwrap().to_owned();
    files
        .map(|file| (name(&file), fs::read_to_string(&file).unwrap()))
        .collect()
}

#[test]
fn mistakes_are_noticed_and_what_means_the_same_is_proved() {
    let mut files: Vec<PathBuf> = fs::read_dir("tests/mutants")
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|file| file.extension().is_some_and(|end| end == "txt"))
        .collect();
    files.sort();
    let (mut killed, mut equal, mut wrong) = (0, 0, Vec::new());
    for file in &files {
        let policies = policies(file.file_stem().unwrap().to_str().unwrap());
        for mutant in mutants(file) {
            let folder = Folder::new();
            for (name, text) in &policies {
                folder.write(&format!("old/{name}"), text);
                folder.write(&format!("new/{name}"), text);
            }
            let old = folder.read("old/roles.policy");
            assert_eq!(
                old.matches(&mutant.old).count(),
                1,
                "{}: {}",
                mutant.name,
                mutant.old
            );
            folder.write("new/roles.policy", old.replace(&mutant.old, &mutant.new));
            let tests = folder.run(&["test", "new"]);
            let is_right = match mutant.is_equal {
                true => {
                    equal += 1;
                    let diff = ["diff", "old", "new", "--fail-on", "any", "--accept-configuration"];
                    folder.run(&diff).code == 0
                }
                false => {
                    killed += 1;
                    // A role that is gone is an error where a test names it.
                    tests.code == 1 || (tests.code == 2 && tests.err.contains("there is no role"))
                }
            };
            if !is_right {
                wrong.push(format!("{}\n{}{}", mutant.name, tests.out, tests.err));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(
        files.len() >= 10 && killed > 70 && equal >= 10,
        "{killed} {equal}"
    );
}
