//! Roles of every kind, and the jobs that want them.

use super::ask::rest;
use super::claim::Test;
use super::kind::Kind;
use super::organisation::{AUDIENCES, ISSUERS, Project, group, groups};
use super::random::Random;
use super::reference::Reference;

/// The number of roles of each kind, of a thousand.
const KINDS: [(Kind, usize); 14] = [
    (Kind::Exact, 500),
    (Kind::AnyOfProject, 100),
    (Kind::MainOfNamespace, 90),
    (Kind::ReleasesOfProject, 60),
    (Kind::BranchesOfGroup, 25),
    (Kind::TagsOfProject, 20),
    (Kind::MainOfName, 5),
    (Kind::ProtectedRefs, 60),
    (Kind::Production, 50),
    (Kind::Deployments, 20),
    (Kind::TagsOfTwo, 20),
    (Kind::ProjectsRegex, 30),
    (Kind::VersionsRegex, 10),
    (Kind::RefsRegex, 10),
];

/// A role: an issuer, an audience, and other conditions.
#[derive(Clone, Debug)]
pub struct Role {
    /// Its place among the roles. It is called `r` and this number.
    pub number: usize,
    /// The claims that it compares, as a kind.
    pub kind: Kind,
    /// The issuer.
    pub issuer: &'static str,
    /// The audience.
    pub audience: &'static str,
    /// Of each of these lists, one test must hold.
    pub rest: Vec<Vec<Test>>,
    /// The project that it is about.
    pub(super) project: Project,
    /// The ref that it is about, if it is one.
    pub(super) reference: Reference,
}

impl Role {
    pub(super) fn new(number: usize, projects: &[Project], random: &mut Random) -> Self {
        let kind = random.weighted(&KINDS);
        let project = match kind {
            Kind::BranchesOfGroup | Kind::Deployments => {
                // Large groups have no more such roles than small ones.
                let group = group(random.below(groups(projects.len())));
                find(projects, random, |project| project.group == group)
            }
            Kind::VersionsRegex => find(projects, random, |project| project.name.ends_with("-svc")),
            _ => random.one(projects),
        };
        let reference = Reference::usual(random);
        Self {
            number,
            kind,
            issuer: random.weighted(&ISSUERS),
            audience: random.weighted(&AUDIENCES),
            rest: rest(kind, project, &reference, projects, random),
            project: project.clone(),
            reference,
        }
    }

    /// All ways to fulfil the rest: of each way, all tests must hold, and each is for one value or pattern.
    pub fn alternatives(&self) -> Vec<Vec<Test>> {
        let mut ways: Vec<Vec<Test>> = vec![Vec::new()];
        for any in &self.rest {
            let singles: Vec<Test> = any.iter().flat_map(Test::singles).collect();
            ways = ways
                .iter()
                .flat_map(|way| {
                    singles
                        .iter()
                        .map(|test| [way, std::slice::from_ref(test)].concat())
                })
                .collect();
        }
        ways
    }
}

/// One of the projects that fulfil a condition; any, if that is too hard.
fn find<'a>(projects: &'a [Project], random: &mut Random, good: impl Fn(&Project) -> bool) -> &'a Project {
    let found = (0..10_000)
        .map(|_| random.one(projects))
        .find(|project| good(project));
    found.unwrap_or_else(|| random.one(projects))
}
