//! Conditions of each kind of role, in addition to issuer and audience.

use super::claim::{Claim, Test, Wildcard};
use super::kind::Kind;
use super::organisation::Project;
use super::random::Random;
use super::reference::{Reference, sub};

/// Of each list, one test must hold.
pub(super) fn rest(
    kind: Kind,
    project: &Project,
    reference: &Reference,
    projects: &[Project],
    random: &mut Random,
) -> Vec<Vec<Test>> {
    let (path, space, group) = (project.path(), &project.namespace, &project.group);
    let on_main = "ref_type:branch:ref:main";
    match kind {
        Kind::Exact => {
            let sub = sub(&path, reference);
            vec![equal(Claim::Sub, [sub])]
        }
        Kind::AnyOfProject => vec![like(Claim::Sub, [format!("project_path:{path}:*")])],
        Kind::MainOfNamespace => vec![like(Claim::Sub, [format!("project_path:{space}/*:{on_main}")])],
        Kind::ReleasesOfProject => {
            let pattern = format!("project_path:{path}:ref_type:branch:ref:release/*");
            vec![like(Claim::Sub, [pattern])]
        }
        Kind::BranchesOfGroup => {
            let pattern = |branch| format!("project_path:{group}/*:ref_type:branch:ref:{branch}");
            vec![like(Claim::Sub, ["main", "production", "staging"].map(pattern))]
        }
        Kind::TagsOfProject => vec![like(
            Claim::Sub,
            [format!("project_path:{path}:ref_type:tag:ref:v*")],
        )],
        Kind::MainOfName => {
            vec![like(
                Claim::Sub,
                [format!("project_path:*/{}:{on_main}", project.name)],
            )]
        }
        Kind::ProtectedRefs => vec![
            equal(Claim::ProjectPath, [path]),
            equal(Claim::RefType, ["branch", "tag"]),
            [equal(Claim::Ref, ["main"]), like(Claim::Ref, ["release/*"])].concat(),
            equal(Claim::RefProtected, ["true"]),
        ],
        Kind::Production => vec![
            equal(Claim::NamespacePath, [space]),
            equal(Claim::Environment, ["production"]),
            equal(Claim::RefProtected, ["true"]),
        ],
        Kind::Deployments => vec![
            like(Claim::ProjectPath, [format!("{group}/*")]),
            equal(Claim::Environment, ["production", "staging"]),
            equal(Claim::DeploymentTier, ["production"]),
        ],
        Kind::TagsOfTwo => {
            let other = random.one(projects).path();
            vec![
                [
                    equal(Claim::ProjectPath, [path]),
                    equal(Claim::ProjectPath, [other]),
                ]
                .concat(),
                like(Claim::Ref, ["v*"]),
                equal(Claim::RefType, ["tag"]),
            ]
        }
        Kind::ProjectsRegex => {
            let [a, b, c] = [
                project.clone(),
                project.beside(1, random),
                project.beside(2, random),
            ];
            let regex = format!(
                "({}|{}|{}):ref_type:branch:ref:(main|release/[0-9]+\\.[0-9]+)",
                a.name, b.name, c.name
            );
            vec![matches(Claim::Sub, format!("project_path:{space}/"), regex)]
        }
        Kind::VersionsRegex => {
            let regex = "[a-z0-9-]+-svc:ref_type:tag:ref:v[0-9]+\\.[0-9]+\\.[0-9]+".to_owned();
            vec![matches(Claim::Sub, format!("project_path:{space}/"), regex)]
        }
        Kind::RefsRegex => vec![
            equal(Claim::ProjectPath, [path]),
            matches(
                Claim::Ref,
                String::new(),
                "(hotfix|feature)/[A-Z]+-[0-9]+.*".to_owned(),
            ),
        ],
    }
}

fn equal<T: Into<String>>(claim: Claim, values: impl IntoIterator<Item = T>) -> Vec<Test> {
    vec![Test::Equal(claim, values.into_iter().map(T::into).collect())]
}

fn like<T: AsRef<str>>(claim: Claim, patterns: impl IntoIterator<Item = T>) -> Vec<Test> {
    let patterns = patterns
        .into_iter()
        .map(|pattern| Wildcard::new(pattern.as_ref()));
    vec![Test::Like(claim, patterns.collect())]
}

fn matches(claim: Claim, head: String, regex: String) -> Vec<Test> {
    vec![Test::Matches(claim, head, regex)]
}
