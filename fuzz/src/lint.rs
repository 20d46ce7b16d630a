//! What the linter makes of any policy set.

use rolecall_analysis::{Answer, Budget, difference};
use rolecall_engine::{PolicySet, Source};
use rolecall_lint::{Linter, Persona, Safety, Settings, apply, identities};

fn compile(text: &str) -> Option<PolicySet> {
    PolicySet::compile([Source::new("fuzz.policy", text)]).ok()
}

/// Each finding has a name of its own, each fix leaves a policy set, and a safe one changes nobody's roles. How many findings
/// there are.
pub fn check(text: &str) -> usize {
    let Some(set) = compile(text) else {
        return 0;
    };
    let settings = Settings {
        persona: Persona::Auditor,
        ..Settings::default()
    };
    let findings = Linter::new(&set, &settings).run().findings;
    let names = identities(&findings, &set.program().parsed_files(&[])).into_iter();
    let mut names: Vec<String> = names.map(|identity| identity.fingerprint).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), findings.len());
    for finding in &findings {
        let Some(fix) = &finding.fix else { continue };
        let (fixed, made) = apply(finding.location.file(), text, [fix]);
        assert_eq!(made, 1, "{}: {fix:?}", finding.rule.name);
        let new = compile(&fixed);
        let new = new.unwrap_or_else(|| panic!("{}: {fix:?}\n{fixed}", finding.rule.name));
        if fix.safety == Safety::Safe {
            for change in difference(&set, &new, Budget::default()) {
                for answer in [&change.gained, &change.lost] {
                    let differs = matches!(answer, Answer::Token(_));
                    assert!(!differs, "{}: {change:?}\n{fixed}", finding.rule.name);
                }
            }
        }
    }
    findings.len()
}
