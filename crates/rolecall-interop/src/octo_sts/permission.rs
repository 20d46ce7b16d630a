//! Names of permissions: those of `octosts.TrustPolicy.json` at v0.8.0, which has those of go-github v84.

/// The names, in order.
const NAMES: &str = "
actions actions_variables administration attestations blocking checks codespaces codespaces_lifecycle_admin
codespaces_metadata codespaces_secrets codespaces_user_secrets content_references contents copilot_messages
dependabot_secrets deployments discussions emails environments followers gists git_signing_ssh_public_keys
gpg_keys interaction_limits issues keys members merge_queues metadata organization_actions_variables
organization_administration organization_announcement_banners organization_api_insights
organization_codespaces organization_codespaces_secrets organization_codespaces_settings
organization_copilot_seat_management organization_custom_org_roles organization_custom_properties
organization_custom_roles organization_dependabot_secrets organization_events organization_hooks
organization_knowledge_bases organization_packages organization_personal_access_token_requests
organization_personal_access_tokens organization_plan organization_pre_receive_hooks organization_projects
organization_secrets organization_self_hosted_runners organization_user_blocking packages pages plan profile
pull_requests repository_advisories repository_custom_properties repository_hooks repository_pre_receive_hooks
repository_projects secret_scanning_alerts secrets security_events single_file starring statuses
team_discussions user_events vulnerability_alerts watching workflows
";

/// Returns whether octo-sts knows a permission. It refuses a policy with another one.
pub(super) fn is_known(name: &str) -> bool {
    NAMES.split_ascii_whitespace().any(|known| known == name)
}
