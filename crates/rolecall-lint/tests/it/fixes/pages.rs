//! The fixes of the bad policies of all pages.

use super::policy::{bad, check, compile, first_file, fixable, must_be_same, with_safe_fixes};
use rolecall_lint::{RULES, apply};

#[test]
fn each_fix_alone_does_what_it_says() {
    let mut seen = std::collections::BTreeSet::new();
    for rule in RULES {
        for text in bad(rule.page) {
            let set = compile(&text).unwrap_or_else(|error| panic!("{}: {error}", rule.name));
            for finding in fixable(&set) {
                seen.insert(finding.rule.name);
                check(rule, &text, &set, &finding);
            }
        }
    }
    for rule in RULES.iter().filter(|rule| rule.fix.is_some()) {
        assert!(seen.contains(rule.name), "{}: its page shows no fix", rule.name);
    }
}

#[test]
fn no_fix_loses_a_comment() {
    for rule in RULES {
        for text in bad(rule.page) {
            let mut remarked = text;
            for joint in ["&& ", "|| ", "== ", "in [", "like ", ", \""] {
                let (before, after) = joint.split_at(joint.len() - usize::from(!joint.ends_with(' ')));
                remarked = remarked.replace(joint, &format!("{before}/* kept */ {after}"));
            }
            // Where a test is meant to be like another one, a comment may be in the way of the text.
            let Ok(set) = compile(&remarked) else {
                continue;
            };
            for finding in fixable(&set) {
                let (fixed, _) = apply(first_file(&set), &remarked, finding.fix.as_ref());
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
            let set = compile(&text).unwrap_or_else(|error| panic!("{}: {error}", rule.name));
            let fixed = with_safe_fixes(&text, &set);
            let new = compile(&fixed).unwrap_or_else(|error| panic!("{}: {fixed}\n{error}", rule.name));
            must_be_same(&set, &new, &fixed);
        }
    }
}
