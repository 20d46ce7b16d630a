//! Oddities of tokens: known reasons that a token nearly gets a role.

use super::change::Change;
use super::ties;
use rolecall_engine::ir::{Clause, Question, Trust, TrustedIssuer};
use rolecall_engine::{ClaimId, Object, Value, without_ids};
use std::fmt;

/// A known oddity of a token that nearly gets a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Oddity {
    /// The values differ in the case of letters only.
    Case,
    /// The names are those of the role, and the ids are not.
    Ids,
    /// The values are the same, and the token has one of them as a JSON number or bool instead of a string.
    JsonForm,
    /// The token is from a merge request or a pull request.
    MergeRequest,
    /// The ref is the same, but one has `refs/heads/` or `refs/tags/` in front of it.
    RefPrefix,
    /// The project has the right name in another namespace, or runs the pipeline of another one.
    Fork,
    /// The token has several audiences.
    SeveralAudiences,
    /// The `sub` names the same project, with ids beside the names or without.
    SubjectIds,
    /// The environment is spelled in another way.
    EnvironmentSpelling,
    /// The token is from a tag, and the role is for a branch.
    Tag,
}

impl Oddity {
    /// Returns a stable code: `case`, `environment_spelling`, `fork`, `ids`, `json_form`, `merge_request`,
    /// `ref_prefix`, `several_audiences`, `subject_ids` or `tag`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Case => "case",
            Self::EnvironmentSpelling => "environment_spelling",
            Self::Fork => "fork",
            Self::Ids => "ids",
            Self::JsonForm => "json_form",
            Self::MergeRequest => "merge_request",
            Self::RefPrefix => "ref_prefix",
            Self::SeveralAudiences => "several_audiences",
            Self::SubjectIds => "subject_ids",
            Self::Tag => "tag",
        }
    }

    /// Returns the next step. It never is to widen the policy.
    pub fn help(self) -> &'static str {
        match self {
            Self::Case => {
                "spell it the same in the policy and in the CI system: comparisons are case-sensitive"
            }
            Self::EnvironmentSpelling => {
                "use one spelling of the environment in the pipeline and in the policy"
            }
            Self::Fork => "run the job in the project that the role names",
            Self::JsonForm => "write the value in double quotes in the claims, as tokens have it",
            Self::Ids => "find out who owns the name now before you change an id in the policy",
            Self::MergeRequest => "run the job in the pipeline of a branch",
            Self::RefPrefix => {
                "write `ref` as the CI system does: `main` for GitLab, `refs/heads/main` for GitHub Actions"
            }
            Self::SeveralAudiences => "ask for a token with one audience",
            Self::SubjectIds => {
                "compare the claims instead of `sub`, with the ids: `repository` and `repository_id`"
            }
            Self::Tag => "run the job on the branch",
        }
    }
}

impl fmt::Display for Oddity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Case => "only the case of letters differs",
            Self::EnvironmentSpelling => "the environment is spelled in another way",
            Self::Fork => "the token is from a fork, or from a project of this name in another namespace",
            Self::JsonForm => "the value is the same, but not a string: tokens of this issuer have it as one",
            Self::Ids => "the names are the same, and the ids are not: another owner may have the name now",
            Self::MergeRequest => "the token is from a merge request",
            Self::RefPrefix => "the ref is the same, with and without its prefix",
            Self::SeveralAudiences => "the token has several audiences",
            Self::SubjectIds => "the names in `sub` are the same, and only one `sub` has ids beside them",
            Self::Tag => "the token is from a tag, and the role is for a branch",
        })
    }
}

