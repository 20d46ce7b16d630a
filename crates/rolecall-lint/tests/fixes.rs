//! Fixes do what they say: over the bad policies of all pages, a safe one changes nobody's roles, which is proved, and each
//! takes away what was found.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop where something is odd"
)]

use proptest::prelude::*;
use rolecall_analysis::{Budget, difference};
use rolecall_engine::{Place, PolicySet, Source};
use rolecall_lint::{Edit, Finding, Fix, Linter, Persona, RULES, Rule, Safety, Settings, apply};
use rolecall_syntax::Span;

/// The issuers that the policies of the pages know, unless they declare their own.
const ISSUERS: &str = r#"
edition 2026
issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "https://sts.acme.example" }
issuer github { url "https://token.actions.githubusercontent.com" profile github-actions audience "https://sts.acme.example" }
issuer own { url "https://gitlab.acme.example" profile gitlab-ci audience "https://sts.acme.example" }
"#;

/// The bad policies of a page.
fn bad(page: &str) -> Vec<&str> {
    let bad = page
        .split("\n## Bad\n")
        .nth(1)
        .and_then(|rest| rest.split("\n## Good\n").next());
    let blocks = bad.unwrap_or_default().split("```policy\n").skip(1);
    blocks.filter_map(|rest| rest.split("```").next()).collect()
}

fn compile(text: &str) -> Result<PolicySet, String> {
    let mut sources = vec![Source::new("page.policy", text)];
    if !text.contains("issuer ") {
        sources.push(Source::new("issuers.policy", ISSUERS));
    }
    PolicySet::compile(sources).map_err(|error| error.to_string())
}

/// What all rules find in a policy, and offer a fix for.
fn fixable(set: &PolicySet) -> Vec<Finding> {
    let settings = Settings {
        persona: Persona::Auditor,
        today: Some(jiff::civil::date(2026, 6, 30)),
        known_audiences: vec!["https://sts.acme.example".to_owned()],
        ..Settings::default()
    };
    let findings = Linter::new(set, &settings).run().findings;
    let is_own = |finding: &Finding| finding.place.file == 0 && finding.fix.is_some();
    findings.into_iter().filter(is_own).collect()
}

/// Makes one fix, and looks at what comes out.
fn check(rule: &Rule, text: &str, set: &PolicySet, finding: &Finding) {
    let fix = finding.fix.as_ref().expect("a fix");
    let (fixed, made) = apply(0, text, [fix]);
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
    let count = |set: &PolicySet| {
        let found = fixable(set);
        found
            .iter()
            .filter(|one| one.rule.name == finding.rule.name)
            .count()
    };
    assert!(count(&new) < count(set), "{shown}: it is still found");
    if fix.safety == Safety::Safe {
        for change in difference(set, &new, Budget::default()) {
            assert!(change.is_unchanged(), "{shown}\n{change:#?}");
        }
    }
    let comments = |text: &str| text.matches("//").count();
    let removes_comment = finding.rule.name == "unused-suppression";
    assert!(
        removes_comment || comments(&fixed) == comments(text),
        "{shown}: a comment is lost"
    );
}

#[test]
fn each_fix_alone_does_what_it_says() {
    let mut seen = std::collections::BTreeSet::new();
    for rule in RULES {
        for text in bad(rule.page) {
            let set = compile(text).unwrap_or_else(|error| panic!("{}: {error}", rule.name));
            for finding in fixable(&set) {
                seen.insert(finding.rule.name);
                check(rule, text, &set, &finding);
            }
        }
    }
    for rule in RULES.iter().filter(|rule| rule.fix.is_some()) {
        assert!(seen.contains(rule.name), "{}: its page shows no fix", rule.name);
    }
}

/// Policies in which one text means different things: of one role and of another, of one type and of another.
const SHARED: [&str; 5] = [
    r#"role deploy-{env} for env in ["prod", "test"] {
         allow from gitlab when environment == env && environment == "prod" && environment != "dev" && project_id == "4242"
       }"#,
    r#"role deploy-{env} for env in ["prod", "test"] {
         allow from gitlab when environment like [env, "prod*"] && project_id == "4242"
       }"#,
    r#"condition of-acme = project matches /acme\/[^\/]*/ && !(project != "acme/Shop")
       role plan {
         allow from gitlab when of-acme && project_id == "4242"
         allow from other when of-acme
       }
       issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "https://sts.acme.example" }
       issuer other { url "https://ci.acme.example" profile texts audience "https://sts.acme.example" }
       profile texts { claim project: text tenant }"#,
    r#"guard here for * { ref matches /main|v 1/ && ref matches /release\/.*/ }
       role plan { allow from texts when ref like ["a*", "a*b"] && ref in ["x"] }
       issuer texts { url "https://ci.acme.example" profile texts audience "https://sts.acme.example" }
       profile texts { claim ref: text }"#,
    r#"role plan {
         allow from gitlab when (project_id == "4242") && (ref == "main") && !(!(ref == "main")) && (ref in ["main"])
       }"#,
];

