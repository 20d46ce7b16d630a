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
    always_matches,
    bool_literal,
    case_confusion,
    covered_role,
    double_negation,
    duplicate_role,
    empty_or_padded_text,
    expired_suppression,
    guard_without_effect,
    like_on_path,
    loose_alternative,
    matches_everything,
    missing_edition,
    negated_optional,
    never_matches,
    pattern_without_wildcard,
    redundant_alternative,
    redundant_condition,
    ref_without_ref_type,
    regex_for_list,
    regex_for_wildcard,
    repeated_element,
    role_without_test,
    self_comparison,
    shadowed_clause,
    shared_issuer_without_tenant,
    single_element_list,
    suppression_without_reason,
    unescaped_dot,
    unknown_suppression,
    unused_suppression,
    unusual_value,
    wildcard_in_equality,
    wildcard_owner,
}

/// The rule with a name.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.name == name)
}
