//! All rules. One rule is one file here, one page in `docs`, and one line below.

use crate::rule::Rule;

macro_rules! rules {
    ($($rule:ident,)+) => {
        $(pub(crate) mod $rule;)+

        /// All rules, in the order of their names.
        pub static RULES: &[&Rule] = &[$(&$rule::RULE),+];
    };
}

rules! {
    expired_suppression,
    missing_edition,
    never_matches,
    pattern_without_wildcard,
    ref_without_ref_type,
    role_without_test,
    shared_issuer_without_tenant,
    suppression_without_reason,
    unknown_suppression,
    unused_suppression,
    wildcard_owner,
}

/// The rule with a name.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.name == name)
}
