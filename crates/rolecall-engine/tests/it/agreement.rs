//! The index decides what the language says: random policies of the whole language, and tokens made to confuse it.
//!
//! `ROLECALL_PAIRS=10000000 cargo test --release -p rolecall-engine --test it agreement` compares ten million pairs of a policy
//! set and a token; an ordinary run a few thousand.

use crate::support::externals::with_externals;
use crate::support::hostile::{Numbers, token};
use crate::support::random::{items, many_roles, roles};
use crate::support::sampling::config;
use crate::support::{agrees, compile};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// How many tokens each policy set is asked about.
const TOKENS: usize = 50;

/// How many pairs of a policy set and a token are compared.
fn pairs() -> usize {
    let asked = std::env::var("ROLECALL_PAIRS").ok();
    asked.map_or(20_000, |pairs| pairs.parse().expect("a number of pairs"))
}

/// Policy sets and tokens that are the same in each run of so many.
fn compare(sets: impl Strategy<Value = Vec<String>>, seed: u8, pairs: usize) {
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), random);
    let mut numbers = Numbers::new(u64::from(seed));
    let (mut room, mut granted) = (Vec::new(), 0);
    for number in 0..pairs.div_ceil(TOKENS) {
        let policy = sets
            .new_tree(&mut runner)
            .expect("a policy set")
            .current()
            .join("\n");
        let mut set = compile(&policy);
        if number % 8 == 0 {
            set = with_externals(&set, "int");
        }
        for _ in 0..TOKENS {
            let token = token(&mut numbers);
            match agrees(&set, &token, &mut room) {
                Ok(roles) => granted += usize::from(roles > 0),
                Err(difference) => panic!("{difference}\n{policy}"),
            }
        }
    }
    assert!(
        granted > pairs / 20,
        "only {granted} of {pairs} tokens get a role"
    );
}

#[test]
fn a_few_roles_of_the_whole_language() {
    let sets = roles().prop_map(|(roles, guards)| items(&roles, &guards));
    compare(sets, 1, pairs() * 4 / 5);
}

#[test]
fn many_roles_that_share_keys_and_conditions() {
    let sets = many_roles().prop_map(|(roles, guards)| items(&roles, &guards));
    compare(sets, 2, pairs() / 5);
}

proptest! {
    #![proptest_config(config(300))]

    /// Which roles there are besides, and in which order, changes nothing for a role.
    #[test]
    fn roles_do_not_see_one_another((roles, guards) in many_roles(), seed in any::<u64>(), keep in vec(any::<bool>(), 300)) {
        let all = items(&roles, &guards);
        let (whole, mut numbers) = (compile(&all.join("\n")), Numbers::new(seed));
        // The first item is what all need, the last ones are the guards, which need the roles that they select.
        let is_role = |item: &String| item.starts_with("role r");
        let mut fewer: Vec<&String> = all
            .iter()
            .zip(&keep)
            .filter(|(item, keep)| !is_role(item) || **keep || item.contains("tags"))
            .map(|(item, _)| item)
            .collect();
        fewer.reverse();
        let fewer = compile(&fewer.iter().map(|item| item.as_str()).collect::<Vec<_>>().join("\n"));
        for _ in 0..20 {
            let token = token(&mut numbers);
            let known = |role: &String| fewer.program().role(role).is_some();
            let mut of_whole = crate::support::allowed(&whole, &token);
            of_whole.retain(known);
            prop_assert_eq!(of_whole, crate::support::allowed(&fewer, &token), "{:?}", token);
        }
    }
}
