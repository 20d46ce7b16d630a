//! Export: documents of each target for roles of policies.

mod commands;
mod publisher;
mod random;

use rolecall_engine::{PolicySet, Source};
use rolecall_interop::{
    Export, Form, Grants, Names, NotExported, Registry, Target, constant_grants, export, role_tokens,
};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

pub(crate) fn names(role: &str) -> Names<'_> {
    let grant = |name: &str, value: &str| (name.to_owned(), BTreeSet::from([value.to_owned()]));
    let grants = [
        grant(
            "azure_client",
            "11111111-2222-3333-4444-555555555555/66666666-7777-8888-9999-000000000000",
        ),
        grant("gcp_service_account", "deploy@acme-prod.iam.gserviceaccount.com"),
    ];
    let mut names = Names::new(role, Grants::from(grants));
    names.account = Some("123456789012".to_owned());
    names.project = Some("1234".to_owned());
    names.pool = Some("pool".to_owned());
    names
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
            for target in Target::ALL {
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
        (Target::Google, 100),
        (Target::Kubernetes, 100),
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
        for target in Target::ALL {
            for form in [Form::Cli, Form::Terraform, Form::CloudFormation] {
                let mut names = names(&role.name);
                names.form = form;
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
            "branch Aws Cli",
            "branch Aws Terraform",
            "branch Aws CloudFormation",
            "branch Azure Cli",
            "branch Azure Terraform",
            "branch Google Cli",
            "branch Google Terraform",
            "branch Vault Cli",
            "branch Vault Terraform",
            "project Aws Cli",
            "project Aws Terraform",
            "project Aws CloudFormation",
            "project Google Cli",
            "project Google Terraform",
            "project Vault Cli",
            "project Vault Terraform",
        ]
    );
}

#[test]
fn the_trust_in_an_exchange_is_the_subject_of_role_tokens() {
    let policy = r#"
        issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "https://sts.acme.example" }
        role deploy {
          allow from gitlab when project == "acme/shop" && ref_protected
          grant audience = "https://vault.acme.example"
          grant aws_role = "arn:aws-cn:iam::123456789012:role/ci/deploy"
          grant secrets = "apps/{project_path}/*"
        }
        role report { allow from gitlab when project == "acme/shop" }
    "#;
    let set = PolicySet::compile([Source::new("deploy.policy", policy)]).unwrap();
    let id = |name: &str| set.program().role(name).unwrap();
    let url = "https://sts.acme.example";
    for target in Target::ALL {
        let trust = role_tokens(&set, &[id("deploy")], url, &[target]).unwrap();
        let of_tokens = trust.program().role("deploy").unwrap();
        let mut names = names("deploy");
        names.grants.extend(constant_grants(set.program(), id("deploy")));
        names.account = None;
        let export = export(&trust, of_tokens, target, &names, BTreeMap::new()).unwrap();
        assert!(export.missed.is_none(), "{target:?}");
        let text: String = export
            .documents
            .iter()
            .flatten()
            .map(|one| one.text.as_str())
            .collect();
        assert!(
            text.contains("role:deploy") && text.contains("sts.acme.example"),
            "{text}"
        );
        match target {
            Target::Aws => assert!(
                text.contains("arn:aws-cn:iam::123456789012:oidc-provider"),
                "{text}"
            ),
            Target::Azure => assert!(text.contains("api://AzureADTokenExchange"), "{text}"),
            _ => assert!(text.contains("https://vault.acme.example"), "{text}"),
        }
    }
    let refusal = role_tokens(&set, &[id("report")], url, &[Target::Vault]).unwrap_err();
    assert_eq!(
        refusal.message,
        "the audience of the role tokens of `report` is not known"
    );
    let refusal = role_tokens(&set, &[id("deploy")], "sts.acme.example/", &[Target::Aws]).unwrap_err();
    assert!(
        refusal
            .message
            .starts_with("`sts.acme.example/` cannot be the issuer of role tokens")
    );
}

