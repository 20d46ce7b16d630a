//! Random policies: whatever is found in them, safe fixes change nobody's roles.

use super::policy::{compile, first_file, fixable, must_be_same, with_safe_fixes};
use proptest::prelude::*;
use rolecall_lint::apply;

/// Comparisons that have much to do with one another.
const COMPARISONS: &[&str] = &[
    "project == \"acme/shop\"",
    "project under \"acme\"",
    "project like \"acme/*\"",
    "project glob [\"acme/*\", \"acme/shop\", \"acme/*\"]",
    "project matches /acme\\/.*/",
    "project matches /acme\\/[^\\/]*/",
    "project matches /acme\\/(shop|web)/",
    "namespace_path == \"acme\"",
    "ref == \"main\"",
    "ref != \"main\"",
    "ref in [\"main\"]",
    "ref in [\"main\", \"develop\", \"main\"]",
    "ref matches /main|develop/",
    "ref matches /release\\/.*/",
    "ref matches /v1.2/",
    "ref matches /.*/",
    "ref like [\"release/*\", \"release/1*\", \"*\"]",
    "ref like \"main\"",
    "ref_type == \"branch\"",
    "ref_type in [\"branch\", \"tag\"]",
    "ref_path == \"refs/heads/main\"",
    "ref_protected == true",
    "ref_protected == false",
    "ref_protected != true",
    "ref_protected",
    "environment != \"dev\"",
    "environment == \"*\"",
    "environment matches /dev|prod/",
    "environment like \"*\"",
    "has environment",
    "sub like \"project_path:acme/shop:*\"",
    "sub == \"project_path:acme/shop:ref_type:branch:ref:main\"",
    "groups_direct contains any [\"acme\"]",
    "project == project_path",
    "of-acme",
    "with-ref(\"main\")",
];

fn condition() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(COMPARISONS).prop_map(str::to_owned);
    leaf.prop_recursive(3, 12, 3, |inner| {
        let join = |joint: &'static str| move |parts: Vec<String>| format!("({})", parts.join(joint));
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(join(" && ")),
            prop::collection::vec(inner.clone(), 2..4).prop_map(join(" || ")),
            inner.prop_map(|part| format!("!({part})")),
        ]
    })
}

fn policy() -> impl Strategy<Value = String> {
    let clauses = prop::collection::vec((prop::sample::select(&["gitlab", "own"][..]), condition()), 1..4);
    (clauses, condition(), condition(), condition()).prop_map(|(clauses, of_acme, guard, last)| {
        let clause = |(issuer, condition): &(&str, String)| format!("  allow from {issuer} when {condition}\n");
        let clauses: String = clauses.iter().map(clause).collect();
        let of_acme = of_acme.replace("of-acme", "ref_protected").replace("with-ref(\"main\")", "ref_protected");
        format!(
            "condition of-acme = {of_acme}\ncondition with-ref(name) = ref like [name, \"main\"]\n\
             guard one for plan {{ {guard} }}\nrole plan {{\n{clauses}}}\nrole last {{ allow from own when {last} }}\n"
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn safe_fixes_change_nobodys_roles(text in policy()) {
        let set = compile(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let fixed = with_safe_fixes(&text, &set);
        let new = compile(&fixed).unwrap_or_else(|error| panic!("{text}\n{fixed}: {error}"));
        must_be_same(&set, &new, &format!("{text}\n{fixed}"));
    }

    #[test]
    fn what_a_fix_leaves_is_a_policy(text in policy()) {
        let set = compile(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
        for finding in fixable(&set) {
            let (fixed, _) = apply(first_file(&set), &text, finding.fix.as_ref());
            let name = finding.rule.name;
            compile(&fixed).unwrap_or_else(|error| panic!("{name}: {text}\n{fixed}: {error}"));
        }
    }
}