#[test]
fn a_text_that_means_different_things_keeps_its_meanings() {
    for text in SHARED {
        let set = compile(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        for finding in fixable(&set) {
            check(finding.rule, text, &set, &finding);
        }
    }
}

#[test]
fn no_fix_loses_a_comment() {
    for rule in RULES {
        for text in bad(rule.page) {
            let mut remarked = text.to_owned();
            for joint in ["&& ", "|| ", "== ", "in [", "like ", ", \""] {
                let (before, after) = joint.split_at(joint.len() - usize::from(!joint.ends_with(' ')));
                remarked = remarked.replace(joint, &format!("{before}/* kept */ {after}"));
            }
            // Where a test is meant to be like another one, a comment may be in the way of the text.
            let Ok(set) = compile(&remarked) else {
                continue;
            };
            for finding in fixable(&set) {
                let (fixed, _) = apply(0, &remarked, finding.fix.as_ref());
                let count = |text: &str| text.matches("/* kept */").count();
                assert_eq!(count(&fixed), count(&remarked), "{}: {fixed}", finding.rule.name);
            }
        }
    }
}

#[test]
fn all_safe_fixes_together_change_nobodys_roles() {
    for rule in RULES {
        for text in bad(rule.page) {
            let set = compile(text).unwrap_or_else(|error| panic!("{}: {error}", rule.name));
            let found = fixable(&set);
            let fixes = found.iter().filter_map(|finding| finding.fix.as_ref());
            let (fixed, _) = apply(0, text, fixes.filter(|fix| fix.safety == Safety::Safe));
            let new = compile(&fixed).unwrap_or_else(|error| panic!("{}: {fixed}\n{error}", rule.name));
            for change in difference(&set, &new, Budget::default()) {
                assert!(change.is_unchanged(), "{}: {fixed}\n{change:#?}", rule.name);
            }
        }
    }
}

/// A text and places in it.
fn text_and_places() -> impl Strategy<Value = (String, Vec<(usize, usize, String)>)> {
    let text = proptest::string::string_regex("[a-zäß \n]{0,40}").expect("a regex");
    text.prop_flat_map(|text| {
        let length = text.chars().count();
        let insert = proptest::string::string_regex("[A-Z]{0,3}").expect("a regex");
        let places = prop::collection::vec((0..=length, 0..=length, insert), 0..6);
        (Just(text), places)
    })
}

proptest! {
    #[test]
    fn nothing_outside_of_the_edits_is_lost((text, places) in text_and_places()) {
        let byte = |at: usize| text.char_indices().nth(at).map_or(text.len(), |(byte, _)| byte);
        let fixes: Vec<Fix> = places.iter().map(|(one, other, insert)| {
            let span = Span::new(byte(*one.min(other)), byte(*one.max(other)));
            let edits = vec![Edit { place: Place::new(0, span), text: insert.clone() }];
            Fix { message: String::new(), safety: Safety::Safe, edits }
        }).collect();
        let (fixed, made) = apply(0, &text, &fixes);
        prop_assert!(made <= fixes.len());
        prop_assert!(fixes.is_empty() || made > 0);
        // Each character that is in no edit is still there, in its order; capitals are what came in.
        let in_edit = |at: usize| fixes.iter().any(|fix| fix.edits.iter().any(|edit| edit.place.span.range().contains(&at)));
        let kept: String = text.char_indices().filter(|(at, _)| !in_edit(*at)).map(|(_, c)| c).collect();
        let mut rest = fixed.chars();
        for c in kept.chars() {
            prop_assert!(rest.any(|other| other == c), "`{c}` is lost of {text:?}: {fixed:?}");
        }
        // Nothing comes from anywhere else.
        let most: usize = fixes.iter().flat_map(|fix| &fix.edits).map(|edit| edit.text.len()).sum();
        prop_assert!(fixed.len() <= text.len() + most);
    }
}
