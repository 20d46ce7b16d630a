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
    any_project,
    any_ref,
    audience_is_issuer,
    branch_pattern,
    condition_without_test,
    confusable_text,
    cross_issuer_collision,
    duplicate_test,
    environment_unprotected,
    expired_suppression,
    fork_admitted,
    generic_audience,
    id_without_name,
    inline_token,
    job_project_alone,
    long_token_life,
    long_ttl,
    merge_request_admitted,
    missing_edition,
    name_as_identity,
    name_without_id,
    never_matches,
    only_author_claims,
    pattern_without_wildcard,
    pipeline_source_alone,
    prefix_trap,
    privileged_without_ttl,
    pull_request_target,
    ref_without_ref_type,
    role_without_description,
    role_without_test,
    self_hosted_runner,
    shared_issuer_without_tenant,
    short_ref,
    started_by_anybody,
    starter_decides,
    sub_instead_of_claims,
    suppression_without_reason,
    tag_unprotected,
    too_many_alternatives,
    unknown_audience,
    unknown_suppression,
    unpinned_configuration,
    unprotected_ref,
    unused_condition,
    unused_issuer,
    unused_parameter,
    unused_profile,
    unused_set,
    unused_suppression,
    visibility_open,
    whole_group_trusted,
    wildcard_crosses_delimiter,
    wildcard_owner,
}

/// The rule with a name.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.name == name)
}
