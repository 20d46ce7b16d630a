//! Rules for policies of an exchange, beyond those of the language.

use rolecall_engine::{Part, PolicySet, Template};

use super::place;
use crate::config::IssuerUrl;
use crate::failure::Failure;
use crate::signing::AWS_AUDIENCE;

/// The maximum length of a role's name in bytes: `role:NAME` fits into the subjects that relying parties compare.
const MAX_NAME: usize = 100;

/// The grants by which requests choose a role. Several roles of a token cannot share one, and each has one text.
pub(crate) const CHOSEN_BY: [&str; 7] = [
    "audience",
    "aws_role",
    "gcp_provider",
    "gcp_service_account",
    "azure_client",
    "vault_role",
    "octo_sts",
];

/// Returns the faults of a set.
pub(super) fn faults(set: &PolicySet, own: &IssuerUrl) -> Vec<Failure> {
    let issuers = set
        .issuers()
        .filter(|issuer| own.is_same(&issuer.url))
        .map(|issuer| {
            Failure::new(format!(
                "the issuer `{}` of the policies is this exchange",
                issuer.name
            ))
            .help("an exchange never trusts itself: remove the issuer")
        });
    let faults = issuers
        .chain(names(set))
        .chain(lists(set))
        .chain(audiences(set, own));
    faults.chain(audience_of_aws(set)).collect()
}

/// Refuses names that some relying party may take for another one: names in lower case differ without case, too.
fn names(set: &PolicySet) -> impl Iterator<Item = Failure> {
    set.program().roles().values().filter_map(|role| {
        let (name, place) = (&role.name, place(set, role.location));
        let rule = if name.len() > MAX_NAME {
            "is longer than 100 bytes"
        } else if **name != *name.to_lowercase() {
            "is not in lower case"
        } else {
            return None;
        };
        let failure = Failure::new(format!("{place}: the role name `{name}` {rule}"));
        Some(
            failure
                .help("role tokens have the name in `sub`, which relying parties compare: rename the role"),
        )
    })
}

/// Refuses lists of texts of grants by which requests choose a role: what is issued would be for the first one.
fn lists(set: &PolicySet) -> impl Iterator<Item = Failure> {
    set.program().roles().values().filter_map(|role| {
        let count = |wanted: &str| role.grants.iter().filter(|name| ***name == *wanted).count();
        let grant = CHOSEN_BY.into_iter().find(|grant| count(grant) > 1)?;
        let place = place(set, role.location);
        let message = format!(
            "{place}: the grant `{grant}` of role `{}` has several texts",
            role.name
        );
        Some(Failure::new(message).help("only `secrets` may have a list: write a role for each text"))
    })
}

/// Refuses audiences that would let a role token in where job tokens are taken.
fn audiences(set: &PolicySet, own: &IssuerUrl) -> impl Iterator<Item = Failure> {
    let program = set.program();
    let taken = move |template: &Template| {
        let mut audiences = set.issuers().flat_map(|issuer| &issuer.audiences);
        let is_own = matches!(template.parts.as_slice(), [Part::Text(whole)] if own.is_same(whole));
        is_own || may_be(template, own.as_str()) || audiences.any(|audience| may_be(template, audience))
    };
    program.roles().iter().flat_map(move |(id, role)| {
        let grants = role.grants.iter().position(|name| **name == *"audience");
        let clauses = program.clauses(id).iter();
        let mut refused = clauses.filter(move |clause| {
            let template = grants.and_then(|at| clause.grants().get(at));
            template.is_some_and(taken)
        });
        refused.next().map(|clause| {
            let place = place(set, clause.location);
            let message = format!(
                "{place}: the grant `audience` of role `{}` can be the exchange's issuer, or an audience of job tokens",
                role.name
            );
            Failure::new(message).help("a role token must not be taken for a job's token: use another audience")
        })
    })
}

