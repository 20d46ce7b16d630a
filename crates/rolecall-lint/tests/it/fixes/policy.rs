//! Policies, what is found in them, and what a fix makes of them.

use rolecall_analysis::{Budget, difference};
use rolecall_engine::{FileId, PolicySet, Source};
use rolecall_lint::{Finding, Linter, Persona, RuleInfo as Rule, Safety, Settings, apply};

/// The issuers that the policies of the pages know, unless they declare their own.
pub(crate) const ISSUERS: &str = r#"
edition 2026
issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "https://sts.acme.example" }
issuer github { url "https://token.actions.githubusercontent.com" profile github-actions audience "https://sts.acme.example" }
issuer own { url "https://gitlab.acme.example" profile gitlab-ci audience "https://sts.acme.example" }
"#;

/// The bad policies of a page, without the marks: what a comment belongs to is not taken out.
pub(crate) fn bad(page: &str) -> Vec<String> {
    let bad = page
        .split("\n## Bad\n")
        .nth(1)
        .and_then(|rest| rest.split("\n## Good\n").next());
    let blocks = bad.unwrap_or_default().split("```policy\n").skip(1);
    let texts = blocks.filter_map(|rest| rest.split("```").next());
    texts.map(|text| text.replace(" // error", "")).collect()
}

pub(crate) fn compile(text: &str) -> Result<PolicySet, String> {
    let mut sources = vec![Source::new("page.policy", text)];
    if !text.contains("issuer ") {
        sources.push(Source::new("issuers.policy", ISSUERS));
    }
    PolicySet::compile(sources).map_err(|error| error.to_string())
}

/// What all rules find in a policy, and offer a fix for.
pub(crate) fn fixable(set: &PolicySet) -> Vec<Finding> {
    let settings = Settings {
        persona: Persona::Auditor,
        today: "2026-06-30".parse().ok(),
        known_audiences: vec!["https://sts.acme.example".to_owned()],
        ..Settings::default()
    };
    let findings = Linter::new(set, &settings).run().findings;
    let is_own = |finding: &Finding| finding.location.file() == first_file(set) && finding.fix.is_some();
    findings.into_iter().filter(is_own).collect()
}

/// Returns the file of a policy set that has one.
pub(crate) fn first_file(set: &PolicySet) -> FileId {
    set.program().files().ids().next().expect("a file")
}

/// Makes one fix, and looks at what comes out.
pub(crate) fn check(rule: &Rule, text: &str, set: &PolicySet, finding: &Finding) {
    let fix = finding.fix.as_ref().expect("a fix");
    let (fixed, made) = apply(first_file(set), text, [fix]);
    let shown = format!(
        "{}, found on the page of {}: {}\n{fixed}",
        finding.rule.name, rule.name, fix.message
    );
    assert_eq!(made, 1, "{shown}");
    assert!(
        finding.rule.fix.is_some_and(|kind| kind <= fix.safety),
        "{shown}: the rule promises less"
    );
    let new = compile(&fixed).unwrap_or_else(|error| panic!("{shown}\n{error}"));
    // Where one is found at a time, the next one may be found now.
    let count = |set: &PolicySet| {
        let is_it = |one: &&Finding| one.rule.name == finding.rule.name && one.message == finding.message;
        fixable(set).iter().filter(is_it).count()
    };
    assert!(count(&new) < count(set), "{shown}: it is still found");
    if fix.safety == Safety::Safe {
        must_be_same(set, &new, &shown);
    }
}

/// The text with all safe fixes made.
pub(crate) fn with_safe_fixes(text: &str, set: &PolicySet) -> String {
    let found = fixable(set);
    let fixes = found.iter().filter_map(|finding| finding.fix.as_ref());
    apply(
        first_file(set),
        text,
        fixes.filter(|fix| fix.safety == Safety::Safe),
    )
    .0
}

/// Whether it is proved that the same tokens get each role of two sets.
pub(crate) fn must_be_same(old: &PolicySet, new: &PolicySet, shown: &str) {
    for change in difference(old, new, Budget::default()) {
        assert!(change.is_unchanged(), "{shown}\n{change:#?}");
    }
}
