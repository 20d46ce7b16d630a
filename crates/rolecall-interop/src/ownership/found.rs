//! Names of projects and owners in conditions.

use rolecall_engine::PolicySet;
use rolecall_engine::Typed;
use rolecall_engine::ir::{Atom, Clause, Formula, Profile, Question};
use rolecall_engine::pattern::{Pattern, WildcardPiece};

/// A name in a clause of a role.
pub(super) struct Found {
    pub(super) issuer: String,
    pub(super) path: String,
    pub(super) is_owner: bool,
    /// The ids that the clause compares, too.
    pub(super) ids: Vec<String>,
    pub(super) role: String,
}

/// The claims with the path of a project, and the text before it in those of files.
const PROJECTS: &[&str] = &["project_path", "repository", "job_project_path"];
/// The claims with the path of an owner.
const OWNERS: &[&str] = &["namespace_path", "repository_owner", "job_namespace_path"];
/// The claims with a workflow file of a project.
const FILES: &[&str] = &["workflow_ref", "job_workflow_ref", "ci_config_ref_uri"];
/// The claims with the id of a project, and of an owner.
const IDS: &[&str] = &["project_id", "repository_id"];
const OWNER_IDS: &[&str] = &["namespace_id", "repository_owner_id"];

/// Returns the names in all clauses, with their guards.
pub(super) fn found(set: &PolicySet) -> Vec<Found> {
    let program = set.program();
    let mut all = Vec::new();
    for (id, role) in program.roles().iter() {
        for clause in program.clauses(id) {
            let issuer = &program.issuers()[clause.issuer];
            let texts = texts(&issuer.profile, clause);
            let of = |names: &[&str]| -> Vec<String> {
                let same = texts
                    .iter()
                    .filter(|text| names.contains(&text.claim.as_str()) && text.is_whole);
                same.map(|text| text.text.clone()).collect()
            };
            let (ids, owner_ids) = (of(IDS), of(OWNER_IDS));
            for text in &texts {
                if let Some((path, is_owner, inner)) = names(text) {
                    let of_clause = if is_owner { &owner_ids } else { &ids };
                    all.push(Found {
                        issuer: issuer.issuer.url.clone(),
                        path,
                        is_owner,
                        ids: inner.map_or_else(|| of_clause.clone(), |id| vec![id]),
                        role: role.name.to_string(),
                    });
                }
            }
        }
    }
    all
}

/// A text that a claim is compared with, or the beginning of a pattern.
struct Text {
    claim: String,
    text: String,
    is_whole: bool,
}

fn texts(profile: &Profile, clause: &Clause) -> Vec<Text> {
    let mut texts = Vec::new();
    let guards = clause.guards().iter().map(|guard| &guard.condition);
    let conditions: Vec<&Formula> = std::iter::once(&clause.condition).chain(guards).collect();
    for condition in conditions {
        each_that_holds(condition, true, &mut |atom| {
            let [claim] = profile[atom.claim].path.as_slice() else {
                return;
            };
            let mut add = |text: String, is_whole| {
                texts.push(Text {
                    claim: claim.clone(),
                    text,
                    is_whole,
                });
            };
            match &atom.question {
                Question::OneOf(literals) => literals.iter().for_each(|literal| {
                    if let Typed::Text(text) = literal {
                        add(text.to_string(), true);
                    }
                }),
                Question::Pattern(patterns) => patterns.iter().for_each(|pattern| {
                    if let Some(text) = beginning(pattern) {
                        add(text, false);
                    }
                }),
                _ => {}
            }
        });
    }
    texts
}

/// Calls `show` with each comparison that holds for a token that gets in, unless another one does: none behind a `!`.
fn each_that_holds<'f>(condition: &'f Formula, holds: bool, show: &mut dyn FnMut(&'f Atom)) {
    match condition {
        Formula::All(parts) | Formula::Any(parts) => {
            parts.iter().for_each(|part| each_that_holds(part, holds, show));
        }
        Formula::Not(part) => each_that_holds(part, !holds, show),
        Formula::Atom(atom, _) if holds => show(atom),
        Formula::Atom(..) | Formula::External(..) | Formula::Unknown => {}
    }
}

/// Returns the text with which all values of a pattern begin.
fn beginning(pattern: &Pattern) -> Option<String> {
    match pattern {
        Pattern::Under(path) => Some(format!("{path}/")),
        Pattern::Like(wildcard) => match wildcard.pieces().first()? {
            WildcardPiece::Text(text) => Some(text.to_string()),
            WildcardPiece::One | WildcardPiece::Run => None,
        },
        Pattern::Glob(glob) => {
            let first = glob.to_string();
            let end = first.find(['*', '?']).unwrap_or(first.len());
            first.get(..end).map(str::to_owned)
        }
        _ => None,
    }
}

/// Returns the path in a text, whether it is that of an owner, and the id in it.
fn names(text: &Text) -> Option<(String, bool, Option<String>)> {
    let claim = text.claim.as_str();
    let whole = |path: &str| Some((path.to_owned(), OWNERS.contains(&claim), None));
    if PROJECTS.contains(&claim) || OWNERS.contains(&claim) {
        return match text.is_whole {
            true => whole(&text.text),
            false => owner(&text.text),
        };
    }
    if FILES.contains(&claim) {
        let end = ["/.github/workflows/", "//"]
            .iter()
            .find_map(|end| text.text.find(end))?;
        let path = text.text.get(..end)?;
        // The name of the server is before a project of GitLab.
        let path = match claim {
            "ci_config_ref_uri" => path.split_once('/')?.1,
            _ => path,
        };
        return Some((path.to_owned(), false, None));
    }
    if claim != "sub" {
        return None;
    }
    let rest = ["project_path:", "repo:"]
        .iter()
        .find_map(|start| text.text.strip_prefix(start))?;
    let Some((path, _)) = rest.split_once(':') else {
        return match text.is_whole {
            true => whole(&plain(rest).0),
            false => owner(&plain(rest).0),
        };
    };
    let (path, id) = plain(path);
    Some((path, false, id))
}

/// Returns the owner of a path that is not complete.
fn owner(text: &str) -> Option<(String, bool, Option<String>)> {
    let (owner, _) = text.rsplit_once('/')?;
    Some((owner.to_owned(), true, None))
}

/// Returns a path without the ids of an immutable subject, and the id of the project.
fn plain(path: &str) -> (String, Option<String>) {
    let mut id = None;
    let names = path.split('/').map(|part| match part.split_once('@') {
        Some((name, number)) => {
            id = Some(number.to_owned());
            name
        }
        None => {
            id = None;
            part
        }
    });
    let names: Vec<&str> = names.collect();
    (names.join("/"), id)
}
