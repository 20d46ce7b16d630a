//! Proofs about documents of a target: they are read like any others, and compared with the role.

use super::Refusal;
use super::part::Document;
use crate::beside::{with_derived_subject, without_grants};
use crate::notice::NoticeKind;
use crate::translation::{Fidelity, ForeignFile, Profiles, translate};
use rolecall_analysis::{Analysis, Coverage, Outcome, Undecided, Witness};
use rolecall_engine::ir::Formula;
use rolecall_engine::{Location, ParsedFile, PolicySet, RoleId, Source};
use std::collections::BTreeMap;

/// The policies of a role, to be compared with documents. Grants are left out: other systems have none.
pub(super) struct Proofs<'p> {
    files: Vec<ParsedFile>,
    profiles: Profiles,
    role: &'p str,
}

/// The result of a comparison.
pub(super) enum Comparison {
    /// Exactly the same tokens get in.
    Equal,
    /// Fewer tokens get in: this one does not.
    Narrower(Box<Witness>),
    /// This token gets in, and does not get the role.
    Wider(Box<Witness>),
    NotDecided(Undecided),
}

impl<'p> Proofs<'p> {
    pub(super) fn new(set: &PolicySet, configured: BTreeMap<String, String>, role: &'p str) -> Self {
        let program = set.program();
        let own = program.own_files().filter(|(file, _)| !program.is_foreign(*file));
        Self {
            files: own.map(|(_, source)| plain(source)).collect(),
            profiles: Profiles::new(configured).beside(set),
            role,
        }
    }

    /// Compares documents with the part of the role for the tokens of some issuers.
    ///
    /// # Errors
    /// The target's own reader refuses the documents, or does not say exactly who gets in.
    pub(super) fn compare(&self, documents: &[Document], issuers: &[&str]) -> Result<Comparison, Refusal> {
        let files = documents.iter().map(|document| {
            let source = Source::new(document.name.as_str(), document.text.as_str());
            ForeignFile::read(source).map_err(|_| unread(&document.name))
        });
        let files: Vec<ForeignFile> = files.collect::<Result<_, Refusal>>()?;
        let translation = translate(&files, &self.profiles);
        let is_exact = |fidelity: &Fidelity| matches!(fidelity, Fidelity::Exact);
        if translation.coverage.roles.is_empty()
            || !translation
                .coverage
                .roles
                .iter()
                .all(|role| is_exact(&role.fidelity))
        {
            let mut notices = translation.notices.iter().flatten();
            return Err(match notices.find(|notice| notice.kind != NoticeKind::Odd) {
                Some(notice) => Refusal {
                    message: notice.message.clone(),
                    help: notice.help.clone(),
                },
                None => unread(
                    &documents
                        .iter()
                        .map(|document| document.name.as_str())
                        .collect::<Vec<_>>()
                        .join("`, `"),
                ),
            });
        }
        let all = self.files.iter().cloned().chain(translation.files);
        let set = PolicySet::compile_files(all).map_err(|error| Refusal {
            message: format!("the documents cannot be compared with the policies: {error}"),
            help: "report this as a bug".to_owned(),
        })?;
        let written = translation.coverage.roles.iter();
        let written: Vec<&str> = written.map(|role| role.name.as_str()).collect();
        let role = |name: &str| set.program().role(name);
        let written: Option<Vec<RoleId>> = written.into_iter().map(role).collect();
        match role(self.role).zip(written) {
            Some((role, written)) => Ok(compared(&set, role, &written, issuers)),
            None => Err(unread(self.role)),
        }
    }
}

fn compared(set: &PolicySet, role: RoleId, written: &[RoleId], issuers: &[&str]) -> Comparison {
    let mut analysis = Analysis::new(set);
    for one in written {
        match analysis.implies(*one, role) {
            Outcome::Proved => {}
            Outcome::Refuted(Some(witness)) => return Comparison::Wider(witness),
            Outcome::NotDecided(reason) => return Comparison::NotDecided(reason),
            _ => return Comparison::NotDecided(Undecided::Claims { limit: 0 }),
        }
    }
    let honest = honest(set, role, issuers);
    match Analysis::new(&honest).covered(role, written) {
        Coverage::Not(witness) => Comparison::Narrower(witness),
        Coverage::NotDecided(reason) => Comparison::NotDecided(reason),
        Coverage::By(_) => Comparison::Equal,
        _ => Comparison::NotDecided(Undecided::Claims { limit: 0 }),
    }
}

/// Returns a policy file as it is compared.
fn plain(source: &Source) -> ParsedFile {
    let text = rolecall_syntax::print(&without_grants(source));
    ParsedFile::new(Source::new(&*source.name, text))
}

/// Returns a set in which a role is for the tokens of some issuers alone, and for those whose subjects are as their profiles say.
fn honest(set: &PolicySet, role: RoleId, issuers: &[&str]) -> PolicySet {
    let program = set.program();
    let clauses: Vec<Location> = program
        .clauses(role)
        .iter()
        .map(|clause| clause.location)
        .collect();
    set.with_conditions(|clause, condition| {
        let trusted = &program.issuers()[clause.issuer];
        if !clauses.contains(&clause.location) {
            return condition.clone();
        }
        if !issuers.contains(&trusted.issuer.url.as_str()) {
            return Formula::never();
        }
        with_derived_subject(trusted, condition)
    })
}

fn unread(name: &str) -> Refusal {
    Refusal {
        message: format!("`{name}` would not be read back as it is written"),
        help: "report this as a bug".to_owned(),
    }
}
