//! Bindings of Google Cloud.

use super::{admits, translated};
use crate::aws::dice::{Dice, sampled};
use crate::google::cel::Open;
use crate::google::reference;
use rolecall_engine::ir::External;
use rolecall_engine::{PolicySet, Truth};
use rolecall_interop::Fidelity;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

pub(crate) const POOL: &str = "projects/123456789/locations/global/workloadIdentityPools/ci";
pub(crate) const ROLE: &str = "roles/iam.workloadIdentityUser";
const AUDIENCES: &[&str] = &["https://acme.example", "other"];

/// A claim with values of its type, as JSON texts. A token may lack it if it is optional.
pub(crate) struct Claim(pub(crate) &'static str, bool, &'static [&'static str]);

const GITLAB: &[Claim] = &[
    Claim(
        "sub",
        false,
        &[
            r#""project_path:acme/shop:ref_type:branch:ref:main""#,
            r#""project_path:acme/web:ref_type:tag:ref:v1""#,
            r#""anything""#,
        ],
    ),
    Claim(
        "project_path",
        false,
        &[r#""acme/shop""#, r#""acme/web""#, r#""ACME/shop""#],
    ),
    Claim(
        "namespace_path",
        false,
        &[r#""acme""#, r#""acme/sub""#, r#""other""#],
    ),
    Claim("project_id", false, &[r#""4242""#, r#""42""#, r#""7""#]),
    Claim("ref", false, &[r#""main""#, r#""release/1""#, r#""v1""#]),
    Claim("ref_type", false, &[r#""branch""#, r#""tag""#]),
    Claim("ref_protected", false, &[r#""true""#, r#""false""#]),
    Claim(
        "pipeline_source",
        false,
        &[r#""push""#, r#""web""#, r#""schedule""#],
    ),
    Claim(
        "environment",
        true,
        &[r#""production""#, r#""Production""#, r#""""#, r#""a\nb""#],
    ),
    Claim(
        "runner_environment",
        true,
        &[r#""gitlab-hosted""#, r#""self-hosted""#],
    ),
    Claim("user_login", true, &[r#""ann""#, r#""Ann""#, "null", r#""""#]),
    Claim(
        "user_access_level",
        true,
        &[r#""owner""#, r#""developer""#, "null"],
    ),
    Claim(
        "groups_direct",
        true,
        &[r#"["acme","acme/ops"]"#, r#"["other"]"#, "[]"],
    ),
    Claim("runner_id", true, &["12", "7"]),
];

const GITHUB: &[Claim] = &[
    Claim(
        "sub",
        false,
        &[
            r#""repo:acme/shop:ref:refs/heads/main""#,
            r#""repo:acme/shop:environment:production""#,
            r#""repo:acme@72/shop@4242:ref:refs/heads/main""#,
        ],
    ),
    Claim(
        "repository",
        false,
        &[r#""acme/shop""#, r#""acme/web""#, r#""octo/shop""#],
    ),
    Claim("repository_owner", false, &[r#""acme""#, r#""octo""#]),
    Claim("repository_owner_id", false, &[r#""72""#, r#""7""#]),
    Claim("ref", false, &[r#""refs/heads/main""#, r#""refs/tags/v1""#]),
    Claim(
        "event_name",
        false,
        &[r#""push""#, r#""pull_request""#, r#""new_event""#],
    ),
    Claim(
        "environment",
        true,
        &[r#""production""#, r#""Production""#, r#""""#],
    ),
    Claim(
        "job_workflow_ref",
        true,
        &[
            r#""acme/ci/.github/workflows/a.yml@refs/heads/main""#,
            r#""acme/ci/b.yml@v1""#,
        ],
    ),
    Claim("actor", false, &[r#""ann""#, r#""bob""#]),
    Claim("ref_protected", true, &[r#""true""#, r#""false""#]),
];

pub(crate) struct Issuer {
    pub(crate) url: &'static str,
    pub(crate) claims: &'static [Claim],
}

pub(crate) const ISSUERS: &[Issuer] = &[
    Issuer {
        url: "https://gitlab.com",
        claims: GITLAB,
    },
    Issuer {
        url: "https://token.actions.githubusercontent.com",
        claims: GITHUB,
    },
];

/// Returns a literal of CEL.
pub(super) fn literal(value: &Value, dice: &mut Dice) -> String {
    let text = match value {
        Value::String(text) => text,
        _ => return value.to_string(),
    };
    let escaped = text
        .replace('\\', "\\\\")
        .replace('\n', "\\n")
        .replace('\'', "\\'");
    match dice.below(4) {
        0 => format!("\"{escaped}\""),
        _ => format!("'{escaped}'"),
    }
}

/// Returns a text near one.
fn near(text: &str, dice: &mut Dice) -> String {
    match dice.below(10) {
        0 => text.to_uppercase(),
        1 => format!("{text}*"),
        2 => "a value: of // no type".to_owned(),
        _ => text.to_owned(),
    }
}

pub(super) struct Generator<'d> {
    pub(super) dice: &'d mut Dice,
    pub(super) claims: &'static [Claim],
    /// The names of mapped attributes, each with a claim whose values fit.
    pub(super) attributes: Vec<(String, usize)>,
}

impl Generator<'_> {
    pub(super) fn claim(&mut self) -> usize {
        self.dice.below(self.claims.len())
    }

    fn value(&mut self, claim: usize) -> Value {
        serde_json::from_str(self.dice.of(self.claims[claim].2)).unwrap()
    }

    /// Returns a text of a claim's value, or one near.
    pub(super) fn text(&mut self, claim: usize) -> String {
        let value = self.value(claim);
        let text = match &value {
            Value::String(text) => text.clone(),
            Value::Array(list) => list.first().and_then(Value::as_str).unwrap_or("acme").to_owned(),
            _ => "x".to_owned(),
        };
        near(&text, self.dice)
    }

    /// Returns a name of a value, and the claim whose values fit.
    fn operand(&mut self) -> (String, usize) {
        if self.dice.one_in(5) && !self.attributes.is_empty() {
            let at = self.dice.below(self.attributes.len());
            return self.attributes[at].clone();
        }
        let claim = self.claim();
        let name = self.claims[claim].0;
        match self.dice.below(5) {
            0 => (format!("assertion['{name}']"), claim),
            _ => (format!("assertion.{name}"), claim),
        }
    }

    fn atom(&mut self) -> String {
        let (name, claim) = self.operand();
        let text = self.text(claim);
        let part = {
            let letters: Vec<char> = text.chars().collect();
            let start = self.dice.below(letters.len().max(1));
            let end = start + self.dice.below(letters.len().saturating_sub(start) + 1);
            letters
                .get(start..end)
                .unwrap_or_default()
                .iter()
                .collect::<String>()
        };
        let quoted = literal(&json!(text), self.dice);
        match self.dice.below(24) {
            0..=6 => format!("{name} == {quoted}"),
            7 => format!("{quoted} == {name}"),
            8 | 9 => format!("{name} != {quoted}"),
            10 | 11 => {
                let other = self.text(claim);
                let other = literal(&json!(other), self.dice);
                format!("{name} in [{quoted}, {other}]")
            }
            12 => {
                let letters: Vec<char> = text.chars().collect();
                let end = self.dice.below(letters.len() + 1);
                let start: String = letters[..end].iter().collect();
                format!("{name}.startsWith({})", literal(&json!(start), self.dice))
            }
            13 => {
                let letters: Vec<char> = text.chars().collect();
                let start = self.dice.below(letters.len() + 1);
                let end: String = letters[start..].iter().collect();
                format!("{name}.endsWith({})", literal(&json!(end), self.dice))
            }
            14 => format!("{name}.contains({})", literal(&json!(part), self.dice)),
            15 => {
                let quoted = regex::escape(&part);
                let regex = match self.dice.below(6) {
                    0 => format!("^{quoted}"),
                    1 => format!("{quoted}$"),
                    2 => format!("^(?:{quoted}|x)$"),
                    3 => format!("^{quoted}|\\d$"),
                    4 => "^[a-z]+(/[a-z]+)*$".to_owned(),
                    _ => format!("{quoted}.*\\d"),
                };
                format!("{name}.matches(r'{}')", regex.replace('\'', "."))
            }
            16 => format!("has(assertion.{})", self.claims[claim].0),
            17 => format!("'{}' in assertion", self.claims[claim].0),
            18 => match self.claims[claim].0 {
                "groups_direct" => {
                    format!("assertion.groups_direct.exists(g, g == {quoted} || g.startsWith('ac'))")
                }
                _ => format!("{quoted} in assertion.groups_direct"),
            },
            19 => format!(
                "{name} == {}",
                self.dice.of(&["null", "12", "7.0", "true", "4242"])
            ),
            20 => {
                let (other, _) = self.operand();
                format!("{name} + '@' + {other} == {}", {
                    let value = self.text(claim);
                    let (other_text, sign) = (self.text(claim), self.dice.of(&["@", "@", "@@", ""]));
                    literal(&json!(format!("{value}{sign}{other_text}")), self.dice)
                })
            }
            21 => {
                let (function, text) = match self.dice.one_in(2) {
                    true => ("lowerAscii", text.to_lowercase()),
                    false => ("upperAscii", text),
                };
                format!("{name}.{function}() == {}", literal(&json!(text), self.dice))
            }
            22 => {
                let (other, _) = self.operand();
                format!("{name} == {other}")
            }
            _ => match self.dice.below(3) {
                0 => name,
                1 => "true".to_owned(),
                _ => "false".to_owned(),
            },
        }
    }

    pub(super) fn condition(&mut self, levels: usize) -> String {
        if levels == 0 || self.dice.one_in(4) {
            return self.atom();
        }
        let first = self.condition(levels - 1);
        match self.dice.below(8) {
            0..=2 => format!("({first} && {})", self.condition(levels - 1)),
            3 | 4 => format!("({first} || {})", self.condition(levels - 1)),
            5 => format!("!({first})"),
            6 => {
                let (second, third) = (self.condition(levels - 1), self.condition(levels - 1));
                format!("({first} ? {second} : {third})")
            }
            _ => first,
        }
    }
}

/// Returns a mapping, and the names of its attributes with claims whose values fit.
fn mapping(dice: &mut Dice, claims: &'static [Claim]) -> (Value, Vec<(String, usize)>) {
    let mut mapping = Map::new();
    let mut names = Vec::new();
    let index = |name: &str| claims.iter().position(|claim| claim.0 == name);
    let subject = match dice.below(6) {
        0 => {
            let claim = dice.of(&["project_id", "repository_owner_id", "ref"]);
            index(claim).map(|_| format!("'ci-' + assertion.{claim}"))
        }
        1 => index("environment").map(|_| "assertion.environment".to_owned()),
        _ => None,
    };
    mapping.insert(
        "google.subject".to_owned(),
        json!(subject.unwrap_or_else(|| "assertion.sub".to_owned())),
    );
    names.push(("google.subject".to_owned(), 0));
    for number in 0..dice.below(4) {
        let claim = dice.below(claims.len());
        let name = claims[claim].0;
        let other = claims[dice.below(claims.len())].0;
        let value = match dice.below(8) {
            0 => format!("has(assertion.{name}) ? assertion.{name} : 'none'"),
            1 => format!("assertion.{name} + '@' + assertion.{other}"),
            2 => format!("assertion.{name}.lowerAscii()"),
            3 => format!("assertion.{other} == 'main' ? 'yes' : assertion.{name}"),
            _ => format!("assertion.{name}"),
        };
        let attribute = format!("attribute.a{number}");
        mapping.insert(attribute.clone(), json!(value));
        names.push((attribute, claim));
    }
    if let Some(claim) = index("groups_direct").filter(|_| dice.one_in(3)) {
        mapping.insert("google.groups".to_owned(), json!("assertion.groups_direct"));
        names.push(("google.groups".to_owned(), claim));
    }
    (Value::Object(mapping), names)
}

fn member(generator: &mut Generator<'_>) -> String {
    let at = generator.dice.below(generator.attributes.len());
    let (name, claim) = generator.attributes[at].clone();
    let mut value = generator.text(claim);
    if generator.dice.one_in(6) {
        let other = generator.claim();
        value = format!("{value}@{}", generator.text(other));
    }
    if value.is_empty() || generator.dice.one_in(5) {
        return format!("principalSet://iam.googleapis.com/{POOL}/*");
    }
    match name.as_str() {
        "google.subject" => format!("principal://iam.googleapis.com/{POOL}/subject/{value}"),
        "google.groups" => format!("principalSet://iam.googleapis.com/{POOL}/group/{value}"),
        _ => format!("principalSet://iam.googleapis.com/{POOL}/{name}/{value}"),
    }
}

/// Returns a provider and a policy for its pool.
pub(crate) fn documents(dice: &mut Dice, issuer: &'static Issuer, name: &str) -> (Value, Value) {
    let (mapping, attributes) = mapping(dice, issuer.claims);
    let mut generator = Generator {
        dice,
        claims: issuer.claims,
        attributes,
    };
    let levels = generator.dice.below(4);
    let mut provider = json!({
        "name": format!("{POOL}/providers/{name}"),
        "attributeMapping": mapping,
        "oidc": {"issuerUri": issuer.url, "allowedAudiences": AUDIENCES[..1]},
        "state": "ACTIVE",
    });
    if !generator.dice.one_in(6) {
        provider["attributeCondition"] = json!(generator.condition(levels));
    }
    let members: Vec<String> = (0..=generator.dice.below(2))
        .map(|_| member(&mut generator))
        .collect();
    let mut binding = json!({"role": ROLE, "members": members});
    if generator.dice.one_in(10) {
        binding["condition"] = json!({"expression": "request.time < timestamp('2027-01-01T00:00:00Z')"});
    }
    (
        provider,
        json!({"bindings": [binding], "etag": "x", "version": 3}),
    )
}

/// Returns a token. Claims that are not optional are seldom absent.
pub(crate) fn token(dice: &mut Dice, issuer: &Issuer) -> Value {
    let mut token = Map::new();
    token.insert("iss".to_owned(), json!(issuer.url));
    token.insert(
        "aud".to_owned(),
        json!(if dice.one_in(12) {
            AUDIENCES[1]
        } else {
            AUDIENCES[0]
        }),
    );
    token.insert("iat".to_owned(), json!(1_800_000_000));
    token.insert("exp".to_owned(), json!(1_800_003_600));
    for Claim(name, is_optional, values) in issuer.claims {
        let absent = if *is_optional { 4 } else { 30 };
        if *name != "sub" && dice.one_in(absent) {
            continue;
        }
        token.insert((*name).to_owned(), serde_json::from_str(dice.of(values)).unwrap());
    }
    Value::Object(token)
}

#[test]
fn a_translated_role_admits_what_google_admits() {
    let number = sampled(20_000, 200_000);
    let (mut decided, mut admitted, mut fidelities, mut seed) =
        (0_u64, 0_u64, BTreeMap::<String, u64>::new(), 0);
    let mut narrower = 0_u64;
    while decided < number {
        seed += 1;
        let mut dice = Dice(seed);
        let issuer = &ISSUERS[dice.below(2)];
        let (provider, policy) = documents(&mut dice, issuer, "ci");
        let translation = translated(&[("provider.json", &provider), ("deployer.json", &policy)]);
        let role = &translation.coverage.roles[0];
        let fidelity = role.fidelity.clone();
        *fidelities.entry(format!("{fidelity:?}")).or_default() += 1;
        if matches!(fidelity, Fidelity::Refused(_)) {
            continue;
        }
        let name = role.name.clone();
        assert_eq!(name, "gcp:deployer/iam.workloadIdentityUser");
        let shown = format!("seed {seed}: {provider:#}\n{policy:#}");
        let set =
            PolicySet::compile_files(translation.files).unwrap_or_else(|error| panic!("{error}\n{shown}"));
        let externals = |_: &External| Truth::True;
        for _ in 0..8 {
            let token = token(&mut dice, issuer);
            let found = admits(&set, &name, &token, &externals);
            // A token that lacks a claim of each token is not one of the issuer: a mapping of that claim is not tested.
            let is_whole = issuer
                .claims
                .iter()
                .all(|Claim(name, is_optional, _)| *is_optional || token.get(name).is_some());
            for open in Open::all().filter(|open| is_whole || !open.attributes_are_required) {
                let providers = std::slice::from_ref(&provider);
                let expected = reference::admits(&policy, ROLE, providers, &token, open);
                match fidelity {
                    Fidelity::Narrower(_) => {
                        assert!(expected || !found, "wider: {open:?} {shown}\n{token:#}");
                        narrower += u64::from(expected != found);
                    }
                    _ => assert_eq!(found, expected, "{open:?} {shown}\n{token:#}"),
                }
            }
            decided += 1;
            admitted += u64::from(found);
        }
    }
    println!("{decided} decisions agree, {admitted} admit, {narrower} are narrower: {fidelities:?}");
    assert!(admitted * 30 > decided, "the cases are too one-sided: {admitted}");
}
