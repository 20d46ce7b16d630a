//! Export: documents of each target for roles of policies.

mod random;

use rolecall_engine::{PolicySet, Source};
use rolecall_interop::{Export, Form, Names, NotExported, Target, export};
use std::collections::BTreeMap;
use std::path::Path;

const TARGETS: [Target; 6] = [
    Target::Aws,
    Target::Azure,
    Target::Google,
    Target::Kubernetes,
    Target::OctoSts,
    Target::Vault,
];

pub(crate) fn names(role: &str) -> Names<'_> {
    Names {
        role,
        account: Some("123456789012".to_owned()),
        project: "1234",
        pool: "ci",
        form: Form::Json,
    }
}

/// Returns the sets of the folder `policies`.
fn policies() -> Vec<(String, PolicySet)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    let mut folders: Vec<_> = std::fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    let set = |folder: std::path::PathBuf| {
        let files = std::fs::read_dir(&folder).ok()?;
        let files = files.map(|file| file.unwrap().path());
        let files = files.filter(|file| file.extension().is_some_and(|end| end == "policy"));
        let sources: Vec<Source> = files
            .map(|file| {
                Source::new(
                    file.to_string_lossy().as_ref(),
                    std::fs::read_to_string(&file).unwrap(),
                )
            })
            .collect();
        let name = folder.file_name()?.to_string_lossy().into_owned();
        (!sources.is_empty()).then(|| (name, PolicySet::compile(sources).unwrap()))
    };
    folders.into_iter().filter_map(set).collect()
}

/// Returns the word for an outcome.
fn word(outcome: &Result<Export, NotExported>) -> &'static str {
    match outcome {
        Ok(export) if export.missed.is_none() => "exact",
        Ok(_) => "narrower",
        Err(NotExported::Wider { nearest: None, .. }) => "wider",
        Err(NotExported::Wider { .. }) => "nearest",
        Err(NotExported::Refused(_)) => "refused",
        Err(_) => "not decided",
    }
}

#[test]
fn the_roles_of_the_policies_are_exported_or_refused_with_a_token() {
    let mut counts: BTreeMap<(String, &str), usize> = BTreeMap::new();
    for (folder, set) in policies() {
        for (id, role) in set.program().roles().iter() {
            for target in TARGETS {
                let outcome = export(&set, id, target, &names(&role.name), BTreeMap::new());
                match &outcome {
                    Err(NotExported::Wider { witness, .. }) => {
                        let token = witness.claims();
                        let gets = set.evaluate(&token, &role.name).is_ok();
                        assert!(!gets, "{folder}/{} {target:?}: {:?}", role.name, witness.token);
                    }
                    // A token that is missed need not fit the grants, which no target has.
                    Ok(Export {
                        missed: Some(witness),
                        ..
                    }) if role.grants.is_empty() => {
                        let gets = set.evaluate(&witness.claims(), &role.name).is_ok();
                        assert!(gets, "{folder}/{} {target:?}: {:?}", role.name, witness.token);
                    }
                    _ => {}
                }
                *counts.entry((format!("{target:?}"), word(&outcome))).or_default() += 1;
            }
        }
    }
    println!("{counts:?}");
    let exact = |target: Target| {
        counts
            .get(&(format!("{target:?}"), "exact"))
            .copied()
            .unwrap_or_default()
    };
    for (target, least) in [
        (Target::Aws, 8),
        (Target::Azure, 2),
        (Target::Google, 30),
        (Target::Kubernetes, 30),
        (Target::OctoSts, 8),
        (Target::Vault, 25),
    ] {
        assert!(exact(target) >= least, "{target:?}: {counts:?}");
    }
}

#[test]
fn each_form_is_read_back_and_proved() {
    let policy = r#"
        issuer gitlab {
          url "https://gitlab.com"
          profile gitlab-ci
          audience "https://sts.acme.example"
          derive sub = "project_path:{project_path}:ref_type:{ref_type}:ref:{ref}"
        }
        role branch { allow from gitlab when project == "acme/shop" && ref_type == "branch" && ref like "release/*" }
        role project { allow from gitlab when project_id in ["4242", "311"] && sub like "project_path:acme/*" }
    "#;
    let set = PolicySet::compile([Source::new("shop.policy", policy)]).unwrap();
    let mut exact = Vec::new();
    for (id, role) in set.program().roles().iter() {
        for target in TARGETS {
            for form in [Form::Terraform, Form::CloudFormation] {
                let names = Names {
                    form,
                    ..names(&role.name)
                };
                let outcome = export(&set, id, target, &names, BTreeMap::new());
                if word(&outcome) == "exact" {
                    exact.push(format!("{} {target:?} {form:?}", role.name));
                }
            }
        }
    }
    assert_eq!(
        exact,
        [
            "branch Aws Terraform",
            "branch Aws CloudFormation",
            "branch Azure Terraform",
            "branch Google Terraform",
            "branch Vault Terraform",
            "project Aws Terraform",
            "project Aws CloudFormation",
            "project Google Terraform",
            "project Vault Terraform",
        ]
    );
}
