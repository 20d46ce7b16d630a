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
mod known;
mod kubernetes;
mod octo_sts;
mod part;
mod proof;
mod subject;
mod target;
mod texts;
mod vault;

use alternatives::alternatives;
use aws::Aws;
use azure::Azure;
use google::Google;
use kubernetes::Kubernetes;
use octo_sts::OctoSts;
pub use part::{Document, Form, Names};
use part::{Part, by_issuer};
use proof::{Comparison, Proofs};
use rolecall_analysis::{Undecided, Witness};
use rolecall_engine::{PolicySet, RoleId};
use std::collections::{BTreeMap, BTreeSet};
use target::System;
pub use target::Target;
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
    let mut ways: Vec<Vec<Part<S::Content>>> = Vec::new();
    for alternative in alternatives(program, role)? {
        ways.push(S::parts(&alternative, names)?);
    }
    let parts = || ways.iter().flatten();
    let left_out: BTreeSet<String> = parts().flat_map(|part| part.left_out.iter().cloned()).collect();
    let (mut kept, mut wider, mut refused) = (Vec::new(), None, None);
    for way in &ways {
        let (before, mut admitted, mut unwritten) = (kept.len(), None, None);
        for part in way {
            match proofs.of::<S>(&[part], &[], names) {
                Ok(Comparison::Equal | Comparison::Narrower(_)) => kept.push(part),
                Ok(Comparison::Wider(witness)) => admitted = admitted.or(Some(witness)),
                Ok(Comparison::NotDecided(reason)) => return Err(NotExported::NotDecided(reason)),
                Err(refusal) => unwritten = unwritten.or(Some(refusal)),
            }
        }
        // Where another part of the same way is written, tokens are only missed.
        if kept.len() == before {
            wider = wider.or(admitted);
            refused = refused.or(unwritten);
        }
    }
    // Tokens of an issuer without a part do not get in.
    let others = parts().map(|part| part.issuer.as_str());
    let others: Vec<&str> = others
        .filter(|issuer| kept.iter().all(|part| part.issuer != *issuer))
        .collect();
    let written = match kept.is_empty() {
        true => None,
        false => Some(Export {
            missed: match proofs.of::<S>(&kept, &others, names)? {
                Comparison::Equal => None,
                Comparison::Narrower(witness) => Some(witness),
                Comparison::NotDecided(reason) => return Err(NotExported::NotDecided(reason)),
                // Together the parts admit what they admit alone.
                Comparison::Wider(_) => return Err(unproved().into()),
            },
            documents: groups::<S>(&kept)
                .iter()
                .map(|parts| S::written(parts, names))
                .collect::<Result<_, Refusal>>()?,
            left_out: left_out.clone(),
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
        (None, None, None) => Err(NotExported::Refused(Refusal {
            message: "no token gets the role".to_owned(),
            help: "remove the role, or repair its condition: `policy-check check` says what contradicts what"
                .to_owned(),
        })),
    }
}

impl Proofs<'_> {
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
            match self.compare(&S::written(&parts, names)?, &issuers)? {
                Comparison::Equal => {}
                Comparison::Narrower(witness) => result = Comparison::Narrower(witness),
                other => return Ok(other),
            }
        }
        Ok(result)
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
        message: "the documents admit more together than each of them".to_owned(),
        help: "report this as a bug".to_owned(),
    }
}
