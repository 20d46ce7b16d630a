//! What the rules about hygiene take out of a file, and what they leave in it.

use rolecall_engine::{PolicySet, Source};
use rolecall_lint::{Finding, Fix, Linter, Persona, RULES, Safety, Settings, apply};

const ISSUER: &str = "issuer own { url \"https://git.acme.example\" profile gitlab-ci audience \"sts\" }\n";
const ROLE: &str = "role plan {\n  allow from own when project == \"acme/shop\" && ref == \"main\"\n}\n";

fn lint(text: &str) -> Vec<Finding> {
    let set = PolicySet::compile([Source::new("a.policy", text)]).unwrap_or_else(|error| panic!("{error}"));
    let settings = Settings {
        persona: Persona::Auditor,
        ..Settings::default()
    };
    Linter::new(&set, &settings).run().findings
}

/// What is left after the fixes of one rule.
fn fixed(rule: &str, text: &str) -> String {
    let findings = lint(text);
    let fixes: Vec<&Fix> = findings
        .iter()
        .filter(|finding| finding.rule.name == rule)
        .filter_map(|finding| finding.fix.as_ref())
        .collect();
    let file = findings.first().map(|finding| finding.location.file());
    let fixed = file.map_or_else(|| text.to_owned(), |file| apply(file, text, fixes).0);
    lint(&fixed);
    fixed
}

#[test]
fn items_are_taken_out_with_their_lines() {
    let kept = format!("{ISSUER}\n{ROLE}");
    let first = format!("set refs = [\"main\"]\n\n{kept}");
    let middle = format!("{ISSUER}\nset refs = [\"main\"]\n\n{ROLE}");
    let last = format!("{kept}\nset refs = [\"main\"]\n");
    let two = format!("{ISSUER}\nset refs = [\"main\"]\n\nset tags = [\"v1\"]\n\n{ROLE}");
    for text in [first, middle, last, two] {
        assert_eq!(fixed("unused-set", &text), kept, "{text}");
    }
    assert_eq!(
        fixed("unused-set", &format!("{ISSUER}{ROLE}set refs = [\"main\"]")),
        format!("{ISSUER}{ROLE}")
    );
}

#[test]
fn no_comment_is_lost() {
    for set in [
        "// These are ours.\nset refs = [\"main\"]\n",
        "/// These are ours.\nset refs = [\"main\"]\n",
        "set refs = [\"main\"] // ours\n",
        "set refs = [\n  \"main\", // ours\n]\n",
        "set refs = /* ours */ [\"main\"]\n",
    ] {
        let text = format!("{set}{ISSUER}{ROLE}");
        assert_eq!(fixed("unused-set", &text), text);
    }
    let apart = format!("// A file of ours.\n\nset refs = [\"main\"]\n\n{ISSUER}{ROLE}");
    assert_eq!(
        fixed("unused-set", &apart),
        format!("// A file of ours.\n\n{ISSUER}{ROLE}")
    );
}

#[test]
fn what_is_used_is_not_found() {
    let used = format!(
        "{ISSUER}{ROLE}set refs = [\"main\"]\nset envs = [\"a\", \"b\"]\nset args = [\"x\", \"y\"]\n\
         condition on(branches) = ref in branches\ncondition inner = ref in refs\ncondition outer = inner && ref_protected\n\
         role r-{{env}} for env in envs {{ allow from own when environment == env && on(args) && outer }}\n"
    );
    let findings = lint(&used);
    let unused = findings
        .iter()
        .find(|finding| finding.rule.name.starts_with("unused-"));
    assert!(unused.is_none(), "{unused:?}");
    // A parameter is not the set of its name.
    let shadowed = format!("{ISSUER}{ROLE}set refs = [\"main\"]\ncondition on(refs) = ref in refs\n");
    assert!(
        lint(&shadowed)
            .iter()
            .any(|finding| finding.rule.name == "unused-set")
    );
}

#[test]
fn a_token_is_found_and_not_repeated() {
    let token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln";
    let key = "-----BEGIN RSA PRIVATE KEY-----";
    for written in [
        format!("// {token}\n"),
        format!("/* see https://a.example/?t={token}. */\n"),
        format!("test \"t\" {{ token own {{ sub = \"{token}\" }} expect deny plan }}\n"),
        format!("// {key} MIIE\n"),
    ] {
        let findings = lint(&format!("{written}{ISSUER}{ROLE}"));
        let found: Vec<&Finding> = findings
            .iter()
            .filter(|finding| finding.rule.name == "inline-token")
            .collect();
        assert_eq!(found.len(), 1, "{written}");
        let said = |finding: &&Finding| format!("{} {:?} {:?}", finding.message, finding.help, finding.notes);
        let said: String = found.iter().map(said).collect();
        assert!(!said.contains("eyJ") && !said.contains("BEGIN"), "{said}");
    }
    for other in [
        "// a.b.c and www.acme.example\n",
        "// -----BEGIN PUBLIC KEY----- MIIB\n",
        "// e30.e30.e30\n",
    ] {
        let findings = lint(&format!("{other}{ISSUER}{ROLE}"));
        assert!(
            findings.iter().all(|finding| finding.rule.name != "inline-token"),
            "{other}"
        );
    }
}

