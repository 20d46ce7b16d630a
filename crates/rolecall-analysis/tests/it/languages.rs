//! Languages, against another library that decides them: whether patterns accept anything, anything together, or anything
//! that another one does not.
//!
//! The other library takes derivatives of regular expressions over code points; ours makes automata over bytes. What a pattern
//! means is said once more for it, see `support/patterns.rs`. It never gives memory back, so an ordinary run asks little:
//! `ROLECALL_PATTERNS=5000 cargo test --release -p rolecall-analysis --test it languages -- --nocapture` asks more.

use crate::support::patterns::{Pattern, path_pattern, text_pattern};
use crate::support::regex::Regex;
use aws_smt_strings::character_sets::CharSet;
use aws_smt_strings::regular_expressions::{ReManager, RegLan};
use proptest::collection::vec;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rolecall_analysis::Analysis;
use rolecall_engine::{PolicySet, Source};

/// How many patterns a policy set has: each is asked about together with each other one.
const ROLES: usize = 4;

fn patterns() -> usize {
    let asked = std::env::var("ROLECALL_PATTERNS").ok();
    asked.map_or(160, |patterns| patterns.parse().expect("a number of patterns"))
}

/// The same words for the other library.
fn language(regex: &Regex, re: &mut ReManager) -> RegLan {
    match regex {
        Regex::Chars(ranges) => {
            let mut any = re.empty();
            for (from, to) in ranges {
                let range = re.char_set(CharSet::range(*from, *to));
                any = re.union(any, range);
            }
            any
        }
        Regex::Concat(parts) => {
            let parts: Vec<RegLan> = parts.iter().map(|part| language(part, re)).collect();
            re.concat_list(parts)
        }
        Regex::Without(one, other) => {
            let (one, other) = (language(one, re), language(other, re));
            re.diff(one, other)
        }
        Regex::Either(parts) => {
            let parts: Vec<RegLan> = parts.iter().map(|part| language(part, re)).collect();
            re.union_list(parts)
        }
        Regex::Star(part) => {
            let part = language(part, re);
            re.star(part)
        }
        Regex::Text(text) => re.str(&text.as_str().into()),
    }
}

fn policy(claim_type: &str, patterns: &[Pattern]) -> Option<PolicySet> {
    let mut policy = format!(
        "profile p {{ claim c: {claim_type} }} issuer i {{ url \"https://i.example\" profile p audience \"x\" }}\n"
    );
    for (number, pattern) in patterns.iter().enumerate() {
        policy += &format!("role r{number} {{ allow from i when c {} }}\n", pattern.written());
        policy += &format!(
            "role not-r{number} {{ allow from i when !(c {}) }}\n",
            pattern.written()
        );
    }
    // What can never be fulfilled need not compile.
    PolicySet::compile([Source::new("test.policy", policy)]).ok()
}

#[test]
fn another_library_says_the_same() {
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &[11; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), random);
    let types = [
        ("text", Regex::all()),
        ("path", Regex::path()),
        ("ref", Regex::git_ref()),
    ];
    let (mut empty, mut inhabited, mut refused) = (0, 0, 0);
    for number in 0..patterns().div_ceil(ROLES) {
        let (claim_type, domain) = &types[number % types.len()];
        let strategy = match *claim_type {
            "path" => vec(path_pattern(), ROLES).boxed(),
            _ => vec(text_pattern(), ROLES).boxed(),
        };
        let patterns = strategy.new_tree(&mut runner).expect("patterns").current();
        let Some(set) = policy(claim_type, &patterns) else {
            refused += 1;
            continue;
        };
        let mut analysis = Analysis::new(&set);
        let mut re = ReManager::new();
        let domain = language(domain, &mut re);
        // Each pattern, and what it does not accept: in the order of the roles.
        let mut languages = Vec::new();
        for pattern in &patterns {
            let pattern = language(&pattern.regex(), &mut re);
            languages.extend([re.inter(domain, pattern), re.diff(domain, pattern)]);
        }
        for (first, one) in languages.iter().enumerate() {
            for (second, other) in languages.iter().enumerate() {
                let (both, only) = (re.inter(one, other), re.diff(one, other));
                for (outcome, expected) in [
                    (
                        analysis.disjoint(
                            crate::support::role(&set, first),
                            crate::support::role(&set, second),
                        ),
                        re.is_empty_re(both),
                    ),
                    (
                        analysis.implies(
                            crate::support::role(&set, first),
                            crate::support::role(&set, second),
                        ),
                        re.is_empty_re(only),
                    ),
                ] {
                    let is = outcome.is_proved();
                    assert!(
                        is == expected && (is || outcome.is_refuted()),
                        "{claim_type}: roles {first} and {second} of {:?}: {outcome:?}",
                        patterns.iter().map(Pattern::written).collect::<Vec<_>>(),
                    );
                    if is { empty += 1 } else { inhabited += 1 }
                }
            }
        }
    }
    eprintln!("{empty} empty, {inhabited} not; {refused} policy sets refused");
    assert!(
        empty > inhabited / 20 && refused < patterns() / 40,
        "{empty} {inhabited} {refused}"
    );
}
