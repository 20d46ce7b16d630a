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
    condition_without_test,
    duplicate_test,
    expired_suppression,
    id_without_name,
    inline_token,
    long_token_life,
    long_ttl,
    missing_edition,
    never_matches,
    pattern_without_wildcard,
    privileged_without_ttl,
    ref_without_ref_type,
    role_without_description,
    role_without_test,
    shared_issuer_without_tenant,
    suppression_without_reason,
    too_many_alternatives,
    unknown_suppression,
    unused_condition,
    unused_issuer,
    unused_parameter,
    unused_profile,
    unused_set,
    unused_suppression,
    wildcard_owner,
}

/// The rule with a name.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.name == name)
}
