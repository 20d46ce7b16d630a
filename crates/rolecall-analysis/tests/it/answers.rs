//! What comes with an answer: tokens that say only what matters, parts that contradict one another and no others.

use rolecall_analysis::{Analysis, Answer, Budget, ConflictPart, Coverage, Outcome, Undecided};

const PRELUDE: &str = "profile p { claim a: text claim b: text claim c: text }
    issuer i { url \"https://i.example\" profile p audience \"x\" }\n";

#[test]
fn a_token_says_only_what_matters() {
    for (condition, names) in [
        // Of `a` and `b` much is chosen before it shows that it leads nowhere.
        (
            "(a == \"1\" && b == \"2\" && b == \"3\") || c == \"4\"",
            ["c", "iss", "aud"].as_slice(),
        ),
        ("a != \"1\" && !has b", &["a", "iss", "aud"]),
        (
            "(a == \"1\" && b == \"2\" && b == \"3\") || (b == c && has c)",
            &["b", "c", "iss", "aud"],
        ),
        (
            "(a == \"1\" || b == \"2\") && (a == \"3\" || b == \"2\")",
            &["b", "iss", "aud"],
        ),
    ] {
        let set = crate::support::compile(&format!("{PRELUDE}role r {{ allow from i when {condition} }}"));
        let Answer::Token(witness) = Analysis::new(&set).satisfiable(crate::support::role(&set, 0)) else {
            panic!("{condition}");
        };
        let mut said: Vec<&str> = witness.token.iter().map(|(name, _)| name).collect();
        let mut names = names.to_vec();
        said.sort_unstable();
        names.sort_unstable();
        assert_eq!(said, names, "{condition}");
    }
}

/// The parts of the only clause of the role `r` that contradict one another, as they are written.
fn conflict(roles: &str) -> Vec<String> {
    let text = format!("{PRELUDE}{roles}");
    let set = crate::support::compile(&text);
    let role = set.program().role("r").expect("a role");
    let conflicts = Analysis::new(&set).conflicts(role);
    assert!(conflicts.len() <= 1, "{conflicts:?}");
    let parts = conflicts.iter().flat_map(|conflict| &conflict.parts);
    let written = |part: &ConflictPart| match part {
        ConflictPart::Condition(location) => text[location.span().range()].to_owned(),
        ConflictPart::Guard(guard) => format!("guard {}", set.program()[*guard].name),
        ConflictPart::Issuer => "the issuer".to_owned(),
        _ => panic!("a newer part"),
    };
    parts.map(written).collect()
}

#[test]
fn a_conflict_is_as_small_as_it_can_be() {
    let role = |condition: &str| format!("role r {{ tags [t] allow from i when {condition} }}\n");
    for (condition, parts) in [
        ("a == \"1\" && b == \"2\"", vec![]),
        (
            "a == \"1\" && b == \"2\" && a == \"3\" && c == \"4\"",
            vec!["a == \"1\"", "a == \"3\""],
        ),
        (
            "a == \"1\" && c == \"4\" && (a == \"2\" || a == \"3\")",
            vec!["a == \"1\"", "a == \"2\" || a == \"3\""],
        ),
        (
            "c == \"4\" && iss == \"https://j.example\"",
            vec!["iss == \"https://j.example\"", "the issuer"],
        ),
    ] {
        assert_eq!(conflict(&role(condition)), parts, "{condition}");
    }
    // A condition with a name may stand before the clause, or behind it; a part is where the clause has it.
    for (before, behind) in [
        ("condition neither = b == \"1\" || b == \"2\"\n", ""),
        ("", "condition neither = b == \"1\" || b == \"2\"\n"),
    ] {
        let text = format!("{before}{}{behind}", role("a == \"1\" && b == \"3\" && neither"));
        let parts = conflict(&text);
        assert_eq!(parts[0], "b == \"3\"", "{parts:?}");
        assert_eq!(parts.len(), 2, "{parts:?}");
    }
    // Of a part that is partly written elsewhere, what stands in the clause.
    let named = "condition neither = b == \"1\" || b == \"2\"\n".to_owned();
    let parts = conflict(&(named + &role("b == \"3\" && (b == \"4\" || neither)")));
    assert_eq!(parts, ["b == \"3\"", "b == \"4\""]);
    let guards =
        "guard g for #t { a == \"1\" } guard h for #t { b == \"2\" } guard k for #t { c == \"3\" }\n";
    assert_eq!(
        conflict(&(role("c == \"4\" && a == \"1\"") + guards)),
        ["c == \"4\"", "guard k"]
    );
}

#[test]
fn a_token_names_the_roles_that_it_gets() {
    let set = crate::support::compile(&format!(
        "{PRELUDE}role r {{ allow from i when a == \"1\" }} role s {{ allow from i when b == \"2\" }}"
    ));
    let Outcome::Refuted(Some(witness)) =
        Analysis::new(&set).implies(crate::support::role(&set, 0), crate::support::role(&set, 1))
    else {
        panic!("nobody asks for `b`");
    };
    assert_eq!(
        (witness.allowed, witness.denied),
        (vec!["r".to_owned()], vec!["s".to_owned()])
    );
}

/// A question that was too much for the budget is no burden on the next one, which may be about a part of it.
#[test]
fn the_budget_is_of_each_question() {
    let long = |claim: &str, end: &str| format!("{claim} like \"{}{end}\"", "?".repeat(200));
    let (first, second) = (long("a", "x"), long("b", "y"));
    let set = crate::support::compile(&format!(
        "{PRELUDE}role both {{ allow from i when {first} && {second} }} role second {{ allow from i when {second} }}"
    ));
    let with = |states| {
        Analysis::with_budget(
            &set,
            Budget {
                states,
                ..Budget::default()
            },
        )
    };
    let enough = (0..).map(|n| n * 200).find(|states| {
        matches!(
            with(*states).satisfiable(crate::support::role(&set, 1)),
            Answer::Token(_)
        )
    });
    let mut analysis = with(enough.unwrap_or_default());
    let both = analysis.satisfiable(crate::support::role(&set, 0));
    assert!(
        matches!(both, Answer::NotDecided(Undecided::States { .. })),
        "{both:?}"
    );
    let second = analysis.satisfiable(crate::support::role(&set, 1));
    assert!(matches!(second, Answer::Token(_)), "{second:?}");
}

/// A role that was needed before others came to cover more is left out.
#[test]
fn a_role_is_covered_by_as_few_as_it_can_be() {
    let set = crate::support::compile(&format!(
        "{PRELUDE}role r {{ allow from i when a in [\"1\", \"2\"] }} role s {{ allow from i when a == \"1\" }}
         role t {{ allow from i when a == \"2\" || a == \"1\" }}"
    ));
    assert_eq!(
        Analysis::new(&set).covered(
            crate::support::role(&set, 0),
            &[crate::support::role(&set, 1), crate::support::role(&set, 2)]
        ),
        Coverage::By(vec![crate::support::role(&set, 2)])
    );
}

/// The lines that are proposed for the only clause of a role, and the component with an impossible value.
fn layouts(issuer: &str, condition: &str) -> (Option<Vec<String>>, Option<String>) {
    let set = crate::support::compile(&format!("{issuer}\nrole r {{ allow from i when {condition} }}"));
    let conflicts = Analysis::new(&set).conflicts(crate::support::role(&set, 0));
    let [conflict] = conflicts.as_slice() else {
        panic!("{condition}: {conflicts:?}");
    };
    let lines = conflict
        .unknown_layout
        .as_ref()
        .map(|unknown| unknown.lines().into_iter().map(str::to_owned).collect());
    let value = conflict.impossible_value.as_ref();
    (
        lines,
        value.map(|component| format!("{} {}", component.claim, component.value())),
    )
}

#[test]
fn a_layout_is_proposed_only_if_a_token_can_have_it() {
    let github = "issuer i { url \"https://token.actions.githubusercontent.com\" profile github-actions audience \"x\" }";
    let names = "derive sub = \"repo:{repository}:actor:{actor|colon-encoded}\"";
    for (condition, lines) in [
        ("sub == \"repo:acme/shop:actor:dev\"", Some(vec![names])),
        (
            "sub like \"repo:acme/*:actor:*\" && ref == \"refs/heads/main\"",
            Some(vec![names]),
        ),
        (
            "(sub == \"repo:acme/shop:actor:dev\" || sub like \"repo:acme/web:actor:*\")",
            Some(vec![names]),
        ),
        // The ref cannot have two values.
        (
            "sub == \"repo:acme/shop:ref:refs/heads/main:ref:refs/heads/next\"",
            Some(vec![]),
        ),
        ("sub like \"repo:acme/shop:*:actor:dev\"", Some(vec![])),
        // One of the layouts is the issuer's, for tokens without an environment.
        (
            "sub == \"repo:acme/shop:ref:refs/heads/main\" && has environment",
            None,
        ),
        (
            "sub == \"repo:acme/shop:ref:refs/heads/main\" && repository == \"acme/web\"",
            None,
        ),
        // The environment may be anything, so the pattern is not of another layout.
        (
            "sub like \"repo:acme/shop:environment:*\" && !has environment",
            None,
        ),
        // A comparison that must not hold asks for no layout.
        ("!(sub != \"repo:acme/shop:ref:refs/heads/a b\")", None),
    ] {
        let lines: Option<Vec<String>> = lines.map(|lines| lines.into_iter().map(str::to_owned).collect());
        assert_eq!(layouts(github, condition).0, lines, "{condition}");
    }
}

#[test]
fn an_impossible_value_is_named() {
    let gitlab = "issuer i { url \"https://gitlab.com\" profile gitlab-ci audience \"x\" }";
    for (text, value) in [
        ("project_id:acme:ref_type:branch:ref:main", "project_id \"acme\""),
        (
            "project_id:311:ref_type:branches:ref:main",
            "ref_type \"branches\"",
        ),
        ("project_id:311:ref_type:branch:ref:", "ref \"\""),
        (
            "project_path:acme/shop:ref_type:tag:ref:v1:ref_protected:yes",
            "ref_protected \"yes\"",
        ),
    ] {
        let (lines, found) = layouts(gitlab, &format!("sub == \"{text}\""));
        assert_eq!((lines, found.as_deref()), (None, Some(value)), "{text}");
    }
}
