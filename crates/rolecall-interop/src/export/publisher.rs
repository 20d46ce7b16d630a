//! Trusted publishers of package registries: the values to type into their forms.
//!
//! A registry has no document that says who publishes. The values are read back as the rule by which the registry compares
//! tokens.

mod fields;
mod registry;
mod rule;

use super::Refusal;
use super::alternatives::Alternative;
use super::names::Names;
use super::part::{Document, Part, numbered};
use super::proof::Proofs;
use super::shell;
use super::system::System;
use super::texts::Texts;
use super::written::Written;
use fields::Fields;
use registry::{Ci, Publisher};
pub(super) use registry::{CratesIo, Npm, PyPi};
use rolecall_engine::ClaimId;
use std::collections::BTreeSet;

impl<P: Publisher> System for P {
    type Content = Fields;

    /// Returns a publisher for each project, workflow file and environment of an alternative.
    fn parts(alternative: &Alternative<'_>, names: &Names<'_>) -> Result<Vec<Part<Fields>>, Refusal> {
        let url = &alternative.issuer.issuer.url;
        let ci = Ci::of(url).ok_or_else(|| Refusal {
            message: format!("package registries take no tokens of `{url}`"),
            help: "they take those of github.com and gitlab.com".to_owned(),
        })?;
        let audiences = &alternative.issuer.issuer.audiences;
        if !audiences.iter().any(|audience| audience == P::AUDIENCE) {
            return Err(Refusal {
                message: format!(
                    "{} takes tokens with the audience `{}`, which the role does not",
                    P::NAME,
                    P::AUDIENCE
                ),
                help: format!(
                    "add `audience \"{}\"` to the issuer `{}`",
                    P::AUDIENCE,
                    alternative.issuer.issuer.name
                ),
            });
        }
        let projects = exact(alternative, ci.project_claim()).ok_or_else(|| Refusal {
            message: "the role does not say which projects publish".to_owned(),
            help: format!("compare `{}` with `==` or `in`", ci.project_claim()),
        })?;
        let of_workflow = P::workflow_claim(ci);
        let workflows: BTreeSet<String> = match &names.workflow {
            Some(workflow) => BTreeSet::from([workflow.clone()]),
            None => texts(alternative, of_workflow)
                .iter()
                .filter_map(|texts| ci.workflow(texts))
                .collect(),
        };
        if workflows.is_empty() {
            return Err(Refusal {
                message: "the workflow file is not known, and registries ask for it".to_owned(),
                help: format!("add `--workflow FILE`, or compare `{of_workflow}`"),
            });
        }
        let environments: Vec<Option<String>> = match exact(alternative, "environment") {
            Some(environments) => environments.into_iter().map(Some).collect(),
            None => vec![None],
        };
        let mut seen = vec![ci.project_claim(), of_workflow, "aud", "iss"];
        seen.extend((environments != [None]).then_some("environment"));
        let left_out = alternative.claims().into_iter().filter(|claim| {
            let path = alternative.profile()[*claim].path.as_slice();
            !matches!(path, [name] if seen.contains(&name.as_str()))
        });
        let left_out: Vec<ClaimId> = left_out.collect();
        let mut parts = Vec::new();
        for project in &projects {
            for workflow in &workflows {
                for environment in &environments {
                    let fields = Fields::new(ci, project, workflow, environment.as_deref())?;
                    parts.push(Part::new(alternative, fields, &left_out));
                }
            }
        }
        Ok(parts)
    }

    /// Returns the values of each publisher.
    fn documents(parts: &[&Part<Fields>], _: &Names<'_>) -> Result<Vec<Document>, Refusal> {
        let documents = parts.iter().enumerate().map(|(number, part)| {
            let name = numbered(P::FILE, number);
            Document::new(format!("{name}.txt"), part.content.text::<P>())
        });
        Ok(documents.collect())
    }

    fn commands(parts: &[&Part<Fields>], _: &Names<'_>) -> Result<Document, Refusal> {
        if !P::HAS_COMMAND {
            return Err(Refusal {
                message: "the registry has no command for trusted publishers".to_owned(),
                help: "type the values into its form: export it as `json`".to_owned(),
            });
        }
        let commands: Vec<Vec<String>> = parts.iter().map(|part| npm_trust(&part.content)).collect();
        Ok(shell::script("commands.sh", &[], &commands))
    }

    fn read(documents: &[Document], proofs: &Proofs<'_>) -> Result<Written, Refusal> {
        rule::read::<P>(documents, proofs)
    }
}

/// Returns the command of npm that adds a publisher. (npm CLI 11, "npm-trust".)
fn npm_trust(fields: &Fields) -> Vec<String> {
    let (words, project) = match fields.ci {
        Ci::GitHub => ("npm trust github", "--repo"),
        Ci::GitLab => ("npm trust gitlab", "--project"),
    };
    let path = format!("{}/{}", fields.owner, fields.project);
    let mut command = shell::command(words, &[project, &path, "--file", &fields.workflow]);
    if let Some(environment) = &fields.environment {
        command.extend(["--env".to_owned(), environment.clone()]);
    }
    command
}

/// Returns the texts of a claim, if the demands say them.
fn texts(alternative: &Alternative<'_>, claim: &str) -> Vec<Texts> {
    let claim = alternative.profile().claim_by_path(&[claim.to_owned()]);
    claim
        .and_then(|claim| alternative.texts(claim))
        .unwrap_or_default()
}

/// Returns the texts of a claim, if they are few.
fn exact(alternative: &Alternative<'_>, claim: &str) -> Option<Vec<String>> {
    let texts = texts(alternative, claim);
    let text = |texts: Texts| match texts {
        Texts::Exactly(text) => Some(text),
        Texts::Like { .. } => None,
    };
    let texts: Vec<String> = texts.into_iter().map(text).collect::<Option<_>>()?;
    (!texts.is_empty()).then_some(texts)
}
