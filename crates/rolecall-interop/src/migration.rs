//! Migration of GitHub's subjects to those with ids: `repo:OWNER@ID/NAME@ID:…` instead of `repo:OWNER/NAME:…`.
//!
//! Repositories that are created, renamed or transferred since July 2026 have the new form, and others on demand. ("OpenID
//! Connect reference" of GitHub, "Immutable subject claims".) So both forms stand beside each other at first.

mod rewrite;
mod subject;

use crate::projects::Projects;
use rolecall_analysis::{Answer, Budget, difference};
use rolecall_engine::ir::{Formula, Profile, Question};
use rolecall_engine::pattern::{Pattern, WildcardPiece};
use rolecall_engine::{CompileError, PolicySet, Source};
use subject::Repositories;

/// A step of the migration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Adds the new form beside the old one.
    AddNew,
    /// Removes each old form that has the new one beside it.
    DropOld,
}

/// The migration of a policy set.
#[derive(Debug)]
#[non_exhaustive]
pub struct Migration {
    /// The files that change, each with its new text.
    pub files: Vec<(Source, String)>,
    /// The number of subjects that are added or removed.
    pub subjects: usize,
    /// The subjects that stay as they are.
    pub left: Vec<LeftSubject>,
    /// The roles that more tokens would get than the step is for, or for which that is not decided.
    pub gains: Vec<(String, Answer)>,
}

/// A subject that is not migrated.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LeftSubject {
    /// The name of its file.
    pub file: String,
    /// The line and the column of the text, from 1.
    pub place: (usize, usize),
    /// The text as written.
    pub text: String,
    /// The reason.
    pub reason: &'static str,
}

/// Migrates the subjects in the roles, conditions and guards of a policy set. After [`Step::AddNew`] it is proved that the tokens
/// that get a role in addition are those of the same repositories, with their ids; after [`Step::DropOld`] that no other
/// token gets one.
///
/// # Errors
/// The new text does not compile.
pub fn migrate(set: &PolicySet, projects: &Projects, step: Step) -> Result<Migration, CompileError> {
    let program = set.program();
    let mut migration = Migration {
        files: Vec::new(),
        subjects: 0,
        left: Vec::new(),
        gains: Vec::new(),
    };
    let mut all = Vec::new();
    let mut repositories = Vec::new();
    for (file, source) in program.own_files() {
        if program.is_foreign(file) {
            continue;
        }
        let rewritten = rewrite::of(source, projects, step);
        migration.subjects = migration.subjects.saturating_add(rewritten.edits);
        repositories.extend(rewritten.repositories);
        migration.left.extend(rewritten.left);
        all.push(Source::new(&*source.name, rewritten.text.as_str()));
        if rewritten.edits > 0 {
            migration.files.push((source.clone(), rewritten.text));
        }
    }
    if migration.files.is_empty() {
        return Ok(migration);
    }
    let after = PolicySet::compile(all)?;
    let others = match step {
        Step::AddNew => after.with_conditions(|clause, condition| {
            let profile = &after.program().issuers()[clause.issuer].profile;
            match of_others(profile, &repositories) {
                Some(others) => Formula::All([condition.clone(), others].into()),
                None => condition.clone(),
            }
        }),
        Step::DropOld => after,
    };
    let changes = difference(set, &others, Budget::default());
    let gains = changes
        .into_iter()
        .filter(|change| change.gained != Answer::Nothing);
    migration.gains = gains
        .map(|change| (change.new.or(change.old).unwrap_or_default(), change.gained))
        .collect();
    Ok(migration)
}

/// Returns the condition for tokens of other repositories; nothing if the profile lacks the ids.
fn of_others(profile: &Profile, repositories: &[Repositories]) -> Option<Formula> {
    let claim = |name: &str| profile.claim_by_path(&[name.to_owned()]);
    let owner_id = claim("repository_owner_id")?;
    let (repository, id) = (claim("repository")?, claim("repository_id")?);
    let is = |claim, pieces: &[WildcardPiece]| {
        let pattern = Pattern::Like(pieces.iter().cloned().collect());
        Formula::compare(claim, Question::Pattern([pattern].into()))
    };
    let text = |text: &str| WildcardPiece::Text(text.into());
    let mut known: Vec<Formula> = Vec::new();
    for one in repositories {
        let mut parts = vec![is(owner_id, &[text(&one.owner_id)])];
        match &one.repository {
            Some((name, number)) => {
                parts.push(is(repository, &[text(&format!("{}/{name}", one.owner))]));
                parts.push(is(id, &[text(number)]));
            }
            None => parts.push(is(
                repository,
                &[text(&format!("{}/", one.owner)), WildcardPiece::Run],
            )),
        }
        known.push(Formula::All(parts.into()));
    }
    // A token without ids is one of others.
    let lacks = |claim| Formula::Not(Formula::compare(claim, Question::Present).into());
    let other = Formula::Not(Formula::Any(known.into()).into());
    Some(Formula::Any(
        [other, lacks(owner_id), lacks(id), lacks(repository)].into(),
    ))
}
