//! The tests of the first policies.

use super::{Ci, Starter, quoted};
use rolecall_syntax::EDITION;

impl Starter {
    /// Returns a table of tokens that differ from the one that deploys, and what holds for all tokens.
    pub(super) fn tests(&self) -> String {
        let [deploy, read] = ["deploy", "read"].map(|what| self.role(what));
        let allowed = match self.has_reader() {
            true => format!("{deploy}, {read}"),
            false => deploy.clone(),
        };
        let cases = match self.has_reader() {
            true => self.cases(&deploy, &read),
            false => self.cases_of_subject(&deploy),
        };
        let statement = match (self.ci, self.has_reader()) {
            (Ci::Github, _) => format!("repository_id == {}", quoted(&self.id)),
            (Ci::Gitlab, true) => format!("project_id == {}", quoted(&self.id)),
            (Ci::Gitlab, false) => format!("sub == {}", quoted(&self.subject())),
        };
        let issuer = self.issuer();
        format!(
            "edition {EDITION}\n\ntest \"deploys\" {{\ntoken {issuer} {{ {} }}\nexpect allow {allowed}\n{cases}}}\n\n\
             assert \"only {} gets roles\" {{ * implies {statement} }}\n",
            self.token(),
            self.project
        )
    }

    /// Returns the claims of a token that deploys.
    fn token(&self) -> String {
        let mut claims = match self.ci {
            Ci::Github => format!(
                "repository = {}, repository_id = {}, ref = {}, ref_type = \"branch\", ref_protected = \"true\", event_name = \"push\"",
                quoted(&self.project),
                quoted(&self.id),
                quoted(&format!("refs/heads/{}", self.branch))
            ),
            Ci::Gitlab => {
                let id = match self.id.as_str() {
                    "" => String::new(),
                    id => format!("project_id = {}, ", quoted(id)),
                };
                format!(
                    "project_path = {}, {id}ref_type = \"branch\", ref = {}, ref_protected = \"true\", pipeline_source = \"push\"",
                    quoted(&self.project),
                    quoted(&self.branch)
                )
            }
        };
        if let Some(environment) = &self.environment {
            claims += &format!(", environment = {}", quoted(environment));
            if self.ci == Ci::Gitlab {
                claims += ", environment_protected = \"true\"";
            }
        }
        if !self.has_reader() {
            claims += &format!(", sub = {}", quoted(&self.token_subject()));
        }
        claims
    }

    /// Returns the subject of a token that deploys: at GitHub, the environment if the job has one.
    fn token_subject(&self) -> String {
        match (&self.environment, self.ci) {
            (Some(environment), Ci::Github) => format!("repo:{}:environment:{environment}", self.project),
            _ => self.subject(),
        }
    }

    /// Returns tokens that fail one condition each.
    fn cases(&self, deploy: &str, read: &str) -> String {
        let branch = other(&self.branch, ["feature", "other"]);
        let (branch, event, project) = match self.ci {
            Ci::Github => (
                format!("ref = \"refs/heads/{branch}\""),
                "event_name = \"pull_request\"",
                "repository_id",
            ),
            Ci::Gitlab => (
                format!("ref = \"{branch}\""),
                "pipeline_source = \"merge_request_event\"",
                "project_id",
            ),
        };
        let id = other(&self.id, ["1", "2"]);
        let reads = |name: &str, change: &str, claim: &str| {
            format!(
                "case \"{name}\" {{ {change} }} expect allow {read} expect deny {deploy} because {claim}\n"
            )
        };
        let claim = |change: &str| change.split(' ').next().unwrap_or_default().to_owned();
        let mut cases = reads("another branch", &branch, "ref");
        cases += &reads(
            "an unprotected branch",
            "ref_protected = \"false\"",
            "ref_protected",
        );
        cases += &reads("a merge request", event, &claim(event));
        if let Some(environment) = &self.environment {
            let change = format!(
                "environment = \"{}\"",
                other(environment, ["review/1", "review/2"])
            );
            cases += &reads("another environment", &change, "environment");
        }
        cases + &format!("case \"another project under its name\" {{ {project} = \"{id}\" }} expect deny *\n")
    }

    /// Returns tokens with other subjects.
    fn cases_of_subject(&self, deploy: &str) -> String {
        let elsewhere = Self {
            branch: other(&self.branch, ["feature", "other"]).to_owned(),
            environment: self
                .environment
                .as_ref()
                .map(|environment| other(environment, ["review", "staging"]).to_owned()),
            ..self.clone()
        };
        let mut change = format!("sub = {}", quoted(&elsewhere.token_subject()));
        if let (Ci::Github, Some(environment)) = (self.ci, &elsewhere.environment) {
            change += &format!(", environment = {}", quoted(environment));
        }
        let mut cases = format!("case \"from elsewhere\" {{ {change} }} expect deny {deploy}\n");
        if self.ci == Ci::Github {
            let id = other(&self.id, ["1", "2"]);
            cases += &format!(
                "case \"another project under its name\" {{ repository_id = \"{id}\" }} expect deny *\n"
            );
        }
        cases
    }
}

/// Returns the first value that is not the one of an answer.
fn other<'v>(answer: &str, values: [&'v str; 2]) -> &'v str {
    let [first, second] = values;
    if answer == first { second } else { first }
}
