//! Subjects of GitHub, in both forms.

use crate::projects::Projects;

/// The repositories that a subject is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Repositories {
    pub(super) owner: String,
    pub(super) owner_id: String,
    /// The name and the id of one repository; none if all of the owner are meant.
    pub(super) repository: Option<(String, String)>,
}

/// A subject in the other form.
#[derive(Debug)]
pub(super) struct Immutable {
    pub(super) text: String,
    pub(super) of: Repositories,
}

/// The form of a text.
#[derive(Debug)]
pub(super) enum Form {
    /// It is not a subject of a repository.
    Other,
    /// It has ids.
    New,
    /// It has names alone, and this is the new form.
    Old(Immutable),
    /// It has names alone, and the new form is not known for this reason.
    Unknown(&'static str),
}

/// Returns the form of a text as it is written in a policy, where `*` and `?` are wildcards if it is a pattern.
pub(super) fn form(written: &str, is_pattern: bool, projects: &Projects) -> Form {
    let Some((owner, rest)) = written
        .strip_prefix("repo:")
        .and_then(|rest| rest.split_once('/'))
    else {
        return Form::Other;
    };
    if owner.contains('@') {
        return Form::New;
    }
    let is_wild = |text: &str| is_pattern && text.contains(['*', '?']);
    if owner.contains(':') {
        return Form::Other;
    }
    if written.contains('\\') {
        return Form::Unknown("it has an escape");
    }
    if is_wild(owner) {
        return Form::Unknown("any owner fits it");
    }
    let (name, tail) = match rest.split_once(':') {
        Some((name, tail)) => (name, format!(":{tail}")),
        // Without a rest, only a pattern is about any token.
        None if is_wild(rest) => (rest, String::new()),
        None => return Form::Unknown("no token has it, because a subject says more than the repository"),
    };
    if name.contains('@') {
        return Form::New;
    }
    let of = |owner_id: &str, repository| Repositories {
        owner: owner.to_owned(),
        owner_id: owner_id.to_owned(),
        repository,
    };
    if is_wild(name) {
        let Some(owner_id) = projects.github_owner(owner) else {
            return Form::Unknown("no dump has the id of its owner");
        };
        // A run at the end has the id, too.
        let id = if name.ends_with('*') { "" } else { "@*" };
        return Form::Old(Immutable {
            text: format!("repo:{owner}@{owner_id}/{name}{id}{tail}"),
            of: of(owner_id, None),
        });
    }
    match projects.github_repository(&format!("{owner}/{name}")) {
        Some((id, owner_id)) => Form::Old(Immutable {
            text: format!("repo:{owner}@{owner_id}/{name}@{id}{tail}"),
            of: of(owner_id, Some((name.to_owned(), id.to_owned()))),
        }),
        None => Form::Unknown("no dump has the ids of the repository"),
    }
}
