//! Export: the trust that other systems need for the tokens of a role.
//!
//! A part is proposed for each way to get the role, and for each layout of the subject where a system sees little else. It can
//! admit too much, because a system cannot compare each claim. So the documents of each part are read like any others, and
//! compared with the role by proof. Those that admit another token are not written.

mod alternatives;
mod aws;
mod azure;
mod cel;
mod google;
mod hcl;
mod joined;
mod known;
mod kubernetes;
mod names;
mod octo_sts;
mod part;
mod proof;
mod publisher;
mod shell;
mod subject;
mod system;
mod texts;
mod vault;
mod written;

use crate::target::{Registry, Target};
use alternatives::alternatives;
use aws::Aws;
use azure::Azure;
use google::Google;
use kubernetes::Kubernetes;
pub use names::{Form, Names};
use octo_sts::OctoSts;
pub use part::Document;
use part::{Part, by_issuer};
use proof::{Admits, Comparison, Proofs};
use publisher::{CratesIo, Npm, PyPi};
use rolecall_analysis::{Undecided, Witness};
use rolecall_engine::{PolicySet, RoleId};
use std::collections::{BTreeMap, BTreeSet};
use system::System;
use vault::Vault;

/// The reason why a role is not exported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The message: one line, lower-case, with input in backticks.
    pub message: String,
    /// The next step.
    pub help: String,
}

/// The documents of a target for a role. What they admit is proved.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Export {
    /// The documents. Those in one list belong together.
    pub documents: Vec<Vec<Document>>,
    /// A token that gets the role and is not admitted; none if exactly the same tokens are admitted.
    pub missed: Option<Box<Witness>>,
    /// The names of claims that the role compares, and the target does not see.
    pub left_out: BTreeSet<String>,
}

/// The reason why a role is not exported.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum NotExported {
    /// The target cannot have such a document.
    Refused(Refusal),
    /// The target would admit a token that does not get the role.
    Wider {
        /// The token.
        witness: Box<Witness>,
        /// The names of claims that the role compares, and the target does not see.
        left_out: BTreeSet<String>,
        /// The documents for those ways to get the role that the target can tell, if there are any. They are narrower than
        /// the role.
        nearest: Option<Box<Export>>,
    },
    /// A proof did not end.
    NotDecided(Undecided),
}

impl From<Refusal> for NotExported {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Writes the documents with which a target admits the tokens that get a role. It is proved that no other token is admitted, if
/// tokens are as the profiles of their issuers say, whatever the audience and the fit of grants, which no target compares.
/// `profiles` has the profiles of issuers by their URLs, as [`Profiles::new`](crate::Profiles::new).
///
/// # Errors
/// The target cannot say which tokens get the role, or takes no such documents.
pub fn export(
    set: &PolicySet,
    role: RoleId,
    target: Target,
    names: &Names<'_>,
    profiles: BTreeMap<String, String>,
) -> Result<Export, NotExported> {
    match target {
        Target::Aws => written::<Aws>(set, role, names, profiles),
        Target::Azure => written::<Azure>(set, role, names, profiles),
        Target::Google => written::<Google>(set, role, names, profiles),
        Target::Kubernetes => written::<Kubernetes>(set, role, names, profiles),
        Target::OctoSts => written::<OctoSts>(set, role, names, profiles),
        Target::TrustedPublisher(Registry::CratesIo) => written::<CratesIo>(set, role, names, profiles),
        Target::TrustedPublisher(Registry::Npm) => written::<Npm>(set, role, names, profiles),
        Target::TrustedPublisher(Registry::PyPi) => written::<PyPi>(set, role, names, profiles),
        Target::Vault => written::<Vault>(set, role, names, profiles),
    }
}

fn written<S: System>(
    set: &PolicySet,
    role: RoleId,
    names: &Names<'_>,
    profiles: BTreeMap<String, String>,
) -> Result<Export, NotExported> {
    let program = set.program();
    let proofs = Proofs::new(set, profiles, &program[role].name);
    let alternatives = alternatives(program, role)?;
    let ways = alternatives.iter().map(|one| S::parts(one, names));
    let ways: Vec<Vec<Part<S::Content>>> = ways.collect::<Result<_, Refusal>>()?;
    // Tokens of an issuer without a part do not get in.
    let without = |parts: &[&Part<S::Content>]| -> Vec<&str> {
        let issuers = alternatives.iter().map(|one| one.issuer.issuer.url.as_str());
        let others = issuers.filter(|issuer| parts.iter().all(|part| part.issuer != *issuer));
        others.collect()
    };
    let parts: Vec<&Part<S::Content>> = ways.iter().flatten().collect();
    let left_out: BTreeSet<String> = parts
        .iter()
        .flat_map(|part| part.left_out.iter().cloned())
        .collect();
    let export = |parts: &[&Part<S::Content>], missed| -> Result<Export, Refusal> {
        let groups = groups::<S>(parts);
        S::check(groups.len(), names)?;
        let documents = groups.into_iter().map(|parts| {
            let mut documents = S::written(&parts, names)?;
            if names.form == Form::Cli {
                documents.push(S::commands(&parts, names)?);
            }
            Ok(documents)
        });
        Ok(Export {
            documents: documents.collect::<Result<_, Refusal>>()?,
            missed,
            left_out: left_out.clone(),
        })
    };
    // Together the parts admit what each of them does, so that one proof is enough for most roles.
    if !parts.is_empty() {
        match proofs.of::<S>(&parts, &without(&parts), names) {
            Ok(Comparison::Equal) => return Ok(export(&parts, None)?),
            Ok(Comparison::Narrower(witness)) => return Ok(export(&parts, Some(witness))?),
            Ok(Comparison::Wider(witness)) if parts.len() == 1 => {
                return Err(NotExported::Wider {
                    witness,
                    left_out,
                    nearest: None,
                });
            }
            Ok(Comparison::Wider(_) | Comparison::NotDecided(_)) | Err(_) => {}
        }
    }
    let Kept { kept, wider, refused } = proofs.each::<S>(&ways, names)?;
    let written = match kept.is_empty() {
        true => None,
        false => Some(match proofs.of::<S>(&kept, &without(&kept), names)? {
            Comparison::Equal => export(&kept, None)?,
            Comparison::Narrower(witness) => export(&kept, Some(witness))?,
            Comparison::NotDecided(reason) => return Err(NotExported::NotDecided(reason)),
            // Together the parts admit what they admit alone.
            Comparison::Wider(_) => return Err(unproved().into()),
        }),
    };
    match (written, wider, refused) {
        (Some(export), _, _) if export.missed.is_none() => Ok(export),
        (export, Some(witness), _) => Err(NotExported::Wider {
            witness,
            left_out,
            nearest: export.map(Box::new),
        }),
        (_, None, Some(refusal)) => Err(refusal.into()),
        (Some(export), None, None) => Ok(export),
        (None, None, None) => Err(NotExported::Refused(match alternatives.is_empty() {
            true => Refusal {
                message: "no token gets the role".to_owned(),
                help: "remove the role, or repair its condition: `policy-check check` says what contradicts what"
                    .to_owned(),
            },
            false => Refusal {
                message: "the system cannot compare the texts that the role compares".to_owned(),
                help: "compare texts without quotes, wildcards and the like".to_owned(),
            },
        })),
    }
}

/// The parts that are proved never to admit another token, and the first reasons against others.
struct Kept<'p, C> {
    kept: Vec<&'p Part<C>>,
    wider: Option<Box<Witness>>,
    refused: Option<Refusal>,
}

