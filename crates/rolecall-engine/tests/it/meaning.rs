//! What conditions mean, over random policy sets and tokens.

use crate::support::random::{condition, items, roles, token};
use crate::support::sampling::{config, sampled};
use crate::support::{agrees, allowed, compile, pushed_negation};
use proptest::collection::vec;
use proptest::prelude::*;

proptest! {
    #![proptest_config(config(sampled(10_000)))]

    /// Kleene's three values, and `!` pushed to the comparisons, say the same.
    #[test]
    fn both_readings_agree((roles, guards) in roles(), tokens in vec(token(), 1..6)) {
        let set = compile(&items(&roles, &guards).join("\n"));
        for token in &tokens {
            prop_assert_eq!(allowed(&set, token), pushed_negation::allowed(set.program(), token), "{:?}", token);
        }
    }
}

proptest! {
    #![proptest_config(config(sampled(10_000)))]

    /// The index finds what the language says, role by role and all at once, and denies for the same reason.
    #[test]
    fn the_index_agrees((roles, guards) in roles(), tokens in vec(token(), 1..6)) {
        let set = compile(&items(&roles, &guards).join("\n"));
        let mut room = Vec::new();
        for token in &tokens {
            agrees(&set, token, &mut room).map_err(TestCaseError::fail)?;
        }
    }
}

proptest! {
    #![proptest_config(config(1_000))]

    /// The order of items and of files does not matter.
    #[test]
    fn order_does_not_matter((roles, guards) in roles(), token in token(), seed in any::<u64>()) {
        let items = items(&roles, &guards);
        let mut shuffled: Vec<(u64, &String)> =
            items.iter().enumerate().map(|(n, item)| (seed.rotate_left(u32::try_from(n * 7).unwrap_or(0) % 64) ^ seed, item)).collect();
        shuffled.sort();
        let files = shuffled.iter().map(|(_, item)| rolecall_engine::Source::new("part.policy", item.as_str()));
        let apart = rolecall_engine::PolicySet::compile(files).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(allowed(&compile(&items.join("\n")), &token), allowed(&apart, &token));
    }

    /// Formatting never changes a decision.
    #[test]
    fn formatting_keeps_decisions((roles, guards) in roles(), token in token()) {
        let policy = items(&roles, &guards).join("\n");
        let formatted = rolecall_syntax::format(&policy).map_err(|errors| TestCaseError::fail(format!("{errors:?}")))?;
        prop_assert_eq!(allowed(&compile(&policy), &token), allowed(&compile(&formatted), &token));
    }

    /// A condition more never allows more.
    #[test]
    fn narrowing_narrows((mut roles, guards) in roles(), token in token(), extra in condition()) {
        let before = allowed(&compile(&items(&roles, &guards).join("\n")), &token);
        for (_, clauses) in &mut roles {
            for (_, condition) in clauses {
                *condition = Some(condition.take().map_or(extra.clone(), |old| format!("{old} && {extra}")));
            }
        }
        let after = allowed(&compile(&items(&roles, &guards).join("\n")), &token);
        prop_assert!(after.iter().all(|role| before.contains(role)), "{after:?} not in {before:?}");
    }

    /// A guard more never allows more.
    #[test]
    fn guards_narrow((roles, mut guards) in roles(), token in token(), extra in condition()) {
        let before = allowed(&compile(&items(&roles, &guards).join("\n")), &token);
        guards.push(extra);
        let after = allowed(&compile(&items(&roles, &guards).join("\n")), &token);
        prop_assert!(after.iter().all(|role| before.contains(role)), "{after:?} not in {before:?}");
    }

    /// A role more changes nothing for the others.
    #[test]
    fn roles_are_independent((mut roles, guards) in roles(), (more, _) in roles(), token in token()) {
        let before = allowed(&compile(&items(&roles, &guards).join("\n")), &token);
        let count = roles.len();
        let tagged = roles.iter().any(|(tag, _)| tag.is_some());
        roles.extend(more.into_iter().map(|(tag, clauses)| (tag.filter(|_| tagged), clauses)));
        let mut after = allowed(&compile(&items(&roles, &guards).join("\n")), &token);
        after.retain(|role| role.trim_start_matches('r').parse::<usize>().is_ok_and(|index| index < count));
        prop_assert_eq!(before, after);
    }

    /// A claim that no policy knows changes nothing.
    #[test]
    fn unknown_claims_are_ignored((roles, guards) in roles(), token in token()) {
        let set = compile(&items(&roles, &guards).join("\n"));
        let mut more = token.clone();
        more.set("never-heard-of", rolecall_engine::Value::from("x"));
        prop_assert_eq!(allowed(&set, &token), allowed(&set, &more));
    }

    /// A condition and its opposite never both grant.
    #[test]
    fn nothing_is_both(condition in condition(), token in token()) {
        let roles = [
            (None, vec![("first", Some(condition.clone()))]),
            (None, vec![("first", Some(format!("!({condition})")))]),
        ];
        prop_assert!(allowed(&compile(&items(&roles, &[]).join("\n")), &token).len() < 2);
    }

    /// An explanation says the same as the decision.
    #[test]
    fn explanations_agree((roles, guards) in roles(), token in token()) {
        let set = compile(&items(&roles, &guards).join("\n"));
        let claims = crate::support::claims(&token);
        for role in set.program().roles().values() {
            let decision = set.decide(&claims, &role.name);
            let explanation = set.explain(claims.as_unverified(), &role.name);
            let operator = explanation.operator().expect("a role");
            prop_assert_eq!(operator.allowed_by, decision.clause());
            let holding = operator.clauses.iter().find(|clause| clause.holds());
            prop_assert_eq!(holding.map(|clause| clause.id), decision.clause());
            for clause in &operator.clauses {
                if let Some(condition) = &clause.condition {
                    let issuer = &set.program()[clause.clause.issuer];
                    let truth = issuer.truth(claims.as_unverified(), &clause.clause.condition);
                    prop_assert_eq!(condition.truth(), truth);
                    prop_assert_eq!(condition.causes().is_empty(), truth == rolecall_engine::Truth::True);
                }
            }
            let requester = explanation.requester();
            prop_assert_eq!(requester.is_allowed, decision.is_allowed());
        }
    }
}
