//! The fewest changes that give a token a role, against all tokens that differ in fewer claims.
//!
//! `ROLECALL_REPAIRS=20000 cargo test --release -p rolecall-analysis --test it repairs` asks about so many tokens; an
//! ordinary run about some hundred.

use crate::brute_force::policy;
use crate::support::small::{condition, layouts};
use crate::support::tokens::{subs, tokens, values};
use proptest::collection::vec;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rolecall_analysis::{Analysis, Repair, Undecided};
use rolecall_engine::{Object, PolicySet, UnverifiedClaims, Value};

/// The claims that are not derived, but for `aud`.
const CLAIMS: [&str; 10] = ["p", "r", "e", "b", "k", "l", "n", "m", "x", "i"];

fn questions() -> usize {
    let asked = std::env::var("ROLECALL_REPAIRS").ok();
    asked.map_or(300, |asked| asked.parse().expect("a number of tokens"))
}

/// The values of a claim that are tried.
fn pool(claim: &str, token: &Object) -> Vec<Option<Value>> {
    if claim == "aud" {
        return ["x", "y", "z"]
            .map(|audience| Some(Value::from(audience)))
            .to_vec();
    }
    let mut values = values(claim);
    let text = |claim: &str| token.get(claim).and_then(Value::as_text).map(str::to_owned);
    if claim == "x"
        && let (Some(p), Some(r)) = (text("p"), text("r"))
    {
        values.extend([format!("{p}:{r}"), r].map(|text| Some(Value::Text(text))));
    }
    values
}

fn with(token: &Object, claim: &str, value: Option<Value>) -> Object {
    let mut token = token.clone();
    token.put(&[claim.to_owned()], value);
    token
}

/// The tokens with all that its derived claims may be.
fn derived(token: &Object, layout: usize) -> Vec<Object> {
    let parent = token.get("p").and_then(Value::as_text);
    let parent = parent.and_then(|p| Some(p.rsplit_once('/')?.0.to_owned()));
    let mut made = Vec::new();
    for parent in [parent.map(Value::Text), None, token.get("parent").cloned()] {
        let token = with(token, "parent", parent);
        for sub in subs(layout, &token) {
            made.push(with(&token, "sub", Some(Value::Text(sub))));
        }
        made.push(token);
    }
    made
}

/// Whether a token that differs in fewer claims than this gets the role, and which.
fn smaller(set: &PolicySet, role: &str, token: &Object, layout: usize, size: usize) -> Option<Object> {
    if size == 0 {
        return None;
    }
    let claims = || CLAIMS.iter().copied().chain(["aud"]);
    let mut near = vec![token.clone()];
    let mut from = 0;
    for _ in 1..size {
        let to = near.len();
        for at in from..to {
            for claim in claims() {
                for value in pool(claim, &near[at]) {
                    near.push(with(&near[at], claim, value));
                }
            }
        }
        from = to;
    }
    near.iter()
        .flat_map(|token| derived(token, layout))
        .find(|token| {
            let claims = UnverifiedClaims::new(token.clone());
            set.evaluate(&claims, role).is_ok()
        })
}

#[derive(Debug, Default)]
struct Counts {
    sizes: [usize; 16],
    impossible: usize,
    undecided: usize,
}

#[test]
fn no_smaller_change_gives_the_role() {
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &[16; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), random);
    let all: Vec<Vec<Object>> = (0..layouts()).map(tokens).collect();
    let mut counts = Counts::default();
    for number in 0..questions() {
        let layout = number % layouts();
        let conditions = vec(condition(), 2).new_tree(&mut runner).expect("conditions");
        // A guard makes conjunctions, whose changes are larger.
        let [first, second] = conditions.current().try_into().expect("two conditions");
        let policy = policy(layout, &[format!("({first}) && ({second})")]);
        let set = crate::support::compile(&policy);
        let token = &all[layout][number * 7919 % all[layout].len()];
        let claims = UnverifiedClaims::new(token.clone());
        let role = crate::support::role(&set, 0);
        let repair = Analysis::new(&set).repair(&claims, role);
        let bound = set
            .nearest(&claims, &[role])
            .first()
            .and_then(|(nearness, _)| nearness.claims());
        let question = || format!("{repair:?}\n{}\n{policy}", Value::Object(token.clone()));
        match &repair {
            Repair::Allowed => {
                assert!(set.evaluate(&claims, "r0").is_ok());
                assert_eq!(bound, None);
            }
            Repair::Changes(changes) => {
                let size = changes.claims.len();
                counts.sizes[size] += 1;
                assert!(
                    bound.is_some_and(|bound| bound <= size),
                    "{bound:?} {}",
                    question()
                );
                let changed = UnverifiedClaims::new(changes.token.clone());
                assert!(set.evaluate(&changed, "r0").is_ok(), "{}", question());
                for claim in CLAIMS {
                    let is_changed = changes.claims.iter().any(|change| change.claim == claim);
                    let same = token.get(claim) == changes.token.get(claim);
                    assert_ne!(is_changed, same, "{claim} {}", question());
                }
                let found = smaller(&set, "r0", token, layout, size.min(3));
                assert!(found.is_none(), "{found:?} {}", question());
            }
            Repair::Impossible => {
                counts.impossible += 1;
                let found = smaller(&set, "r0", token, layout, 2);
                assert!(found.is_none(), "{found:?} {}", question());
            }
            Repair::NotDecided(Undecided::Equation { .. }) => counts.undecided += 1,
            other => panic!("{other:?} {}", question()),
        }
    }
    eprintln!("{counts:?}");
    assert!(counts.sizes[1] > 0 && counts.sizes[2] > 0, "{counts:?}");
}

/// A claim that is compared with another one, which may keep its value: the search must try that very value, and others.
#[test]
fn a_claim_takes_the_value_of_another_one_that_stays() {
    let policy = "profile ids {\n claim a: id string\n claim b: id string\n claim c: id string optional\n}\n\
        issuer i { url \"https://i.example\" profile ids audience \"x\" }\n\
        role same { allow from i when b == a && b like \"4*\" && a like \"4*\" }\n\
        role chain { allow from i when b == a && b == c && has c && a like \"4*\" }\n\
        role other { allow from i when b != a && !(a in [\"0\", \"1\"]) }\n";
    let set = crate::support::compile(policy);
    let mut analysis = Analysis::new(&set);
    let mut repair = |role: &str, a: &str, b: &str, c: &str| {
        let mut token = Object::new();
        for (claim, value) in [("a", a), ("b", b), ("c", c)] {
            token.set(claim, Value::from(value));
        }
        let claims = UnverifiedClaims::new(set.complete("i", &token));
        match analysis.repair(&claims, set.program().role(role).expect("a role")) {
            Repair::Changes(changes) => changes.claims.len(),
            other => panic!("{role}: {other:?}"),
        }
    };
    assert_eq!(repair("same", "4242", "odd", "7"), 1);
    assert_eq!(repair("same", "odd", "4242", "7"), 1);
    assert_eq!(repair("chain", "odd", "odd", "4711"), 2);
    assert_eq!(repair("chain", "4711", "odd", "4711"), 1);
    assert_eq!(repair("other", "2", "2", "7"), 1);
    assert_eq!(repair("other", "42", "42", "7"), 1);
}