#[test]
fn publishers_are_refused_with_what_to_do() {
    let policy = r#"
        issuer github {
          url "https://token.actions.githubusercontent.com"
          profile github-actions
          audience ["pypi", "crates.io"]
        }
        issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience ["pypi", "crates.io"] }
        role exact {
          allow from github when repository == "acme/shop" && environment == "release"
            && job_workflow_ref like "acme/shop/.github/workflows/release.yml@*"
        }
        role of-ref {
          allow from github when repository == "acme/shop"
            && job_workflow_ref == "acme/shop/.github/workflows/release.yml@{ref}"
        }
        role branch { allow from github when repository == "acme/shop" && ref == "refs/heads/main" }
        role both {
          allow from github when repository == "acme/shop" && environment == "release"
          allow from gitlab when project == "acme/shop" && environment == "release"
        }
        role group { allow from gitlab when project under "acme" }
        role production { allow from gitlab when project == "acme/a/shop" && environment == "production" }
    "#;
    let set = PolicySet::compile([Source::new("publish.policy", policy)]).unwrap();
    let outcome = |role: &str, registry: Registry, workflow: Option<&str>| {
        let id = set.program().role(role).unwrap();
        let mut names = names(role);
        names.workflow = workflow.map(str::to_owned);
        match export(
            &set,
            id,
            Target::TrustedPublisher(registry),
            &names,
            BTreeMap::new(),
        ) {
            Ok(export) => export.documents[0][0].text.clone(),
            Err(NotExported::Refused(refusal)) => refusal.message,
            Err(NotExported::Wider { witness, .. }) => {
                assert!(set.evaluate(&witness.claims(), role).is_err());
                "wider".to_owned()
            }
            Err(other) => format!("{other:?}"),
        }
    };
    let workflow = Some("release.yml");
    assert_eq!(
        outcome("exact", Registry::PyPi, None),
        "Registry: PyPI\nPublisher: GitHub\nOwner: acme\nRepository name: shop\nWorkflow name: release.yml\n\
         Environment name: release\n"
    );
    // After `@`, PyPI takes the commit, too.
    assert_eq!(outcome("of-ref", Registry::PyPi, None), "wider");
    // crates.io compares the file that calls, and not the one that is called.
    assert_eq!(outcome("exact", Registry::CratesIo, workflow), "wider");
    assert_eq!(
        outcome("exact", Registry::Npm, workflow),
        "npm takes tokens with the audience `npm:registry.npmjs.org`, which the role does not"
    );
    // No registry compares the branch.
    assert_eq!(outcome("branch", Registry::PyPi, workflow), "wider");
    // The publishers of two CI systems are proved together.
    assert!(outcome("both", Registry::PyPi, workflow).contains("Publisher: GitHub\n"));
    assert_eq!(
        outcome("branch", Registry::PyPi, None),
        "the workflow file is not known, and registries ask for it"
    );
    assert_eq!(
        outcome("group", Registry::PyPi, workflow),
        "the role does not say which projects publish"
    );
    assert_eq!(
        outcome("branch", Registry::PyPi, Some("ci/release.yml")),
        "`ci/release.yml` is not the name of a workflow file"
    );
    // GitLab has environments that differ in case alone, and crates.io does not tell them apart.
    assert_eq!(outcome("production", Registry::CratesIo, workflow), "wider");
    assert!(outcome("production", Registry::PyPi, workflow).contains("Namespace: acme/a\n"));
}

#[test]
fn no_grant_leads_a_document_out_of_its_folder() {
    let policy = r#"
        issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "https://sts.acme.example" }
        role deploy {
          allow from gitlab when project_id == "4242"
          grant octo_sts = "acme/website#../../releases"
          grant vault_role = "auth/jwt:../shop"
        }
    "#;
    let set = PolicySet::compile([Source::new("deploy.policy", policy)]).unwrap();
    let id = set.program().role("deploy").unwrap();
    for target in [Target::OctoSts, Target::Vault] {
        for form in [Form::Json, Form::Cli] {
            let mut names = Names::new("deploy", constant_grants(set.program(), id));
            names.form = form;
            let Ok(export) = export(&set, id, target, &names, BTreeMap::new()) else {
                continue;
            };
            let names: Vec<&str> = export
                .documents
                .iter()
                .flatten()
                .map(|one| one.name.as_str())
                .collect();
            assert!(names.iter().all(|name| !name.contains(['/', '\\'])), "{names:?}");
        }
    }
}
