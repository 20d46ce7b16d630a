//! Issuers, audiences, and projects in groups.

use super::random::Random;

/// The issuers, and how many in a hundred tokens and roles are theirs.
pub const ISSUERS: [(&str, usize); 2] = [("https://gitlab.com", 90), ("https://gitlab.acme.example", 10)];

/// The audiences, and how many in a hundred tokens and roles are theirs.
pub const AUDIENCES: [(&str, usize); 8] = [
    ("https://sts-1.acme.example", 40),
    ("https://sts-2.acme.example", 20),
    ("https://sts-3.acme.example", 10),
    ("https://sts-4.acme.example", 10),
    ("https://sts-5.acme.example", 5),
    ("https://sts-6.acme.example", 5),
    ("https://sts-7.acme.example", 5),
    ("https://sts-8.acme.example", 5),
];

const WORDS: [&str; 12] = [
    "billing", "catalog", "search", "orders", "identity", "payments", "reports", "mailer", "ledger",
    "pricing", "gateway", "stock",
];

const SUFFIXES: [&str; 5] = ["svc", "api", "web", "lib", "job"];

const TEAMS: [&str; 12] = [
    "core", "mobile", "data", "infra", "tools", "web", "ops", "risk", "growth", "media", "legal", "labs",
];

/// Path of a project: `group/sub[/sub]/word-ID-suffix`.
#[derive(Clone, Debug)]
pub struct Project {
    /// The group at the top.
    pub group: String,
    /// The path without the name.
    pub namespace: String,
    /// The last segment.
    pub name: String,
}

impl Project {
    /// The whole path.
    pub fn path(&self) -> String {
        format!("{}/{}", self.namespace, self.name)
    }

    /// A project of this namespace with any name.
    pub(super) fn beside(&self, id: usize, random: &mut Random) -> Self {
        Self {
            name: name(id, random),
            ..self.clone()
        }
    }

    /// Returns a project of an organisation without roles.
    pub(super) fn foreign(random: &mut Random) -> Self {
        let group = format!("rival-{}", random.below(1_000));
        Self {
            namespace: format!("{group}/{}", random.one(&TEAMS)),
            group,
            name: name(random.below(100_000), random),
        }
    }
}

/// So many projects in groups, of which the first have more.
pub(super) fn projects(count: usize, random: &mut Random) -> Vec<Project> {
    let groups = groups(count);
    // Of the twelve namespaces of a group, about two in five lie one level deeper.
    let deeper: Vec<bool> = (0..groups * TEAMS.len()).map(|_| random.percent(40)).collect();
    (0..count)
        .map(|id| {
            let number = (groups as f64 * random.fraction().powf(1.5)) as usize;
            let team = random.below(TEAMS.len());
            let group = group(number);
            let below = if deeper[number * TEAMS.len() + team] {
                "/platform"
            } else {
                ""
            };
            Project {
                namespace: format!("{group}/{}{below}", TEAMS[team]),
                group,
                name: name(id, random),
            }
        })
        .collect()
}

/// Returns the number of groups of so many projects.
pub(super) fn groups(projects: usize) -> usize {
    (projects / 100).max(2)
}

/// The path of a group.
pub(super) fn group(number: usize) -> String {
    format!("group-{number}")
}

fn name(id: usize, random: &mut Random) -> String {
    format!("{}-{id}-{}", random.one(&WORDS), random.one(&SUFFIXES))
}
