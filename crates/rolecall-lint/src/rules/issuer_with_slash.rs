//! URLs of known issuers with a slash at their end.

use crate::context::RuleContext;
use crate::finding::Finding;
use crate::fix::{Edit, Fix};
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Safety, Severity};
use rolecall_engine::Location;
use rolecall_syntax::ast::IssuerMember;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "issuer-with-slash",
        summary: "the URL of a known issuer ends with a slash, which its tokens do not have",
        category: Category::Logic,
        severity: Severity::High,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: Some(Safety::Unsafe),
        page: include_str!("../../docs/issuer-with-slash.md"),
    },
    check: Check::Set(check),
};

/// Profiles of CI systems whose tokens never have a slash at the end of `iss`, on a server of your own either.
const WITHOUT_SLASH: [&str; 7] = [
    "bitbucket",
    "buildkite",
    "circleci",
    "github-actions",
    "gitlab-ci",
    "gitlab-ci-custom-sub",
    "terraform-cloud",
];

fn check(context: &mut RuleContext<'_, '_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, written, issuer) in context.issuers() {
        let url = issuer.issuer.url.as_str();
        let bare = url.trim_end_matches('/');
        let profile = &issuer.profile;
        let mut names = std::iter::once(&profile.name).chain(&profile.extends);
        let has_none = issuer.is_shared() || names.any(|name| WITHOUT_SLASH.contains(&name.as_str()));
        if bare == url || !has_none {
            continue;
        }
        for member in &written.members {
            let IssuerMember::Url(text) = &member.node else {
                continue;
            };
            let location = Location::new(file, text.span);
            let edit = Edit::new(location, format!("\"{bare}\""));
            let fix = Fix::new(Safety::Unsafe, format!("write `{bare}`"), vec![edit]);
            findings.push(
                Finding::new(&RULE.info, location, format!("no token is from `{url}`"))
                    .label("tokens have the URL without the slash")
                    .help(format!(
                        "write `{bare}`: issuers are compared character by character"
                    ))
                    .fix(fix),
            );
        }
    }
    findings
}