/// Returns the oddity that some changes show.
pub(super) fn of(
    issuer: &TrustedIssuer,
    token: &Object,
    (changes, follows): (&[Change], &[Change]),
    changed: &[ClaimId],
    names: &[ClaimId],
) -> Option<Oddity> {
    let profile = &issuer.profile;
    let of_claim = |name: &str| changes.iter().find(|change| change.claim == name);
    let from = |name: &str| text(of_claim(name)?.from.as_ref());
    let to = |name: &str| text(of_claim(name)?.to.as_ref());
    if changes.is_empty() {
        let subject = follows.iter().find(|change| change.claim == "sub")?;
        let [from, to] = [&subject.from, &subject.to].map(|value| text(value.as_ref()));
        return (without_ids(from?) == without_ids(to?)).then_some(Oddity::SubjectIds);
    }
    if let Some(Value::List(audiences)) = of_claim("aud").and_then(|change| change.from.as_ref())
        && audiences.len() > 1
    {
        return Some(Oddity::SeveralAudiences);
    }
    if changes.iter().all(is_other_form) {
        return Some(Oddity::JsonForm);
    }
    let both = changes
        .iter()
        .map(|change| Some((text(change.from.as_ref())?, text(change.to.as_ref())?)));
    let both: Option<Vec<(&str, &str)>> = both.collect();
    let all = |test: &dyn Fn(&str, &str) -> bool| {
        both.as_ref()
            .is_some_and(|both| both.iter().all(|(from, to)| test(from, to)))
    };
    if all(&|from, to| from.to_lowercase() == to.to_lowercase()) {
        return Some(Oddity::Case);
    }
    let are_same_ref = |one: &str, other: &str| {
        let mut starts = ties::REFS.into_iter();
        starts.any(|(start, _)| {
            one.strip_prefix(start) == Some(other) || other.strip_prefix(start) == Some(one)
        })
    };
    if let (Some(from), Some(to)) = (from("ref"), to("ref"))
        && are_same_ref(from, to)
    {
        return Some(Oddity::RefPrefix);
    }
    let is_id = |claim: &ClaimId| profile[*claim].tenant && profile[*claim].trust == Trust::Immutable;
    let is_of_job = |change: &Change| change.claim.starts_with("job_");
    if changed.iter().all(is_id) && !names.is_empty() && !changes.iter().all(is_of_job) {
        return Some(Oddity::Ids);
    }
    let is_request = |value: &str| {
        matches!(
            value,
            "merge_request_event" | "external_pull_request_event" | "pull_request" | "pull_request_target"
        ) || value.starts_with("refs/merge-requests/")
            || value.starts_with("refs/pull/")
    };
    let sources = ["pipeline_source", "event_name", "ref", "ref_path"];
    let is_of_request = sources
        .into_iter()
        .any(|name| text(token.get(name)).is_some_and(is_request));
    let is_of_ref = |name: &str| of_claim(name).is_some();
    if is_of_request
        && sources
            .into_iter()
            .chain(["ref_type", "ref_protected"])
            .any(is_of_ref)
    {
        return Some(Oddity::MergeRequest);
    }
    let is_namesake = |claim: &ClaimId| {
        let definition = &profile[*claim];
        let name = definition.to_string();
        let (Some(from), Some(to)) = (from(&name), to(&name)) else {
            return false;
        };
        let split = |path: &str| {
            let path = path.to_lowercase();
            path.rsplit_once('/')
                .map(|(parent, last)| (parent.to_owned(), last.to_owned()))
        };
        match (split(from), split(to)) {
            (Some((own, from)), Some((other, to))) => definition.tenant && from == to && own != other,
            _ => false,
        }
    };
    if is_foreign_job(token) && changes.iter().any(is_of_job) || changed.iter().any(is_namesake) {
        return Some(Oddity::Fork);
    }
    let is_tag = from("ref_type") == Some("tag") && to("ref_type") == Some("branch");
    let is_tag_ref = |name: &str| {
        from(name).is_some_and(|from| from.starts_with("refs/tags/"))
            && to(name).is_some_and(|to| to.starts_with("refs/heads/"))
    };
    if is_tag || is_tag_ref("ref") || is_tag_ref("ref_path") {
        return Some(Oddity::Tag);
    }
    match (from("environment"), to("environment")) {
        (Some(from), Some(to)) if are_alike(from, to) => Some(Oddity::EnvironmentSpelling),
        _ => None,
    }
}

/// Returns true if a claim must only become the string of its number or bool.
fn is_other_form(change: &Change) -> bool {
    let wanted = text(change.to.as_ref());
    match &change.from {
        Some(Value::Int(number)) => wanted.is_some_and(|wanted| wanted == number.to_string()),
        Some(Value::Bool(value)) => wanted.is_some_and(|wanted| wanted == value.to_string()),
        _ => false,
    }
}

fn text(value: Option<&Value>) -> Option<&str> {
    value.and_then(Value::as_text)
}

/// Returns true if a token's job runs in another project than its pipeline's.
fn is_foreign_job(token: &Object) -> bool {
    let differs = |job: &str, own: &str| token.get(job).is_some_and(|value| Some(value) != token.get(own));
    differs("job_project_id", "project_id") || differs("job_project_path", "project_path")
}

/// Returns true if two names of environments are spellings of one: `prod` and `production`, `PROD`, `pro-duction`.
fn are_alike(one: &str, other: &str) -> bool {
    /// The fewest letters that a name and its short form share.
    const SHARED: usize = 3;
    let is_word = |name: &str| name.chars().all(char::is_alphanumeric);
    let letters = |name: &str| -> String {
        let letters = name.chars().filter(|letter| letter.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    let are_words = is_word(one) && is_word(other);
    let (one, other) = (letters(one), letters(other));
    let (short, long) = if one.len() <= other.len() {
        (one, other)
    } else {
        (other, one)
    };
    short == long || (are_words && short.len() >= SHARED && long.starts_with(&short))
}

/// Returns the claims whose exact names some clauses of an issuer require.
pub(super) fn exact_names<'c>(
    issuer: &TrustedIssuer,
    clauses: impl Iterator<Item = &'c Clause>,
) -> Vec<ClaimId> {
    let mut names = Vec::new();
    for condition in clauses.flat_map(Clause::conditions) {
        condition.each_atom(&mut |atom, _| {
            let definition = &issuer.profile[atom.claim];
            let is_name = definition.tenant && definition.trust == Trust::Recyclable;
            if is_name && matches!(atom.question, Question::OneOf(_) | Question::Filled(_)) {
                names.push(atom.claim);
            }
        });
    }
    names
}
