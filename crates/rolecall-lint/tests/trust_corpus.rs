//! Trust conditions of AWS, Google Cloud and Azure that nobody of this project wrote, each with a token, whether it gets in,
//! and a grade: written as policies, they decide the same, and the linter is held against the grades.
//!
//! What is graded dangerous has a finding of high severity, and what is graded safe has none above low. Where we see it
//! otherwise, `corpus/deviations.txt` says why.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may stop where something is odd, and says what it found"
)]

#[path = "corpus/clouds.rs"]
mod clouds;
#[path = "corpus/condition.rs"]
mod condition;
#[path = "corpus/token.rs"]
mod token;
#[path = "corpus/vector.rs"]
mod vector;

use rolecall_engine::{Document, JsonLimits, PolicySet, Source, UnverifiedClaims};
use rolecall_lint::{Linter, Settings, Severity};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use token::Issued;
use vector::{Grade, Vector};

const DEVIATIONS: &str = include_str!("corpus/deviations.txt");
/// The audience where a condition asks for none.
const AUDIENCE: &str = "https://sts.acme.example";

/// The policy of a condition, and the token that it is asked about.
struct Case {
    policy: String,
    set: PolicySet,
    token: UnverifiedClaims,
}

fn case(vector: &Vector) -> Case {
    let mut condition = clouds::translate(&vector.condition);
    let mut issued = token::issued(vector);
    let audiences = condition.take_audiences();
    let audiences = audiences.unwrap_or_else(|| vec![AUDIENCE.to_owned()]);
    let audience = Value::from(audiences[0].as_str());
    issued.claims.entry("aud").or_insert(audience);
    let issuer = issuer(&issued, &audiences);
    let profile = compile(vector, &issuer).program().issuers[0].profile.clone();
    let when = condition.write(&profile);
    let when = if when.is_empty() {
        when
    } else {
        format!(" when {when}")
    };
    let policy = format!("edition 2026\n{issuer}role r {{ allow from i{when} }}\n");
    let token = Value::from(issued.claims).to_string();
    let token = Document::parse(token.into_bytes(), &JsonLimits::CLAIMS).expect("a token");
    Case {
        set: compile(vector, &policy),
        policy,
        token: UnverifiedClaims::new(token),
    }
}

fn issuer(issued: &Issued, audiences: &[String]) -> String {
    let Issued {
        url,
        profile,
        template,
        ..
    } = issued;
    let derive = template
        .as_ref()
        .map(|template| format!(" derive sub = {template:?}"));
    let derive = derive.unwrap_or_default();
    format!("issuer i {{ url {url:?} profile {profile} audience {audiences:?}{derive} }}\n")
}

fn compile(vector: &Vector, policy: &str) -> PolicySet {
    PolicySet::compile([Source::new("a.policy", policy)])
        .unwrap_or_else(|error| panic!("{}: {error}\n{policy}", vector.id))
}

/// The worst finding, and the rules that found something, the worst first.
fn lint(case: &Case) -> (Option<Severity>, String) {
    let findings = Linter::new(&case.set, &Settings::default()).run().findings;
    let mut found: Vec<(Severity, &str)> = findings
        .iter()
        .map(|finding| (finding.severity, finding.rule.name))
        .collect();
    found.sort_by(|left, right| right.cmp(left));
    found.dedup();
    let names: Vec<String> = found
        .iter()
        .map(|(severity, name)| format!("{name} ({severity})"))
        .collect();
    (found.first().map(|(severity, _)| *severity), names.join(", "))
}

#[test]
fn conditions_decide_and_are_graded_as_the_corpus_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors/trust-conditions");
    let Some(vectors) = vector::read(&folder) else {
        println!("no vectors here");
        return;
    };
    let mut known: BTreeMap<&str, &str> = DEVIATIONS
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split_once(": ").expect("`ID: REASON`"))
        .collect();
    let mut wrong = Vec::new();
    let mut news = Vec::new();
    let mut table: BTreeMap<(Grade, Option<Severity>), usize> = BTreeMap::new();
    let (mut graded, mut agreeing) = (0, 0);
    for vector in &vectors {
        let case = case(vector);
        let decision = case.set.evaluate(&case.token, "r");
        if decision.is_ok() != vector.is_match {
            wrong.push(format!("{}: {decision:?}\n{}", vector.id, case.policy));
        }
        let Some(grade) = vector.grade else { continue };
        let (worst, rules) = lint(&case);
        *table.entry((grade, worst)).or_default() += 1;
        let agrees = match grade {
            Grade::Dangerous => worst == Some(Severity::High),
            Grade::Safe => worst <= Some(Severity::Low),
            // Whether that is worth a word depends on the house.
            Grade::Caution => continue,
        };
        graded += 1;
        if agrees {
            agreeing += 1;
        } else if known.remove(vector.id.as_str()).is_none() {
            news.push(format!(
                "{}: {grade:?}, found: {rules}\n{}",
                vector.id, case.policy
            ));
        }
    }
    println!("{} vectors, {} decided otherwise", vectors.len(), wrong.len());
    println!(
        "{graded} graded safe or dangerous, {agreeing} agree: {} %",
        agreeing * 100 / graded.max(1)
    );
    for ((grade, worst), count) in &table {
        let worst = worst.map_or("nothing".to_owned(), |worst| worst.to_string());
        println!("{count:4} {grade:?}, worst finding: {worst}");
    }
    assert!(wrong.is_empty(), "decided otherwise:\n{}", wrong.join("\n"));
    assert!(news.is_empty(), "new deviations:\n{}", news.join("\n"));
    assert!(known.is_empty(), "these agree now, or are gone: {known:?}");
}
