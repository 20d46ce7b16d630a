//! Trust conditions of AWS, Google Cloud and Azure that nobody of this project wrote, each with a token, whether it gets in,
//! and a grade: written as policies, they decide the same, and the linter is held against the grades.
//!
//! A grade does not say how much harm the role could do. So what is graded dangerous must have a finding of high severity
//! if the role is privileged, and what is graded safe none above low if it is not. Where we see it otherwise,
//! `trust_corpus/deviations.txt` says why.

mod clouds;
mod condition;
mod token;
mod vector;

use rolecall_engine::{Document, JsonLimits, Object, PolicySet, Source, UnverifiedClaims};
use rolecall_lint::{Linter, Settings, Severity};
use serde_json::Value;
use std::collections::BTreeMap;
use token::Issued;
use vector::{Grade, Vector};

const DEVIATIONS: &str = include_str!("trust_corpus/deviations.txt");
/// The audience where a condition asks for none.
const AUDIENCE: &str = "https://sts.acme.example";

/// How many of each grade agree, and how many there are.
type Counts = BTreeMap<Grade, [usize; 2]>;

/// The policy of a condition, and the token that it is asked about.
struct Case {
    policy: String,
    /// The set with the role, and with the role as a privileged one.
    set: PolicySet,
    privileged: PolicySet,
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
    let set = compile(vector, &issuer);
    let trusted = set.program().issuers().values().next().expect("an issuer");
    let profile = trusted.profile.clone();
    let when = condition.write(&profile);
    let when = if when.is_empty() {
        when
    } else {
        format!(" when {when}")
    };
    let policy = |tags: &str| format!("edition 2026\n{issuer}role r {{ {tags}allow from i{when} }}\n");
    let token = Value::from(issued.claims).to_string();
    let token = Document::parse(token.into_bytes(), &JsonLimits::CLAIMS).expect("a token");
    // The vectors leave out what every verified token has.
    let token = set.complete("i", &Object::from(token.members()));
    Case {
        set: compile(vector, &policy("")),
        privileged: compile(vector, &policy("tags [prod] ttl 15m ")),
        policy: policy(""),
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
fn lint(set: &PolicySet) -> (Option<Severity>, String) {
    let findings = Linter::new(set, &Settings::default()).run().findings;
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
    let Some(folder) = crate::outside::vectors("trust-conditions") else {
        return;
    };
    let vectors = vector::read(&folder);
    assert_eq!(vectors.len(), 111);
    let mut known: BTreeMap<&str, &str> = DEVIATIONS
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split_once(": ").expect("`ID: REASON`"))
        .collect();
    let (mut wrong, mut news) = (Vec::new(), Vec::new());
    let mut table: BTreeMap<(Grade, [Option<Severity>; 2]), usize> = BTreeMap::new();
    let mut counts = Counts::default();
    for vector in &vectors {
        let case = case(vector);
        let decision = case.set.evaluate(&case.token, "r");
        if decision.is_ok() != vector.is_match {
            wrong.push(format!("{}: {decision:?}\n{}", vector.id, case.policy));
        }
        let Some(grade) = vector.grade else { continue };
        let [ordinary, privileged] = [lint(&case.set), lint(&case.privileged)];
        *table.entry((grade, [ordinary.0, privileged.0])).or_default() += 1;
        let (agrees, rules) = match grade {
            Grade::Dangerous => (privileged.0 == Some(Severity::High), privileged.1),
            Grade::Safe => (ordinary.0 <= Some(Severity::Low), ordinary.1),
            // Whether that is worth a word depends on the house.
            Grade::Caution => continue,
        };
        let count = counts.entry(grade).or_default();
        count[0] += usize::from(agrees);
        count[1] += 1;
        if !agrees && known.remove(vector.id.as_str()).is_none() {
            news.push(format!(
                "{}: {grade:?}, found: {rules}\n{}",
                vector.id, case.policy
            ));
        }
    }
    println!("{} vectors, {} decided otherwise", vectors.len(), wrong.len());
    for (grade, [agreeing, all]) in &counts {
        println!("{grade:?}: {agreeing} of {all} agree, {} %", agreeing * 100 / all);
    }
    for ((grade, [ordinary, privileged]), count) in &table {
        println!(
            "{count:4} {grade:?}: at worst {}, if privileged {}",
            said(*ordinary),
            said(*privileged)
        );
    }
    assert!(wrong.is_empty(), "decided otherwise:\n{}", wrong.join("\n"));
    assert!(news.is_empty(), "new deviations:\n{}", news.join("\n"));
    assert!(known.is_empty(), "these agree now, or are gone: {known:?}");
}

fn said(worst: Option<Severity>) -> &'static str {
    worst.map_or("nothing", Severity::name)
}
