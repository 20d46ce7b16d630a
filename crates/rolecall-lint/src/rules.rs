//! The rules. Each rule is one file here, one page in `docs`, and one line below.

use crate::rule::Rule;
use crate::rule_info::RuleInfo;

macro_rules! rules {
    ($($rule:ident,)+) => {
        $(pub(crate) mod $rule;)+

        /// All rules, in the order of their names.
        pub(crate) static ALL: &[&Rule] = &[$(&$rule::RULE),+];

        /// The descriptions of all rules, in the order of their names.
        pub static RULES: &[&RuleInfo] = &[$(&$rule::RULE.info),+];
    };
}

rules! {
    absence_admitted,
    action_with_wildcard,
    always_matches,
    any_project,
    any_ref,
    audience_is_issuer,
    bool_literal,
    branch_pattern,
    case_confusion,
    condition_without_test,
    confusable_text,
    covered_role,
    cross_issuer_collision,
    default_branch_event,
    double_negation,
    duplicate_role,
    duplicate_test,
    empty_or_padded_text,
    environment_unprotected,
    expired_suppression,
    fork_admitted,
    full_ref,
    generic_audience,
    grant_never_filled,
    grant_outside_boundary,
    grant_sometimes_unfilled,
    guard_without_effect,
    id_without_name,
    inline_token,
    issuer_with_slash,
    job_project_alone,
    keys_from_repository,
    like_on_path,
    long_token_life,
    long_ttl,
    loose_alternative,
    matches_everything,
    member_given_twice,
    merge_request_admitted,
    missing_edition,
    name_as_identity,
    name_without_id,
    negated_optional,
    never_matches,
    not_for_tokens,
    only_author_claims,
    pattern_without_wildcard,
    pipeline_source_alone,
    prefix_trap,
    privileged_without_ttl,
    pull_request_target,
    redundant_alternative,
    redundant_condition,
    ref_without_ref_type,
    regex_for_list,
    regex_for_wildcard,
    repeated_element,
    role_without_description,
    role_without_test,
    self_comparison,
    self_hosted_runner,
    shadowed_clause,
    shared_issuer_without_tenant,
    shell_in_job_admitted,
    short_ref,
    single_element_list,
    started_by_anybody,
    starter_decides,
    sub_instead_of_claims,
    suppression_without_reason,
    tag_unprotected,
    too_many_alternatives,
    unescaped_dot,
    unknown_audience,
    unknown_privileged_tag,
    unknown_suppression,
    unpinned_configuration,
    unprotected_ref,
    unproved_tenant,
    unpublished_key,
    unseen_policy_file,
    untranslated_role,
    unused_condition,
    unused_issuer,
    unused_parameter,
    unused_profile,
    unused_set,
    unused_suppression,
    unusual_value,
    variable_in_old_version,
    visibility_open,
    whole_group_trusted,
    wildcard_crosses_delimiter,
    wildcard_in_equality,
    wildcard_owner,
}

/// Returns the rule with a name.
pub fn find(name: &str) -> Option<&'static RuleInfo> {
    RULES.iter().copied().find(|rule| rule.name == name)
}