/// A safe fix leaves a set that compiles, and its rule finds nothing there any more.
#[test]
fn safe_fixes_of_hygiene_mend_what_they_are_for() {
    for rule in RULES
        .iter()
        .filter(|rule| rule.fix == Some(Safety::Safe) && rule.name.starts_with("unused-"))
    {
        let bad = rule
            .page
            .split("```policy\n")
            .nth(1)
            .and_then(|rest| rest.split("```").next());
        let bad = bad.expect("a policy").replace(" // error", "");
        let text = format!("{}{bad}", ISSUER.replace("own", "gitlab"));
        let fixed = fixed(rule.name, &text);
        assert!(
            lint(&fixed).iter().all(|finding| finding.rule.name != rule.name),
            "{fixed}"
        );
    }
}

#[test]
fn comments_that_are_meant_to_suppress_say_how() {
    let said = |comment: &str| {
        let findings = lint(&format!("{comment}\n{ISSUER}{ROLE}"));
        let found = findings
            .into_iter()
            .find(|finding| finding.rule.name == "unknown-suppression");
        found.and_then(|finding| finding.help)
    };
    let form = "write `// policy-check: allow(any-ref) REASON`";
    for comment in [
        "// policy-check-disable any-ref",
        "// policy-check: disable any-ref",
        "// policy-check allow(any-ref) it is ours",
        "// Policy-Check: allow(any-ref) it is ours",
        "// policy-check ignore any-ref",
        "// policycheck: allow(any-ref) it is ours",
        "/* policy-check: allow(any-ref) it is ours */",
        "/// policy-check: allow(any-ref) it is ours",
    ] {
        assert_eq!(said(comment).as_deref(), Some(form), "{comment}");
    }
    assert_eq!(
        said("// policy-check: off").as_deref(),
        Some("write `// policy-check: allow(RULE) REASON`")
    );
    for prose in [
        "// policy-check runs in the pipeline",
        "// see the policy-check: it allows any-ref",
        "/* Policy-checks are strict. */",
    ] {
        assert_eq!(said(prose), None, "{prose}");
    }
}

/// What a rule says about conditions of a role.
fn about(rule: &str, rest: &str) -> Vec<(Option<String>, bool)> {
    let findings = lint(&format!("{ISSUER}{rest}"));
    let findings = findings.into_iter().filter(|finding| finding.rule.name == rule);
    findings
        .map(|finding| (finding.help, finding.fix.is_some()))
        .collect()
}

#[test]
fn the_case_that_is_right_is_known_only_if_one_is_used_more() {
    let both = "role plan { allow from own when project == \"acme/shop\" && (environment == \"Production\" || environment == \"production\") }\n";
    let test = "test \"t\" { token own { environment = \"production\" } expect deny plan }\n";
    let list = "keep the one that the CI system has and remove the other; \
                if it has both, write `environment in [\"Production\", \"production\"]`";
    assert_eq!(about("case-confusion", both), [(Some(list.to_owned()), false)]);
    let known = "write `production`, which is used more often: values are compared byte by byte";
    assert_eq!(
        about("case-confusion", &format!("{both}{test}")),
        [(Some(known.to_owned()), true)]
    );
}

#[test]
fn full_refs_are_written_short() {
    for (comparison, help) in [
        (
            "ref == \"refs/heads/main\"",
            "write `\"main\"` for `\"refs/heads/main\"`, and `ref_type == \"branch\"` beside it",
        ),
        (
            "ref like \"refs/tags/v*\"",
            "write `\"v*\"` for `\"refs/tags/v*\"`, and `ref_type == \"tag\"` beside it",
        ),
        (
            "ref in [\"refs/heads/main\", \"refs/heads/next\"]",
            "write `\"main\"` for `\"refs/heads/main\"`, `\"next\"` for `\"refs/heads/next\"`, \
             and `ref_type == \"branch\"` beside it",
        ),
        (
            "ref like \"refs/tags/*\"",
            "write `ref_type == \"tag\"` instead of the comparison of `ref`",
        ),
    ] {
        let role = format!("role plan {{ allow from own when project == \"acme/shop\" && {comparison} }}\n");
        assert_eq!(
            about("full-ref", &role),
            [(Some(help.to_owned()), false)],
            "{comparison}"
        );
    }
}
