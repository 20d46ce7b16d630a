//! Rules by which registries compare tokens, in our language. Each admits all tokens that the registry admits.
//!
//! A claim with a workflow of GitHub is `OWNER/NAME/.github/workflows/FILE@REF`. ("OpenID Connect reference" of GitHub.)
//!
//! Registries compare the names of projects without case, and those of GitHub's environments: GitHub and GitLab have no two
//! projects, and GitHub has no two environments of a repository, whose names differ in case alone. ("Managing environments for
//! deployment": names are not case-sensitive.)

use super::fields::Fields;
use super::registry::{Ci, Publisher};
use crate::export::Refusal;
use crate::export::part::Document;
use crate::export::proof::{Proofs, unread};
use crate::export::written::Written;
use regex_syntax::escape;
use rolecall_engine::{ParsedFile, Source};
use rolecall_syntax::ast::{Item, RoleMember};
use rolecall_syntax::{Str, parse};

/// Reads publishers back as roles.
pub(super) fn read<P: Publisher>(documents: &[Document], proofs: &Proofs<'_>) -> Result<Written, Refusal> {
    let mut written = Written::default();
    let mut known: Vec<Ci> = Vec::new();
    for (number, document) in documents.iter().enumerate() {
        let fields = Fields::read::<P>(document).ok_or_else(|| unread(&document.name))?;
        let url = fields.ci.url();
        let host = url.trim_start_matches("https://");
        // The first publisher of a CI system has its issuer.
        let issuer = match known.contains(&fields.ci) {
            true => String::new(),
            false => {
                known.push(fields.ci);
                let audiences = proofs.audiences(url);
                let audiences: Vec<String> = audiences.iter().map(|text| quoted(text)).collect();
                let (profile, audiences) = (proofs.profiles.name(host), audiences.join(", "));
                format!(
                    "issuer ci {{ url {} profile {profile} audience [{audiences}] }}\n",
                    quoted(url)
                )
            }
        };
        let rule = rule::<P>(&fields);
        let text = format!("{issuer}role publisher {{ allow from ci when {rule} }}\n");
        let mut file = parse(&text).file;
        let role = format!("{}:{number}", P::FILE);
        for item in &mut file.items {
            match &mut item.node {
                // No name in a policy is like these.
                Item::Issuer(issuer) => issuer.name.node = host.to_owned(),
                Item::Role(publisher) => {
                    publisher.name.node.clone_from(&role);
                    for member in &mut publisher.members {
                        if let RoleMember::Allow(allow) = &mut member.node {
                            allow.issuer.node = host.to_owned();
                        }
                    }
                }
                _ => {}
            }
        }
        let source = Source::new(document.name.as_str(), text);
        written.files.push(ParsedFile::foreign(source, file));
        written.roles.push(role);
    }
    Ok(written)
}

fn rule<P: Publisher>(fields: &Fields) -> String {
    let Fields {
        ci,
        owner,
        project,
        workflow,
        environment,
    } = fields;
    let path = format!("{owner}/{project}");
    let mut parts = vec![format!("{} == {}", ci.project_claim(), quoted(&path))];
    parts.push(of_workflow::<P>(*ci, &path, workflow));
    if let Some(environment) = environment {
        parts.push(match *ci == Ci::GitLab && P::FOLDS_ENVIRONMENTS {
            true => format!("environment matches /{}/", folded(environment)),
            false => format!("environment == {}", quoted(environment)),
        });
    }
    parts.join(" && ")
}

/// Returns the comparison of the workflow file.
fn of_workflow<P: Publisher>(ci: Ci, path: &str, workflow: &str) -> String {
    let claim = P::workflow_claim(ci);
    let regex = |text: &str| escape(text).replace('/', "\\/");
    let any = "(.|\\n)*";
    match (ci, P::COMPARES_WORKFLOW) {
        // After `@` is the ref of the token, or its commit.
        (Ci::GitHub, true) => {
            let file = format!("{path}/.github/workflows/{workflow}");
            let with_ref = format!("{claim} == \"{}@{{ref}}\"", Str::quote(&file).raw());
            format!("({with_ref} || {claim} matches /{}@[0-9a-f]+/)", regex(&file))
        }
        // The ref is derived from others, so that any text may stand for it.
        (Ci::GitLab, true) => {
            let file = format!("gitlab.com/{path}//{workflow}");
            format!("{claim} matches /{}@{any}/", regex(&file))
        }
        // The project of the file is not compared.
        (Ci::GitHub, false) => {
            let file = regex(&format!("/.github/workflows/{workflow}"));
            format!("{claim} matches /{any}{file}@{any}/")
        }
        (Ci::GitLab, false) => format!("{claim} matches /{any}\\/\\/{}@{any}/", regex(workflow)),
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", Str::quote(text).raw())
}

/// Returns the regex of a text in any case.
fn folded(text: &str) -> String {
    let letter = |c: char| {
        let others: String = c.to_lowercase().chain(c.to_uppercase()).collect();
        match c.is_alphabetic() {
            true => format!("[{others}]"),
            false => escape(&c.to_string()).replace('/', "\\/"),
        }
    };
    text.chars().map(letter).collect()
}
