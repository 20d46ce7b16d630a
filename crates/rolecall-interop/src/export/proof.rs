//! Proofs about documents of a target: they are read like any others, and compared with the role.

use super::Refusal;
use super::joined::Joined;
use super::part::Document;
use super::written::Written;
use crate::beside::{with_derived_subject, without_grants};
use crate::notice::NoticeKind;
use crate::translation::{Fidelity, ForeignFile, Profiles, TranslatedRole, translate};
use rolecall_analysis::{Analysis, Coverage, Outcome, Undecided, Witness};
use rolecall_engine::ir::Formula;
use rolecall_engine::{Location, ParsedFile, PolicySet, RoleId, Source};
use std::collections::BTreeMap;

/// The policies of a role, to be compared with documents. Grants are left out: other systems have none.
pub(super) struct Proofs<'p> {
    set: &'p PolicySet,
    files: Vec<ParsedFile>,
    pub(super) profiles: Profiles,
    role: &'p str,
}

/// The tokens that some documents admit, compared with those that get the role.
pub(super) enum Admits {
    /// It is proved that no other token gets in.
    NoOther,
    /// This token gets in, and does not get the role.
    Other(Box<Witness>),
    NotDecided(Undecided),
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
    pub(super) fn new(set: &'p PolicySet, configured: BTreeMap<String, String>, role: &'p str) -> Self {
        let program = set.program();
        let own = program.own_files().filter(|(file, _)| !program.is_foreign(*file));
        Self {
            set,
            files: own.map(|(_, source)| plain(source)).collect(),
            profiles: Profiles::new(configured).beside(set),
            role,
        }
    }

    /// Returns the audiences of an issuer.
    pub(super) fn audiences(&self, url: &str) -> Vec<String> {
        let mut issuers = self.set.program().issuers().values();
        let issuer = issuers.find(|trusted| trusted.issuer.url == url);
        let audiences = issuer.iter().flat_map(|trusted| &trusted.issuer.audiences);
        audiences.cloned().collect()
    }

    /// Compares documents with the part of the role for the tokens of some issuers.
    ///
    /// # Errors
    /// The documents do not compile with the policies.
    pub(super) fn compare(&self, documents: Written, issuers: &[&str]) -> Result<Comparison, Refusal> {
        let (set, role) = self.beside(documents.files)?;
        let written = ids(&set, &documents.roles)?;
        match admits(&mut Analysis::new(&set), role, &written) {
            Admits::NoOther => {}
            Admits::Other(witness) => return Ok(Comparison::Wider(witness)),
            Admits::NotDecided(reason) => return Ok(Comparison::NotDecided(reason)),
        }
        let honest = honest(&set, role, issuers);
        Ok(match Analysis::new(&honest).covered(role, &written) {
            Coverage::Not(witness) => Comparison::Narrower(witness),
            Coverage::NotDecided(reason) => Comparison::NotDecided(reason),
            Coverage::By(_) => Comparison::Equal,
            _ => Comparison::NotDecided(Undecided::Claims { limit: 0 }),
        })
    }

    /// Compares the documents of each part with the role.
    ///
    /// # Errors
    /// The documents do not compile with the policies.
    pub(super) fn others(&self, parts: Vec<Written>) -> Result<Vec<Admits>, Refusal> {
        let mut all = Vec::new();
        for joined in Joined::all(parts) {
            let (set, role) = self.beside(joined.files)?;
            let mut analysis = Analysis::new(&set);
            for names in &joined.parts {
                all.push(admits(&mut analysis, role, &ids(&set, names)?));
            }
        }
        Ok(all)
    }

    /// Compiles documents with the policies, and returns the role, too.
    fn beside(&self, documents: Vec<ParsedFile>) -> Result<(PolicySet, RoleId), Refusal> {
        let all = self.files.iter().cloned().chain(documents);
        let set = PolicySet::compile_files(all).map_err(|error| Refusal {
            message: format!("the documents cannot be compared with the policies: {error}"),
            help: "report this as a bug".to_owned(),
        })?;
        let role = set.program().role(self.role).ok_or_else(|| unread(self.role))?;
        Ok((set, role))
    }
}

/// Returns whether some written roles admit a token that does not get the role.
fn admits(analysis: &mut Analysis<'_>, role: RoleId, written: &[RoleId]) -> Admits {
    for one in written {
        match analysis.implies(*one, role) {
            Outcome::Proved => {}
            Outcome::Refuted(Some(witness)) => return Admits::Other(witness),
            Outcome::NotDecided(reason) => return Admits::NotDecided(reason),
            _ => return Admits::NotDecided(Undecided::Claims { limit: 0 }),
        }
    }
    Admits::NoOther
}

fn ids(set: &PolicySet, names: &[String]) -> Result<Vec<RoleId>, Refusal> {
    let id = |name: &String| set.program().role(name).ok_or_else(|| unread(name));
    names.iter().map(id).collect()
}

/// Reads documents as any others, and translates them.
///
/// # Errors
/// The target's own reader refuses them, or does not say exactly who gets in.
pub(super) fn read(documents: &[Document], proofs: &Proofs<'_>) -> Result<Written, Refusal> {
    let files = documents.iter().map(|document| {
        let source = Source::new(document.name.as_str(), document.text.as_str());
        ForeignFile::read(source).map_err(|_| unread(&document.name))
    });
    let files: Vec<ForeignFile> = files.collect::<Result<_, Refusal>>()?;
    let translation = translate(&files, &proofs.profiles);
    let roles = &translation.coverage.roles;
    let is_exact = |role: &TranslatedRole| role.fidelity == Fidelity::Exact;
    if !roles.is_empty() && roles.iter().all(is_exact) {
        return Ok(Written {
            roles: roles.iter().map(|role| role.name.clone()).collect(),
            files: translation.files,
        });
    }
    let mut notices = translation.notices.iter().flatten();
    Err(match notices.find(|notice| notice.kind != NoticeKind::Odd) {
        Some(notice) => Refusal {
            message: notice.message.clone(),
            help: notice.help.clone(),
        },
        None => {
            let names = documents.iter().map(|document| document.name.as_str());
            unread(&names.collect::<Vec<_>>().join("`, `"))
        }
    })
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

pub(super) fn unread(name: &str) -> Refusal {
    Refusal {
        message: format!("`{name}` would not be read back as it is written"),
        help: "report this as a bug".to_owned(),
    }
}
