//! Layouts that an issuer does not declare, and the proposals for them.
//!
//! `cases/layouts/**`: at the end of the file, for each test the reason that its token's `sub` contradicts the claims, and for each
//! role the layout of the `sub` that it asks for, if none of the issuer's gives it. Each proposal compiles in the issuer, and
//! makes the token's `sub` known. `ROLECALL_BLESS=1 cargo test -p rolecall-engine --test it layouts` writes what is found now.

use crate::cases::{cases, read};
use crate::support::blessing;
use crate::support::sampling::config;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use rolecall_engine::ir::{Program, Question, TrustedIssuer};
use rolecall_engine::{
    Contradiction, Layout, Location, Object, PolicySet, Source, Truth, UnknownLayout, UnverifiedClaims, Value,
};
use std::fmt::Write;
use std::time::{Duration, Instant};

fn compile(policy: &str) -> PolicySet {
    PolicySet::compile([Source::new("layouts.policy", policy)])
        .unwrap_or_else(|error| panic!("{error}\n{policy}"))
}

fn text(program: &Program, location: Location) -> &str {
    location.span().text(&program.files()[location.file()].text)
}

/// Why the `sub` of a token contradicts its claims, by the roles that are asked about.
fn contradictions(set: &PolicySet, claims: &UnverifiedClaims, role: &str) -> Vec<Contradiction> {
    let explanation = set.explain(claims, role);
    let clauses = explanation.operator().expect("a role").clauses.iter();
    let comparisons = clauses.flat_map(|clause| clause.comparisons());
    let found = comparisons.filter_map(|comparison| comparison.contradiction.as_deref().cloned());
    found.collect()
}

/// The policy with a proposal in an issuer of the same profile, beside one that has it already.
fn with_layouts(program: &Program, policy: &str, issuer: &TrustedIssuer, layouts: &[Layout]) -> String {
    let item = text(program, issuer.location);
    let (start, _) = item.rsplit_once('}').expect("an item");
    let lines = layouts.iter().map(|layout| format!("  {}\n", layout.line));
    policy.replace(item, &format!("{start}{}}}", lines.collect::<String>()))
}

fn describe(unknown: &UnknownLayout, lines: &mut String) {
    writeln!(lines, "{}", unknown.message()).unwrap();
    for difference in &unknown.differences {
        writeln!(lines, "//!   {difference}").unwrap();
    }
    writeln!(lines, "//!   help: {}", unknown.help()).unwrap();
}

/// What is found in a case, as it stands at its end.
fn found(policy: &str) -> String {
    let set = compile(policy);
    let program = set.program();
    let mut lines = String::new();
    for test in program.tests() {
        let role = &program[test.expectations[0].roles[0]];
        for contradiction in contradictions(&set, &test.claims, &role.name) {
            write!(lines, "//! {}: ", test.name).unwrap();
            match contradiction {
                Contradiction::Condition(location) => {
                    writeln!(lines, "not {}", text(program, location).replace('\n', " ")).unwrap();
                }
                Contradiction::Differences(differences) => {
                    let differences: Vec<String> = differences.iter().map(ToString::to_string).collect();
                    writeln!(lines, "{}", differences.join("; ")).unwrap();
                }
                Contradiction::Layout(unknown) => {
                    describe(&unknown, &mut lines);
                    assert_makes_known(program, policy, &test.claims, &unknown);
                }
                _ => writeln!(lines, "unexplained").unwrap(),
            }
        }
    }
    for role in program.roles().values() {
        for clause in program.clauses(program.role(&role.name).unwrap()) {
            let issuer = &program[clause.issuer];
            clause.condition.each_atom(&mut |atom, _| {
                if let Some(unknown) = UnknownLayout::of_question(issuer, atom.claim, &atom.question) {
                    write!(lines, "//! role {}: ", role.name).unwrap();
                    describe(&unknown, &mut lines);
                    compile(&with_layouts(program, policy, issuer, &unknown.proposals));
                }
            });
        }
    }
    lines
}

