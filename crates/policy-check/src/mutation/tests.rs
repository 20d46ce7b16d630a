//! The fate of each mutant of `policies/`, by the whole set with the text that is shown.

use super::{Fate, mutate};
use rolecall_engine::{PolicySet, Source};
use std::fs;
use std::path::Path;

/// Reads the policies of a folder.
fn sources(folder: &Path) -> Vec<Source> {
    let files = fs::read_dir(folder)
        .expect("a folder")
        .map(|file| file.expect("a file").path());
    let mut files: Vec<_> = files
        .filter(|file| file.extension().is_some_and(|ext| ext == "policy"))
        .collect();
    files.sort();
    let read = |file: &std::path::PathBuf| fs::read_to_string(file).expect("a policy");
    files
        .iter()
        .map(|file| Source::new(file.display().to_string(), read(file)))
        .collect()
}

#[test]
fn a_mutant_is_killed_if_a_test_fails_with_the_text_that_is_shown() {
    let policies = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../policies"));
    let (mut killed, mut others) = (0, 0);
    for folder in fs::read_dir(policies).expect("the policies") {
        let folder = folder.expect("a folder").path();
        if !folder.is_dir() {
            continue;
        }
        let sources = sources(&folder);
        let Ok(set) = PolicySet::compile(sources.iter().cloned()) else {
            panic!("the policies compile");
        };
        let tests: Vec<_> = set.program().tests().iter().collect();
        let tried = mutate(&set, &tests, None);
        let trees = set.program().parsed_files(&[]);
        for one in &tried {
            let (file, item) = one.mutant.place;
            let item = &trees.as_slice()[file].parse().file.items[item];
            let (span, [_, mutated]) = (item.span, one.mutant.texts(item));
            let mut changed = sources.clone();
            let text = &sources[file].text;
            let before = text.get(..span.start).expect("the text before");
            let after = text.get(span.end..).expect("the text after");
            let text = [before, &mutated, after].concat();
            changed[file] = Source::new("changed.policy", text);
            let changed = PolicySet::compile(changed).expect("a mutant compiles");
            let fails = changed.run_tests().any(|outcome| !outcome.failures.is_empty());
            assert_eq!(matches!(one.fate, Fate::KilledByTest), fails, "{mutated}");
            *(if fails { &mut killed } else { &mut others }) += 1;
        }
    }
    assert!(killed > 400 && others > 20, "{killed} {others}");
}