/// Refuses job tokens for the audience that the role tokens for AWS have.
fn audience_of_aws(set: &PolicySet) -> Option<Failure> {
    let mut roles = set.program().roles().values();
    let role = roles.find(|role| role.grants.iter().any(|name| **name == *"aws_role"))?;
    let issuer = set.issuers().find(|issuer| {
        let mut audiences = issuer.audiences.iter();
        audiences.any(|audience| audience.eq_ignore_ascii_case(AWS_AUDIENCE))
    })?;
    let message = format!(
        "{}: the role tokens of `{}` for AWS have the audience `{AWS_AUDIENCE}`, which issuer `{}` has for job tokens",
        place(set, role.location),
        role.name,
        issuer.name
    );
    Some(
        Failure::new(message)
            .help("a role token must not be taken for a job's token: give job tokens another audience"),
    )
}

/// Returns whether a template may give a text, whatever the claims in it are: the text begins and ends as the template
/// does. The letter case and a slash at the end are ignored.
fn may_be(template: &Template, text: &str) -> bool {
    let normal = |text: &str| text.to_lowercase();
    let text = normal(text);
    let text = text.trim_end_matches('/');
    let edge = |part: Option<&Part>| match part {
        Some(Part::Text(text)) => normal(text),
        _ => String::new(),
    };
    if let [Part::Text(whole)] = template.parts.as_slice() {
        return normal(whole).trim_end_matches('/') == text;
    }
    let (first, last) = (edge(template.parts.first()), edge(template.parts.last()));
    text.starts_with(first.trim_end_matches('/')) && text.ends_with(last.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use rolecall::Source;

    use super::*;

    fn refused(audience: &str, name: &str) -> Vec<String> {
        refused_grant(&format!("audience = \"{audience}\""), name)
    }

    fn refused_grant(grant: &str, name: &str) -> Vec<String> {
        let policy = format!(
            "edition 2026
             issuer gitlab {{ url \"https://gitlab.com\" profile gitlab-ci audience \"https://vault.acme.example\" }}
             role {name} {{
               allow from gitlab when project_id == \"1\" && ref == \"main\"
               grant {grant}
             }}"
        );
        let set = PolicySet::compile([Source::new("p.policy", policy)]).unwrap();
        let own = IssuerUrl::try_from("https://sts.acme.example".to_owned()).unwrap();
        faults(&set, &own).iter().map(Failure::line).collect()
    }

    #[test]
    fn audiences_of_job_tokens_are_refused() {
        for good in [
            "sts.amazonaws.com",
            "https://deploy.acme.example",
            "https://{project_id}.deploy.example",
            "https://deploy.acme.example/{project_id}",
            "https://sts.acme.example/deploy",
        ] {
            assert_eq!(refused(good, "deploy"), [""; 0], "{good}");
        }
        for bad in [
            "https://vault.acme.example",
            "https://sts.acme.example",
            "https://STS.acme.example/",
            "https://{ref}.acme.example",
            "{project_id}",
            "https://sts.acme.example/{project_id}",
        ] {
            assert_eq!(refused(bad, "deploy").len(), 1, "{bad}");
        }
    }

    #[test]
    fn only_secrets_may_have_a_list() {
        assert_eq!(refused_grant("secrets = [\"a/*\", \"b/**\"]", "deploy"), [""; 0]);
        assert_eq!(refused_grant("aws_role = [\"a\", \"b\"]", "deploy").len(), 1);
        // The second one is an audience of job tokens.
        let both = "audience = [\"a\", \"https://vault.acme.example\"]";
        assert!(!refused_grant(both, "deploy").is_empty());
    }

    #[test]
    fn names_that_differ_in_case_only_are_refused() {
        assert_eq!(refused("a", "Deploy").len(), 1);
        assert_eq!(refused("a", &"d".repeat(101)).len(), 1);
        assert_eq!(refused("a", &"d".repeat(100)).len(), 0);
    }
}
