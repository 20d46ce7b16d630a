//! The policy sets to copy: all that they assert is proved.

use rolecall_analysis::Analysis;
use rolecall_engine::{PolicySet, Source};
use std::fs;
use std::path::Path;

/// The policy sets, with the names of their folders.
pub(crate) fn sets() -> Vec<(String, PolicySet)> {
    let policies = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    let mut sets = Vec::new();
    for folder in fs::read_dir(policies).expect("the policies").flatten() {
        let files = fs::read_dir(folder.path()).into_iter().flatten().flatten();
        let policies = files.filter(|file| file.path().extension().is_some_and(|end| end == "policy"));
        let sources: Vec<Source> = policies
            .map(|file| Source::new("x", fs::read_to_string(file.path()).expect("a file")))
            .collect();
        if !sources.is_empty() {
            let name = folder.file_name().to_string_lossy().into_owned();
            sets.push((name, PolicySet::compile(sources).expect("a policy set")));
        }
    }
    sets
}

#[test]
fn all_assertions_are_proved() {
    let (mut proved, mut wrong) = (0, Vec::new());
    for (name, set) in sets() {
        let mut analysis = Analysis::new(&set);
        for assertion in set.program().assertions() {
            let start = std::time::Instant::now();
            let proof = analysis.prove(assertion);
            eprintln!("{name}: {} {:?}", assertion.name, start.elapsed());
            if !proof.outcome.is_proved() {
                wrong.push(format!("{name}: {}: {proof:?}", assertion.name));
            }
            proved += 1;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(proved >= 35, "{proved}");
}