impl Proofs<'_> {
    /// Compares each part on its own.
    fn each<'p, S: System>(
        &self,
        ways: &'p [Vec<Part<S::Content>>],
        names: &Names<'_>,
    ) -> Result<Kept<'p, S::Content>, NotExported> {
        let read = |part: &Part<S::Content>| S::read(&S::written(&[part], names)?, self);
        let (read, refusals): (Vec<_>, Vec<_>) = ways.iter().flatten().map(read).map(kept_apart).unzip();
        let mut admitted = self.others(read.into_iter().flatten().collect())?.into_iter();
        let mut refusals = refusals.into_iter();
        let (mut kept, mut wider, mut refused) = (Vec::new(), None, None);
        for way in ways {
            let (before, mut of_way, mut unwritten) = (kept.len(), None, None);
            for part in way {
                if let Some(refusal) = refusals.next().flatten() {
                    unwritten = unwritten.or(Some(refusal));
                    continue;
                }
                match admitted.next() {
                    Some(Admits::NoOther) => kept.push(part),
                    Some(Admits::Other(witness)) => of_way = of_way.or(Some(witness)),
                    Some(Admits::NotDecided(reason)) => return Err(NotExported::NotDecided(reason)),
                    None => return Err(unproved().into()),
                }
            }
            // Where another part of the same way is written, tokens are only missed.
            if kept.len() == before {
                wider = wider.or(of_way);
                refused = refused.or(unwritten);
            }
        }
        Ok(Kept { kept, wider, refused })
    }

    /// Compares the documents of some parts with the role, for the tokens of their issuers, and of the others.
    fn of<S: System>(
        &self,
        parts: &[&Part<S::Content>],
        others: &[&str],
        names: &Names<'_>,
    ) -> Result<Comparison, Refusal> {
        let mut others = others.to_vec();
        let mut result = Comparison::Equal;
        for parts in groups::<S>(parts) {
            let mut issuers: Vec<&str> = parts.iter().map(|part| part.issuer.as_str()).collect();
            issuers.append(&mut others);
            let documents = S::read(&S::written(&parts, names)?, self)?;
            match self.compare(documents, &issuers)? {
                Comparison::Equal => {}
                Comparison::Narrower(witness) => result = Comparison::Narrower(witness),
                other => return Ok(other),
            }
        }
        Ok(result)
    }
}

/// Returns the value and the error, of which there is one.
fn kept_apart<T, E>(result: Result<T, E>) -> (Option<T>, Option<E>) {
    match result {
        Ok(value) => (Some(value), None),
        Err(error) => (None, Some(error)),
    }
}

/// Returns the parts whose documents belong together.
fn groups<'p, S: System>(parts: &[&'p Part<S::Content>]) -> Vec<Vec<&'p Part<S::Content>>> {
    match S::IS_BY_ISSUER {
        true => by_issuer(parts),
        false => vec![parts.to_vec()],
    }
}

fn unproved() -> Refusal {
    Refusal {
        message: "the documents are not proved as they are written".to_owned(),
        help: "report this as a bug".to_owned(),
    }
}