/// With what is proposed, the token's `sub` is one of the derivations.
fn assert_makes_known(program: &Program, policy: &str, claims: &UnverifiedClaims, unknown: &UnknownLayout) {
    let id = program.issuer(&unknown.issuer).expect("an issuer");
    let changed = compile(&with_layouts(program, policy, &program[id], &unknown.proposals));
    let issuer = changed.program().issuer(&unknown.issuer).expect("an issuer");
    let profile = &changed.program()[issuer].profile;
    let sub = profile.claim_by_path(&["sub".to_owned()]).unwrap();
    let known = rolecall_engine::ir::Formula::compare(sub, Question::OneOf([].into_iter().collect()));
    let truth = changed.truth(claims, issuer, &known);
    let expected = match unknown.proposals.len() {
        0 => Truth::Unknown,
        _ => Truth::False,
    };
    assert_eq!(truth, expected, "{unknown:?}");
}

#[test]
fn layouts_are_proposed() {
    let mut wrong = Vec::new();
    for file in &cases("layouts") {
        let text = read(file);
        let start = text.find("\n//! ").map_or(text.len(), |newline| newline + 1);
        let (policy, expected) = text.split_at(start);
        let found = found(policy);
        if blessing() {
            std::fs::write(file, format!("{policy}{found}")).expect("a file");
        } else if found.is_empty() || found != expected {
            wrong.push(format!(
                "{}\nexpected\n{expected}\nfound\n{found}",
                file.display()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Claims that a layout may have, each with values.
type Claims = [(&'static str, &'static [&'static str])];

/// Issuers, their profiles and claims.
const ISSUERS: [(&str, &str, &Claims); 3] = [
    (
        "https://gitlab.com",
        "gitlab-ci",
        &[
            ("project_path", &["acme/shop", "acme/tools/shop", "a/b"]),
            ("project_id", &["311", "1"]),
            ("ref_type", &["branch", "tag"]),
            ("ref", &["main", "project_id", "true"]),
            ("ref_protected", &["true", "false"]),
            ("environment_protected", &["true"]),
            ("deployment_tier", &["production", "other"]),
        ],
    ),
    (
        "https://token.actions.githubusercontent.com",
        "github-actions",
        &[
            ("repository", &["acme/shop", "acme/acme", "a/b"]),
            ("repository_id", &["311", "71"]),
            ("repository_owner_id", &["71"]),
            ("ref", &["refs/heads/main", "refs/heads/environment", "acme/shop"]),
            (
                "environment",
                &["live", "eu:live", "ref", "{x}", "a\\\"[b]", "%3A", "*?"],
            ),
            (
                "workflow",
                &["release", "a: b: c", "\u{202e}\u{7}\n", "acme/shop", ""],
            ),
            (
                "job_workflow_ref",
                &["acme/ci/.github/workflows/r.yml@refs/heads/main"],
            ),
            ("event_name", &["push", "odd"]),
            ("actor", &["acme", "acme/shop"]),
        ],
    ),
    (
        "https://app.terraform.io",
        "terraform-cloud",
        &[
            ("organization", &["acme"]),
            ("project", &["Default Project", "acme"]),
            ("workspace", &["live", "workspace"]),
            ("run_phase", &["apply", "plan"]),
            ("run_id", &["run-1", "acme"]),
            ("terraform_organization_id", &["org-1"]),
        ],
    ),
];

/// A policy, and a token whose `sub` is `name:value` of some claims in some order.
fn honest() -> impl Strategy<Value = (String, Object)> {
    select(ISSUERS.to_vec()).prop_flat_map(|(url, profile, claims)| {
        let values = claims.iter().map(|(name, values)| (Just(*name), select(values.to_vec())));
        let some = subsequence((0..claims.len()).collect::<Vec<_>>(), 1..=claims.len()).prop_shuffle();
        (values.collect::<Vec<_>>(), some).prop_map(move |(values, some)| {
            let policy = format!(
                "issuer i {{ url \"{url}\" profile {profile} audience \"x\" }}\nrole r {{ allow from i when sub like \"*\" }}"
            );
            let set = compile(&policy);
            let profile = &set.program()[set.program().issuer("i").unwrap()].profile;
            let mut token = Object::new();
            token.set("iss", Value::from(url));
            token.set("aud", Value::from("x"));
            for (name, value) in &values {
                let claim = profile.claim_by_name(name).expect("a claim");
                token.set(&profile[claim].path[0], Value::from(*value));
            }
            let encode = |value: &str| value.replace(':', "%3A");
            let component = |index: &usize| format!("{}:{}", values[*index].0, encode(values[*index].1));
            let sub: Vec<String> = some.iter().map(component).collect();
            token.set("sub", Value::from(sub.join(":").as_str()));
            (policy, token)
        })
    })
}

/// The types of claims, each with values.
const TYPES: [(&str, &[&str]); 7] = [
    ("path recyclable tenant", &["acme/shop", "a/b/c", "x"]),
    ("ref author", &["main", "release/1", "x"]),
    ("id immutable tenant", &["7", "311"]),
    ("text author", &["x", "a b", "\"\\", "{x}[y]", "é\u{7}"]),
    ("bool", &["true", "false"]),
    ("enum [x, y]", &["x", "y"]),
    ("enum [x, ...]", &["x", "z"]),
];

/// A random profile, and a token whose `sub` is `name:value` of some claims in some order, by their names and aliases.
fn of_random_profile() -> impl Strategy<Value = (String, Object)> {
    let claim = select(TYPES.to_vec()).prop_flat_map(|(claim_type, values)| {
        (
            Just(claim_type),
            select(values.to_vec()),
            any::<(bool, bool, bool)>(),
        )
    });
    (vec(claim, 1..6), any::<prop::sample::Index>()).prop_map(|(claims, start)| {
        let mut profile = String::from("profile p {\n");
        let mut token = Object::new();
        token.set("iss", Value::from("https://i.example"));
        token.set("aud", Value::from("x"));
        let mut components = Vec::new();
        for (index, (claim_type, value, (is_nested, by_alias, is_in))) in claims.iter().enumerate() {
            let path = match is_nested {
                true => format!("claims[\"acme.example/{index}\"].inner"),
                false => format!("claim_{index}"),
            };
            writeln!(profile, "  claim {path}: {claim_type} alias alias_{index}").unwrap();
            let value = Value::from(*value);
            match is_nested {
                true => {
                    let mut inner = Object::new();
                    inner.set("inner", value.clone());
                    token.set(&format!("acme.example/{index}"), Value::Object(inner));
                }
                false => token.set(&path, value.clone()),
            }
            if *is_in || components.is_empty() {
                let name = match *by_alias || *is_nested {
                    true => format!("alias_{index}"),
                    false => path,
                };
                components.push(format!("{name}:{}", value.as_text().unwrap()));
            }
        }
        writeln!(profile, "  derive sub = \"usual:{{alias_0}}\"\n}}").unwrap();
        let start = start.index(components.len());
        components.rotate_left(start);
        token.set("sub", Value::from(components.join(":").as_str()));
        let policy = format!("{profile}issuer i {{ url \"https://i.example\" profile p audience \"x\" }}\nrole r {{ allow from i when sub like \"*\" }}");
        (policy, token)
    })
}

/// Texts that are hard to write, to cut and to show.
fn hostile() -> impl Strategy<Value = String> {
    let parts = [
        ":",
        ":",
        "/",
        "@",
        "repo",
        "ref",
        "environment",
        "repository",
        "acme/shop",
        "311",
        "71",
        "main",
        "\"",
        "\\",
        "{",
        "}",
        "{ref}",
        "[",
        "]",
        "*",
        "?",
        "$",
        "|name",
        "%3A",
        "\n",
        "\r\n",
        "\t",
        "\0",
        "\u{1b}[2J",
        "\u{202e}",
        "\u{e0041}",
        "é",
        "名",
        "//",
        "/*",
        "derive",
        "\u{24}",
    ];
    vec(select(parts.to_vec()), 0..40).prop_map(|parts| parts.concat())
}

/// What is proposed for a token compiles, and gives the token's `sub`.
fn check(policy: &str, token: &Object) -> Result<Vec<Contradiction>, TestCaseError> {
    let set = compile(policy);
    let claims = UnverifiedClaims::new(token.clone());
    let found = contradictions(&set, &claims, "r");
    for contradiction in &found {
        if let Contradiction::Layout(unknown) = contradiction {
            assert_makes_known(set.program(), policy, &claims, unknown);
        }
    }
    Ok(found)
}

proptest! {
    #![proptest_config(config(500))]

    #[test]
    fn a_layout_of_claims_is_found((policy, token) in honest()) {
        for contradiction in check(&policy, &token)? {
            match contradiction {
                Contradiction::Layout(unknown) => {
                    prop_assert_eq!(unknown.proposals.len(), 1, "{:?} {:?}", unknown, token);
                }
                other => prop_assert!(matches!(other, Contradiction::Condition(_)), "{:?} {:?}", other, token),
            }
        }
    }

    #[test]
    fn a_layout_of_a_random_profile_is_found((policy, token) in of_random_profile()) {
        for contradiction in check(&policy, &token)? {
            let Contradiction::Layout(unknown) = contradiction else {
                panic!("{contradiction:?}");
            };
            prop_assert_eq!(unknown.proposals.len(), 1, "{:?} {:?}", unknown, token);
        }
    }

    #[test]
    fn a_proposal_gives_the_text_of_a_hostile_token(sub in hostile(), workflow in hostile(), actor in hostile()) {
        let policy = "issuer i { url \"https://i.example\" profile github-actions audience \"x\" }\nrole r { allow from i when sub like \"*\" }";
        let mut token = Object::new();
        for (name, value) in [
            ("iss", "https://i.example"), ("aud", "x"), ("repository", "acme/shop"), ("repository_id", "311"),
            ("repository_owner_id", "71"), ("ref", "main"), ("workflow", &workflow), ("actor", &actor), ("sub", &sub),
        ] {
            token.set(name, Value::from(value));
        }
        check(policy, &token)?;
        // A policy that asks for the same text is no harder.
        let literal = rolecall_syntax::Str::quote(&sub);
        let policy = format!("issuer i {{ url \"https://i.example\" profile github-actions audience \"x\" }}\nrole r {{ allow from i when sub == \"{}\" }}", literal.raw().replace('\0', "\\u{0}"));
        if let Ok(set) = PolicySet::compile([Source::new("h.policy", policy.as_str())]) {
            let program = set.program();
            let clause = &program.clauses(program.role("r").unwrap())[0];
            let issuer = &program[clause.issuer];
            clause.condition.each_atom(&mut |atom, _| {
                if let Some(unknown) = UnknownLayout::of_question(issuer, atom.claim, &atom.question) {
                    compile(&with_layouts(program, &policy, issuer, &unknown.proposals));
                }
            });
        }
    }
}

/// Texts that would take long to cut, in tokens and in policies.
#[test]
fn the_work_is_bounded() {
    let issuer = "profile p { claim a: path tenant claim b: text claim c: text alias n
          derive sub = \"@{a|parent}@{b}/{a|name}@{b}/{a}@{b}/{a}@{b}@{c}[:n:{c}][:b:{b}][:n:{c}][:b:{b}]:{a}\" }
        issuer i { url \"https://i.example\" profile p audience \"x\" }";
    let policy = format!("{issuer}\nrole r {{ allow from i when sub like \"*\" }}");
    let set = compile(&policy);
    for unit in [":", "@", "a", "n:", "n:v:", "@/", "a@b/a@b/a@b@", ":n:b", "é"] {
        for length in [1, 100, 4_000, 4_096, 5_000, 1_000_000] {
            let text = unit.repeat(length / unit.len());
            let mut token = Object::new();
            for (name, value) in [
                ("iss", "https://i.example"),
                ("aud", "x"),
                ("a", "a"),
                ("b", "b"),
                ("c", "v"),
            ] {
                token.set(name, Value::from(value));
            }
            token.set("sub", Value::from(text.as_str()));
            let start = Instant::now();
            let found = contradictions(&set, &UnverifiedClaims::new(token), "r");
            assert_eq!(found.len(), 1);
            assert!(
                start.elapsed() < Duration::from_secs(2),
                "{unit:?} {length} {:?}",
                start.elapsed()
            );
            if length > 4_096 {
                assert_eq!(found, [Contradiction::Unexplained]);
            }
        }
        for operator in ["==", "like", "glob"] {
            let text = unit.repeat(4_000 / unit.len());
            let text = if operator == "like" {
                format!("{text}*x")
            } else {
                text
            };
            let text = text.replace("\n", " ");
            let policy = format!("{issuer}\nrole r {{ allow from i when sub {operator} \"{text}\" }}");
            let set = compile(&policy);
            let clause = &set.program().clauses(set.program().role("r").unwrap())[0];
            let start = Instant::now();
            clause.condition.each_atom(&mut |atom, _| {
                let issuer = &set.program()[clause.issuer];
                let _ = UnknownLayout::of_question(issuer, atom.claim, &atom.question);
            });
            assert!(
                start.elapsed() < Duration::from_secs(2),
                "{unit:?} {operator} {:?}",
                start.elapsed()
            );
        }
    }
}
